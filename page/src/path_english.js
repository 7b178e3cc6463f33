// The guided path in English: each question, what can be expected, and what was found, in sentences
// with the numbers of the study.

import { TRAINING_ENGLISH } from "./training_english.js";

/**
 * What the slope of an activation does to errors, if the slope of a layer is below half of the largest, and
 * if not.
 * @type {Record<string, (f: any) => string>}
 */
const SLOPES_IN_ENGLISH = {
  sigmoid: (f) => `The slope of a sigmoid is at most 1/4. ${flatInEnglish(f)}`,
  tanh: (f) => `The slope of tanh is at most 1. ${flatInEnglish(f)}`,
  relu: (f) =>
    "The slope of a ReLU is 1 where the sum is above 0, and else 0: errors pass whole, or not at all." +
    (f.isStopped ? " Here one layer lets none pass: all its sums are below 0." : ""),
};

/** @param {any} f */
const flatInEnglish = (f) =>
  f.isFlat
    ? "Here a layer has less than half of that, as its sums are far from 0: its nodes are saturated, their outputs hardly change, and little of the error passes."
    : "Here each layer has at least half of that: no layer is saturated.";

/** @param {any} f @param {number} k */
const waitInEnglish = ({ ends, half, epochs }, k) =>
  ends[k] === "diverged"
    ? "the weights grow without end"
    : ends[k] === "unlearned"
      ? `the network has not learned in ${epochs} epochs`
      : half[k] === null
        ? "the training cost never falls"
        : `the training cost had fallen half of the way by epoch ${half[k]}`;

