// All texts of the page in English. A text with a number in it is a function of it.

/** @typedef {typeof ENGLISH} Words */

export const ENGLISH = {
  other: "中文",
  // Names of configurations and words in formulas, which Python and `one_step.js` write in English.
  translated: (/** @type {string} */ english) => english,
  title: "Watch the networks learn",
  introduction:
    "This page trains the networks of this study again, here, from the same starting weights " +
    "and in the same order of samples, and shows by how much the results differ.",
  openInTab: "Open in a tab",
  tooLarge: (/** @type {number} */ rows, /** @type {number} */ inputs, /** @type {number} */ n) =>
    `This study (${rows} rows × ${inputs} inputs × ${n} configurations) is too large for a page of ` +
    `1.5 MB, so its networks cannot be trained here. Its fits are in the files of results/.`,
  referenceOnly: (/** @type {number} */ n) =>
    `The page has room for the reference only, not for all ${n} configurations.`,
  leftOut: (/** @type {string} */ names) =>
    `Left out, because this page does not know their activation, cost or starting weights: ${names}.`,
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
    "The background shows what the network predicts: the stronger the colour, the surer. " +
    "Large marks with a thick edge are test rows, small ones training rows.",
  axes: (/** @type {string} */ across, /** @type {string | undefined} */ up) =>
    up ? `Across: ${across}. Up: ${up}.` : `Across: ${across}.`,
  boundary: (/** @type {string} */ probability) => `line: ${probability} is 0.5`,
  component: (/** @type {number} */ n, /** @type {string} */ share) =>
    `principal component ${n} (${share} of the variance)`,
  probabilityOf: (/** @type {string} */ name) => `probability of ${name}`,
  probabilities: "probability of each class",
  network: "The network. Blue weights are positive, orange ones negative; thick lines are large.",
  response:
    "Each square shows the output of its node over the plane, from its smallest (white) to its " +
    "largest (dark).",
  noResponse: (/** @type {number} */ most) => ` Layers of more than ${most} nodes show none.`,
  costs: "Cost of a sample. Click where you think that the network leaves the plateau, then play",
  mark: "Mark this epoch",
  trainingCost: "training",
  testCost: "test",
  strengths: "How strongly each layer learns: mean |error| (line) and slope σ′ (dashed), log scale",
  layer: (/** @type {number} */ n) => `layer ${n}`,
  outputLayer: "output",
  guess: (/** @type {number} */ epoch) => `You marked epoch ${epoch}.`,
  guessed: (/** @type {number} */ mark, /** @type {number} */ epoch) =>
    `You marked epoch ${mark}. By epoch ${epoch}, the training cost had fallen half of the way.`,
  same: (/** @type {string} */ p, /** @type {string} */ w) =>
    `The same as the stored fit: largest difference of a probability ${p}, of a weight ${w}.`,
  notSame: (/** @type {string} */ p, /** @type {string} */ w) =>
    `Not the same as the stored fit: largest difference of a probability ${p}, of a weight ${w}.`,
  otherEnd: (/** @type {string} */ own, /** @type {string} */ stored) =>
    `Not the same as the stored fit. Here: ${own} Stored: ${stored}`,
  asksTwins: "It differs from the stored fit. Twins are trained, to see whether this is chaos.",
  chaotic: (
    /** @type {string} */ p,
    /** @type {string} */ w,
    /** @type {string} */ pOfTwin,
    /** @type {string} */ wOfTwin,
  ) =>
    `The same as the stored fit, but for chaos: largest difference of a probability ${p}, of a ` +
    `weight ${w}. A twin, whose starting weights differ in the last bit, differs by ${pOfTwin} ` +
    `and ${wOfTwin}.`,
  status: {
    epochs: (/** @type {number} */ n) => `Trained for all ${n} epochs.`,
    no_progress: (/** @type {number} */ n) => `Stopped early, after epoch ${n}.`,
    diverged: (/** @type {number} */ n) => `Diverged, in ${n} epochs: no number is compared.`,
    unlearned: (/** @type {number} */ n) =>
      `Has not learned in ${n} epochs: it predicts one class for every training row.`,
  },
  retrain: (/** @type {number} */ n) => `Train all ${n} fits again`,
  stop: "Stop",
  proofIntroduction:
    "Each fit is trained here, and compared with the stored one. Differences up to 1e-10 are " +
    "rounding errors. If a fit differs by more, twins of it are trained: the same network, with " +
    "starting weights that differ in the last bit. If a twin differs at least 1/1,000 as much, " +
    "the training is chaotic, and the fit counts as the same.",
  progress: (/** @type {number} */ done, /** @type {number} */ all, /** @type {string} */ time) =>
    `${done} of ${all} fits, ${time} s`,
  proved: (/** @type {number} */ same, /** @type {number} */ all) =>
    same === all
      ? `All ${all} fits that were trained are the same.`
      : `${same} of ${all} fits that were trained are the same.`,
  proofColumns: [
    "configuration",
    "fits",
    "the same",
    "difference of a probability",
    "of a weight",
    "mean test accuracy",
    "remarks",
  ],
  remarks: {
    epochs: (/** @type {number} */ n) => `${n} to the last epoch`,
    no_progress: (/** @type {number} */ n) => `${n} stopped early`,
    diverged: (/** @type {number} */ n) => `${n} diverged`,
    unlearned: (/** @type {number} */ n) => `${n} have not learned`,
    chaotic: (/** @type {number} */ n) => `${n} chaotic`,
  },
  updateIntroduction:
    "The first update of the fit. Go through it with the buttons or the arrow keys. Click a node " +
    "or an edge to see its arithmetic alone.",
  row: "Row",
  sample: (/** @type {number} */ n) => `row ${n}`,
  ofBatch: (/** @type {number} */ m) =>
    `The update is for a batch of ${m} rows: it takes the mean of their gradients. The row is one of them.`,
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
  showAll: "Show the whole step",
  more: (/** @type {number} */ n) => `and ${n} more: click a node or an edge`,
  galleryIntroduction:
    "Make a classic mistake, train again, and see what the comparison with the stored fit finds. " +
    "The test accuracy often hardly moves: so check gradients, not accuracies.",
  mistakes: {
    none: "no mistake",
    updated_weights: "errors from weights that are already updated",
    no_slope: "σ′ left out",
    no_thresholds: "thresholds not updated",
    sum: "the sum of a batch, not its mean",
    same_order: "the same order in each epoch",
    all_rows: "scaling learned from the test rows, too",
  },
  noEffect: "This mistake changes nothing here.",
  onlyBatches: "This mistake changes nothing with batches of one sample.",
  train: "Train with this mistake",
  trainRight: "Train",
  firstDifference: (
    /** @type {number} */ epoch,
    /** @type {number} */ update,
    /** @type {string} */ right,
    /** @type {string} */ wrong,
  ) => [
    "The first number that differs: ",
    `, in update ${update} of epoch ${epoch}: ${wrong} in place of ${right}.`,
  ],
  accuracies: (/** @type {string} */ right, /** @type {string} */ wrong) =>
    `Test accuracy: ${wrong}; without the mistake ${right}.`,
  exerciseIntroduction:
    "Type a number, such as your student number. It chooses the starting weights and a row. Work " +
    "out each blank to 4 significant digits; the page says which are right.",
  number: "Your number",
  exerciseTask: (/** @type {number} */ row, /** @type {string} */ net, /** @type {string} */ eta) =>
    `One update for row ${row} of the data, ${net}, η = ${eta}.`,
  check: "Check",
  print: "Print",
  right: (/** @type {number} */ n, /** @type {number} */ all) => `${n} of ${all} are right.`,
  hint: "Hint",
  teacher: (/** @type {string} */ command) => `The solution, for the teacher: ${command}`,
  ownValues: "Your own values",
  ownIntroduction: "Not part of the study: nothing stored is compared.",
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
    "These values cannot be used. There are at most 5 layers and 20,000 weights; rates and sizes " +
    "are above 0.",
};
