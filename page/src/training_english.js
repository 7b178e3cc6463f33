// The questions on how a network is trained, in English.

/** @param {any} f @param {any} n @param {number} k which of the two costs */
const costInEnglish = (f, n, k) =>
  f.diverged[k] ? "grows without end" : `ends at ${n.short(f.train[k])}`;

export const TRAINING_ENGLISH = {
  symmetry: {
    title: "If all weights start equal, what can the hidden nodes learn?",
    options: [
      "As much as from random weights",
      "No more than one node of each layer could",
      "Nothing: no weight changes",
    ],
    found: (/** @type {any} */ f, /** @type {any} */ n) =>
      f.isOpen
        ? "From equal weights, the weights grow without end here."
        : (f.isStill
            ? "No weight has changed: all steps are 0 here, or too small to count. "
            : f.right.includes(1)
              ? `After training, all nodes of a hidden layer (${n.list(f.hidden)}) still have the same weights: equal nodes get equal errors, so each update keeps them equal. A layer then does what one node could do. `
              : `The nodes have become different: of ${n.list(f.hidden)}, ${n.list(f.nodes)} differ. `) +
          `The training cost ${costInEnglish(f, n, 0)} from equal weights; in the reference, it ${costInEnglish(f, n, 1)}; the test accuracy is ${n.percent(f.accuracies[0])} and ${n.percent(f.accuracies[1])}. ` +
          (f.isAlone
            ? "The reference has no two nodes in a layer, so it has no symmetry to break."
            : f.diverged[1]
              ? ""
              : f.isWorse
                ? "Random starting weights break this symmetry, and here that pays."
                : "Random starting weights break this symmetry, but the training rows do not need that here."),
  },
  batch: {
    title: "What does another batch size change, at a learning rate that suits it?",
    options: [
      "It ends with a lower training cost",
      "It ends with about the same training cost",
      "It ends with a higher training cost",
      "It diverges",
    ],
    found: (/** @type {any} */ f, /** @type {any} */ n) =>
      `With batches of ${f.sizes[0]} and η = ${f.rates[0]}, an epoch has ${f.updates[0]} updates; with batches of ${f.sizes[1]} and η = ${f.rates[1]}, it has ${f.updates[1]}. ` +
      (f.isAdam
        ? "The rate is the same, as a step of Adam is about as long for each batch. "
        : "The rate grows with the batch: an update uses the mean gradient of its rows, so it replaces that many updates of single rows. ") +
      `The training cost of the first ${costInEnglish(f, n, 0)}, the training cost of the second ${costInEnglish(f, n, 1)}. ` +
      (f.diverged.includes(true)
        ? "A rate is too large here."
        : f.isSame
          ? "They differ by at most a tenth: the updates of an epoch go about as far, many or few."
          : f.isLarger
            ? "The larger batches end lower here."
            : f.isAdam
              ? "The larger batches end higher here: fewer steps of the same length go less far."
              : "The larger batches end higher here: few long steps do not go as far as many short ones."),
  },
  momentum: {
    title: "Momentum, with its usual smaller rate: how far does it get?",
    options: [
      "Less far than gradient descent, as its rate is smaller",
      "About as far as gradient descent",
      "Farther than gradient descent",
    ],
    found: (/** @type {any} */ f, /** @type {any} */ n) =>
      `With momentum μ = ${f.mu} and η = ${f.rates[0]}, the training cost ${costInEnglish(f, n, 0)}; with gradient descent and η = ${f.rates[1]}, it ${costInEnglish(f, n, 1)}. ` +
      `u adds up gradients: as long as they agree, it grows towards 1/(1 − μ) = ${f.sum} times one of them. So a rate that is ${f.sum} times smaller should go about as far. ` +
      (f.isOpen
        ? "That cannot be seen where weights grow without end."
        : f.isSame
          ? "So it does here: the costs differ by at most a tenth."
          : f.right.includes(2)
            ? "Here it goes farther."
            : "Here it does not."),
  },
  adam: {
    title: "Adam, at a usual rate: when has it halved the way, beside gradient descent?",
    options: ["Sooner", "Later", "At about the same time"],
    found: (/** @type {any} */ f, /** @type {any} */ n) =>
      (f.diverged.includes(true)
        ? "In one of the two, the weights grow without end. "
        : f.epochs
            .map(
              (/** @type {number | null} */ epoch, /** @type {number} */ k) =>
                `${["With Adam", "with gradient descent"][k]} and η = ${f.rates[k]}, the training cost ` +
                (epoch === null
                  ? `does not get halfway to the lowest of both in ${f.last[k]} epochs`
                  : `is halfway to the lowest of both by epoch ${epoch}`),
            )
            .join("; ") + ". ") +
      `The first update moves a weight or threshold by ${n.short(f.steps[0])} on average with Adam, and by ${n.short(f.steps[1])} with gradient descent: ` +
      (f.isWhole
        ? "a step of Adam is about η long for each weight, be its gradient large or small. "
        : "a step of Adam is about η long for a weight, but here many gradients are 0, or small beside ε. ") +
      (f.isOpen
        ? ""
        : f.right.includes(2)
          ? "The two epochs differ by less than a factor of 2."
          : f.steps[0] > f.steps[1] === f.right.includes(0)
            ? "The longer first step goes with the shorter way here."
            : "The length of the first step does not decide here: later steps change."),
  },
  decay: {
    title: "What does weight decay do to the weights, and to the test rows?",
    options: [
      "The weights end smaller, and the test cost is lower",
      "The weights end smaller, and the test cost is not lower",
      "The weights do not end smaller",
    ],
    found: (/** @type {any} */ f, /** @type {any} */ n) =>
      f.isOpen
        ? "In one of the two, the weights grow without end."
        : `With weight decay ${f.decays[0]}, the weights end with a root mean square of ${n.short(f.sizes[0])}; with ${f.decays[1]}, of ${n.short(f.sizes[1])}. ` +
          (f.isSmaller
            ? "The decay adds a share of each weight to its gradient, and so pulls it towards 0. "
            : "The decay pulls weights towards 0, but here they do not end nearer to it. ") +
          `Training cost: ${n.short(f.train[0])} and ${n.short(f.train[1])}` +
          (f.isWorse
            ? ", so the decay costs some of the fit. "
            : ", so the decay costs hardly any of the fit. ") +
          `Test cost: ${n.fine(f.test[0])} and ${n.fine(f.test[1])}. ` +
          (f.isSmaller && f.isChance
            ? `On ${f.tests} test rows, this difference can be chance: so both of the first answers count.`
            : ""),
  },
  stop: {
    title: "Is the last epoch the best one for the test rows?",
    options: [
      "Yes: the test cost is lowest at the end, or as low",
      "No: it was lower before, and has risen",
      "No: it was lowest before the first epoch",
    ],
    found: (/** @type {any} */ f, /** @type {any} */ n) =>
      f.isOpen
        ? "This training diverges, so its end is no end to compare with."
        : `The test cost is ${n.short(f.test[0])} after epoch ${f.epochs[0]}, its lowest${f.every > 1 ? ` (of every ${f.every} epochs)` : ""}, and ${n.short(f.test[1])} after the last, ${f.epochs[1]}; the test accuracy is ${n.percent(f.accuracies[0])} and ${n.percent(f.accuracies[1])}. ` +
          (f.isEnd
            ? "So nothing is gained by stopping earlier here. "
            : f.isChance
              ? `On ${f.tests} test rows, this rise can be chance: so the first answer counts, too. `
              : "Early stopping would keep the weights of the lower cost. ") +
          "But an epoch that is chosen by test rows is not tested by them: that takes other rows. " +
          (f.patience === null
            ? "This study chooses none: it trains for all epochs."
            : `This study chooses by training rows alone: it stops after ${f.patience} epochs without progress of their cost.`),
  },
};