export const PATH_ENGLISH = {
  name: "Guided path",
  invitation:
    "Fourteen questions lead from the perceptron to what this study can say. Predict, play, see. Or go " +
    "your own way below.",
  begin: "Take the guided path",
  goOn: (/** @type {number} */ n) => `Go on with the path, at question ${n}`,
  place: (/** @type {number} */ n, /** @type {number} */ all) => `Question ${n} of ${all}`,
  back: "Back",
  next: "Next",
  leave: "Leave the path",
  predict: "What do you expect?",
  play: "Show me",
  wait: "It is training, below.",
  progress: (/** @type {number} */ done, /** @type {number} */ all) =>
    `${all} splits: ${done} trained.`,
  between: ", ",
  asExpected: "As you expected.",
  unexpected: (/** @type {string} */ right) => `Not as you expected; it is: “${right}”.`,
  or: "” or “",
  none: "None of these is right.",
  open: "This cannot be judged here.",
  wrong: "Not as you expected.",
  toSummary: "Summary",
  summary: "What you have found out",
  counts: (/** @type {number} */ right, /** @type {number} */ judged, /** @type {number} */ all) =>
    `${right} of ${judged} predictions were right, of ${all} questions.`,
  predicted: (/** @type {string} */ option) => `You expected: “${option}”.`,
  noPrediction: "You predicted nothing.",
  notShown: "The answer was not shown.",
  questions: {
    xor: {
      title: "XOR (x1 or x2, not both): what can a network without a hidden layer not do?",
      options: [
        "Only the network without a hidden layer solves it",
        "Both solve it",
        "Only the one with 4 hidden nodes solves it",
        "Neither solves it",
      ],
      found: (/** @type {any} */ f) =>
        `Without a hidden layer, the boundary is one straight line. The trained one has ${f.line} of all ${f.all} points right; the best of all lines has ${f.best}. ` +
        `With 4 hidden nodes, ${f.hidden} of all ${f.all} are` +
        (f.hidden === f.all ? "" : ` after ${f.epochs} epochs, which are not enough here`) +
        ": each node draws a line of its own, and the output combines them. " +
        `The test accuracy below counts only the ${f.tests} test points. ` +
        "This stopped the perceptron in 1969 (Minsky and Papert); back-propagation (Werbos) trains the hidden nodes.",
    },
    sample: {
      title: "What does one sample change?",
      options: [
        "The weights of one node",
        "The weights of the output layer",
        "All weights and thresholds",
      ],
      found: (/** @type {any} */ f, /** @type {any} */ n) =>
        `${f.changed} of ${f.all} numbers change, each by its own ${f.descends ? "gradient times η" : "step"}` +
        (f.hasEdges ? "; of the weights, those with the widest edges change most. " : ". ") +
        (f.changed < f.all
          ? "The gradient of the others is 0 here, or too small to count: what comes from below is 0, or the error above. "
          : "") +
        `For row ${f.row}, the cost goes from ${n.fine(f.cost[0])} to ${n.fine(f.cost[1])}` +
        (f.cost[1] > f.cost[0] ? ", up: this step is too long. " : ". ") +
        `Trained row by row, this is one of up to ${f.steps} steps.`,
    },
    flow: {
      title: "Which way do errors flow, and do they keep their size?",
      options: [
        "Back from the output, and mostly they grow",
        "Back from the output, and they about keep their size",
        "Back from the output, and mostly they shrink",
      ],
      found: (/** @type {any} */ f, /** @type {any} */ n) =>
        `For row ${f.row}, the mean |error| is, from the output layer back: ${n.list(f.sizes)}. ` +
        `${["Mostly it grows", "In all it changes little", "Mostly it shrinks"][f.right]}, from ${n.short(f.sizes[0])} to ${n.short(f.sizes[f.sizes.length - 1])}` +
        f.against
          .map(
            (/** @type {[number, number]} */ [from, to]) =>
              `; but from ${n.short(from)} to ${n.short(to)} it ${to > from ? "grows" : "shrinks"}`,
          )
          .join("") +
        ". " +
        `At each step back it is multiplied by weights and by the slopes of hidden nodes, which are on average, the last layer first, ${n.list(f.slopes)}. ` +
        SLOPES_IN_ENGLISH[f.activation](f),
    },
    deep: {
      title: "In a deep network, which layer learns slowest?",
      options: ["The first, next to the inputs", "One in the middle", "The output layer"],
      found: (/** @type {any} */ f, /** @type {any} */ n) =>
        f.ends[0] === "diverged"
          ? `The deep network diverges within ${f.epochs} epochs: its weights grow without end, so its errors say nothing.`
          : `Mean |error| over the training, from the first layer to the output: ${n.list(f.strengths)}. Look at “How layers learn”: the error of a layer is the error of the next one, times weights and slopes. ` +
            (f.isAdam
              ? "But with Adam, a step is about as long for a small error as for a large one: which layer learns slowest does not follow from the errors. "
              : f.right.length > 1
                ? "The smallest differ by less than a factor of 2, and another fold can turn them round: so more than one answer counts. "
                : "") +
            (f.ends[0] === "unlearned"
              ? `After ${f.epochs} epochs the deep network still predicts one class for every training row.`
              : `Its test accuracy is ${n.percent(f.accuracies[0])}` +
                (f.ends[1] === "diverged"
                  ? "."
                  : `, the reference's ${n.percent(f.accuracies[1])}.`)),
    },
    wide: {
      title: "Does a wide network wait? When is its cost halfway to its lowest?",
      options: ["Before epoch 10", "From epoch 10 to 99", "Later", "Not in this training"],
      found: (/** @type {any} */ f, /** @type {any} */ n) =>
        `With ${f.nodes[0]} nodes, ${waitInEnglish(f, 0)}; with ${f.nodes[1]} nodes${f.half.includes(null) ? `, ${waitInEnglish(f, 1)}` : ` by epoch ${f.half[1]}`}. ` +
        (f.learns && !f.waits ? "Here it does not wait. " : "") +
        (f.hasSlope && f.isFlatter
          ? (f.isFlat && f.grows
              ? "Weights start between 0 and 1, so the sum at the output grows with the number of nodes, and saturates it. "
              : "") +
            `At the start the mean output is ${f.starts[0].output.toFixed(6)} with ${f.nodes[0]} nodes and ${n.short(f.starts[1].output)} with ${f.nodes[1]}, so the slope ŷ(1 − ŷ) is on average ${n.short(f.starts[0].slope)} and ${n.short(f.starts[1].slope)}: the error is multiplied by it` +
            (f.isFlat ? ", and hardly any comes back." : ", and a good part comes back in both.")
          : f.hasSlope
            ? "At the start the output of the wide network is no flatter than the other's: errors come back as well."
            : "The cost of this study does not multiply the error by the slope of the output."),
    },
    rate: {
      title: "What happens with ten times the learning rate?",
      options: [
        "It learns faster, and is better on test rows",
        "It learns faster, but is not better on test rows",
        "It diverges",
        "It ends with a higher training cost",
      ],
      found: (/** @type {any} */ f, /** @type {any} */ n) =>
        f.diverged[0]
          ? `With η = ${f.rates[0]} the weights grow without end. With η = ${f.rates[1]} ` +
            (f.diverged[1] ? "they do, too." : `the cost ends at ${n.short(f.train[1])}.`)
          : `With η = ${f.rates[0]}, the training cost after the last update is ${n.short(f.train[0])}, the test cost ${n.short(f.test[0])}. ` +
            (f.diverged[1]
              ? `With η = ${f.rates[1]} the weights grow without end. `
              : `With η = ${f.rates[1]}: ${n.short(f.train[1])} and ${n.short(f.test[1])}. `) +
            (f.isSame
              ? "So the training costs are about the same: they differ by at most one percent."
              : f.faster
                ? "The large rate fits the training rows better here. " +
                  (f.isChance
                    ? `On ${f.tests} test rows, the difference of the test costs can be chance: so both of the first answers count.`
                    : f.right.includes(1)
                      ? "But what it fits besides is chance in them: look at the solid line, of the test rows."
                      : "The test rows, too: look at the solid line.")
                : "This rate is too large here: its steps are so long that they jump over where the cost is lowest."),
    },
    ...TRAINING_ENGLISH,
    mistake: {
      title: "If thresholds are never updated, does the accuracy show it?",
      options: [
        "Yes: it falls by more than 5 points",
        "No: it changes by at most 5 points",
        "It gets better by more than 5 points",
      ],
      found: (/** @type {any} */ f, /** @type {any} */ n) =>
        `Test accuracy: ${n.percent(f.accuracies[0])} without the mistake, ${n.percent(f.accuracies[1])} with it, on ${f.tests} test rows. ` +
        (f.suspect
          ? `A gradient check finds it at once: ${f.ofThreshold ? "the gradient of a threshold" : "a gradient"} is ${n.short(f.suspect.expected)} by finite differences, and ${n.short(f.suspect.own)} in this program.`
          : "A gradient check finds nothing here: in the first update, the gradients of thresholds are 0, or far below the largest gradient."),
    },
    line: {
      title: "Is the network better than a straight line here, and how sure can one be?",
      options: ["The network is better", "The line is better", "These splits cannot tell"],
      found: (/** @type {any} */ f, /** @type {any} */ n) =>
        `Mean accuracy over ${f.splits} splits: ${n.percent(f.network)} for the network, ${n.percent(f.line)} for a network without a hidden layer, ${f.classes > 2 ? "whose boundary between two classes is straight" : "whose boundary is straight"}. The network is better in ${f.better} splits, worse in ${f.worse}, equal in ${f.splits - f.better - f.worse}. ` +
        "But the splits share rows, so counting them proves nothing. " +
        (f.interval
          ? `An interval that allows for this says, with 95% confidence: the difference is between ${n.short(100 * f.interval[0])} and ${n.short(100 * f.interval[1])} points` +
            `${[", so the network is better", ", so the line is better", ", and so it may be 0"][f.right]}. `
          : f.isOrdered
            ? "Each trains on earlier rows alone, which the usual interval does not allow for. "
            : "All differences are the same, so they say nothing about chance. ") +
        `A report compares with logistic regression: the same kind of network, but trained until its cost can fall no further. Here it is trained for at most ${f.epochs} epochs, so the two accuracies may differ.`,
    },
  },
};
