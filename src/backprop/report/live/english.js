// All texts of the page in English. A text with a number in it is a function of it.

/** @typedef {typeof ENGLISH} Words */

export const ENGLISH = {
  other: "中文",
  // Names of configurations and words in formulas, which Python and `one_step.js` write in English.
  translated: (/** @type {string} */ english) => english,
  title: "Watch the networks learn",
  introduction:
    "This page trains the networks of this study again, from the same starting weights and with " +
    "the samples in the same order. It then shows by how much they differ from the stored fits.",
  openInTab: "Open in a tab",
  tooLarge: (/** @type {number} */ rows, /** @type {number} */ inputs, /** @type {number} */ n) =>
    `This study (${rows} rows × ${inputs} inputs × ${n} configurations) is too large for a page of ` +
    `1.5 MB, so its networks cannot be trained here. Its fits are in the files of results/.`,
  referenceOnly: (/** @type {number} */ n) =>
    `The page has room for the reference only, not for all ${n} configurations.`,
  leftOut: (/** @type {string} */ names) =>
    `Not on this page: ${names}. It does not know their activation, cost or starting weights.`,
  tabs: {
    watch: "Watch",
    proof: "Prove it",
    update: "One update",
    gallery: "Mistakes",
    exercise: "Your exercise",
  },
  configuration: "Configuration",
  reference: "the reference",
  repeat: "Repeat",
  fold: "Fold",
  beside: "Compare with",
  nothing: "nothing",
  play: "Play",
  pause: "Pause",
  step: "One epoch",
  restart: "Start again",
  speed: "Speed (epochs per picture)",
  epoch: "Epoch",
  epochOf: (/** @type {number} */ epoch, /** @type {number} */ all) => `epoch ${epoch} of ${all}`,
  accuracy: (/** @type {string} */ share) => `test accuracy ${share}`,
  plane:
    "The background is the prediction of the network; a stronger colour is more certain. " +
    "Test rows are large, with a thick edge; training rows are small.",
  axes: (/** @type {string} */ across, /** @type {string | undefined} */ up) =>
    up ? `Horizontal: ${across}. Vertical: ${up}.` : `Horizontal: ${across}.`,
  boundary: (/** @type {string} */ probability) => `line: ${probability} is 0.5`,
  component: (/** @type {number} */ n, /** @type {string} */ share) =>
    `principal component ${n} (${share} of the variance)`,
  probabilityOf: (/** @type {string} */ name) => `probability of ${name}`,
  probabilities: "probability of each class",
  network: "The network. Blue weights are positive, orange ones negative; thick lines are large.",
  response:
    "Each square is the output of its node over the plane: white is its smallest output, dark " +
    "its largest.",
  noResponse: (/** @type {number} */ most) => ` Layers of more than ${most} nodes have no squares.`,
  costs:
    "Mean cost of a sample. When will the network leave the plateau? Click there, or move the " +
    "mark by the arrow keys, then press Play.",
  mark: "Mark this epoch",
  trainingCost: "training",
  testCost: "test",
  strengths:
    "How strongly each layer learns, on a log scale: mean |error| (solid) and mean slope (dashed). " +
    "A small slope makes the errors of its layer, and of those before it, small.",
  layer: (/** @type {number} */ n) => `layer ${n}`,
  outputLayer: "output",
  guess: (/** @type {number} */ epoch) => `You marked epoch ${epoch}.`,
  guessed: (/** @type {number} */ mark, /** @type {number} */ epoch) =>
    `You marked epoch ${mark}. By epoch ${epoch}, the training cost had fallen half of the way.`,
  same: (/** @type {string} */ p, /** @type {string} */ w) =>
    `The same as the stored fit. Largest difference: ${p} in a probability, ${w} in a weight.`,
  notSame: (/** @type {string} */ p, /** @type {string} */ w) =>
    `Not the same as the stored fit. Largest difference: ${p} in a probability, ${w} in a weight.`,
  otherEnd: (/** @type {string} */ own, /** @type {string} */ stored) =>
    `Not the same as the stored fit. Here: ${own} Stored: ${stored}`,
  chaotic: (/** @type {number} */ epoch) =>
    "The study found this training chaotic: rounding errors grow with every update, and decide from " +
    `about epoch ${epoch} on. So this page cannot tell them from a mistake.`,
  status: {
    epochs: (/** @type {number} */ n) => `Trained for all ${n} epochs.`,
    no_progress: (/** @type {number} */ n) => `Stopped early, after epoch ${n}.`,
    diverged: (/** @type {number} */ n) =>
      `Diverged within ${n} epochs, so no numbers are compared.`,
    unlearned: (/** @type {number} */ n) =>
      `Has learned nothing in ${n} epochs: it predicts the same class for every training row.`,
  },
  retrain: (/** @type {number} */ n) => `Train all ${n} fits again`,
  stop: "Stop",
  proofIntroduction:
    "Each fit is trained here and compared with the stored one. Differences up to 1e-10 are " +
    "rounding errors. In chaotic training these grow, until the fits are different ones: the study " +
    "says where, and the page does not judge these fits.",
  progress: (/** @type {number} */ done, /** @type {number} */ all, /** @type {string} */ time) =>
    `${done} of ${all} fits, ${time} s`,
  proved: (/** @type {number} */ same, /** @type {number} */ all, /** @type {number} */ chaotic) =>
    (same === all
      ? `All ${all} fits that were trained are the same.`
      : `${same} of ${all} fits that were trained are the same.`) +
    (chaotic ? ` ${chaotic} of chaotic training are not judged.` : ""),
  proofColumns: [
    "configuration",
    "fits",
    "the same",
    "largest difference of a probability",
    "largest difference of a weight",
    "mean test accuracy",
    "remarks",
  ],
  remarks: {
    epochs: (/** @type {number} */ n) => `${n} trained to the last epoch`,
    no_progress: (/** @type {number} */ n) => `${n} stopped early`,
    diverged: (/** @type {number} */ n) => `${n} diverged`,
    unlearned: (/** @type {number} */ n) => `${n} have not learned`,
    chaotic: (/** @type {number} */ n) => `${n} chaotic`,
  },
  updateIntroduction:
    "This is the first update of the fit. If you choose another row, you see the update as if that " +
    "row came first. Step through it with the buttons or the arrow keys. " +
    "Click a node or an edge to see only its arithmetic. " +
    "The numbers in the formulas have 4 digits; the values are calculated with all digits.",
  row: "Row",
  sample: (/** @type {number} */ n) => `row ${n}`,
  ofBatch: (/** @type {number} */ m) =>
    `One update is for a batch of ${m} rows: it uses the mean of their gradients. You see one of the rows.`,
  back: "Back",
  next: "Next",
  part: {
    given: "Given",
    forward: "Forward",
    error: "Errors",
    gradient: "Gradients",
    update: "Update",
  },
  partOf: (/** @type {number} */ n, /** @type {number} */ all, /** @type {string} */ name) =>
    `${n} of ${all}: ${name}`,
  lineColumns: ["quantity", "formula", "with the numbers", "value"],
  arithmetic: "Arithmetic of",
  wholeStep: "the whole step",
  showAll: "Show the whole step",
  more: (/** @type {number} */ n) => `and ${n} more: click a node or an edge`,
  galleryIntroduction:
    "Make a classic mistake, train again, and compare with the stored fit. The test accuracy " +
    "often hardly changes: that is why you should check gradients, not accuracies.",
  mistakes: {
    none: "no mistake",
    updated_weights: "errors calculated from updated weights",
    no_slope: "σ′ left out",
    no_thresholds: "thresholds not updated",
    sum: "the sum of a batch, not its mean",
    same_order: "the same order in each epoch",
    all_rows: "scaling learned from the test rows too",
  },
  noEffect: "This mistake changes nothing here.",
  onlyBatches: "With batches of one sample, this mistake changes nothing.",
  train: "Train with this mistake",
  trainRight: "Train",
  firstDifference: (
    /** @type {number} */ epoch,
    /** @type {number} */ update,
    /** @type {string} */ right,
    /** @type {string} */ wrong,
  ) => [
    "First difference: ",
    `, in update ${update} of epoch ${epoch}: ${wrong} instead of ${right}.`,
  ],
  accuracies: (/** @type {string} */ right, /** @type {string} */ wrong) =>
    `Test accuracy: ${wrong} with the mistake, ${right} without it.`,
  exerciseIntroduction:
    "Type a number, such as your student number. It decides the starting weights and the row. " +
    "Keep 6 digits from step to step, and write 4 significant digits in each blank; the page shows " +
    "which are right.",
  number: "Your number",
  notNumber: "Use digits only, at most 40.",
  exerciseTask: (
    /** @type {string} */ number,
    /** @type {number} */ row,
    /** @type {string} */ net,
    /** @type {string} */ eta,
  ) => `Exercise ${number}: one update for row ${row} of the data, ${net}, η = ${eta}.`,
  check: "Check",
  print: "Print",
  right: (/** @type {number} */ n, /** @type {number} */ all) => `${n} of ${all} are right.`,
  hint: "Hint",
  teacher: (/** @type {string} */ command) => `The solution, for the teacher: ${command}`,
  ownValues: "Your own values",
  ownIntroduction: "Not part of the study, so there is no stored fit to compare with.",
  hidden: "Hidden nodes, such as 10 or 4,3",
  activation: "Activation",
  cost: "Cost",
  learningRate: "Learning rate η",
  batchSize: "Batch size",
  decay: "Weight decay",
  initialisation: "Starting weights",
  seed: "Seed",
  use: "Use these values",
  notOfStudy: "not part of the study",
  ownNote: (/** @type {string} */ values) =>
    `Watch and One update show your own values (${values}), which are not part of the study.`,
  backToStudy: "Back to the study",
  notUsable:
    "These values cannot be used. A network has at most 5 layers and 20,000 weights; the learning " +
    "rate and the batch size are above 0.",
};
