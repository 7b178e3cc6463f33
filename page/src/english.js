// All texts of the page in English. A text with a number in it is a function of it.

/** @param {any} f @param {any} n @param {number} k which of the two costs */
const costInEnglish = (f, n, k) =>
  f.diverged[k] ? "grows without end" : `ends at ${n.short(f.train[k])}`;

// The guided path in English: each question, what can be expected, and what was found, in sentences
// with the numbers of the study.

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
    ? "At least one layer here has less than half of that, as its sums are far from 0: its nodes are saturated, their outputs hardly change, and little of the error passes."
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

/** @typedef {typeof ENGLISH} Words */

export const ENGLISH = {
  languageName: "English",
  language: "Language",
  // Names of configurations and words in formulas, which Python and `one_step.js` write in English.
  translated: (/** @type {string} */ english) => english,
  title: "Watch the networks learn",
  introduction:
    "See how a network learns by back-propagation: it predicts, the error flows back, and each " +
    "weight moves a little. The data and the networks come from this study, and are trained here, in " +
    "your browser.",
  sections: "Sections",
  openInTab: "Open in a tab",
  noStudy:
    "See how a network learns by back-propagation: it predicts, the error flows back, and each weight " +
    "moves a little. This is a page by itself; in the report of a study, the networks of the study train, too.",
  tooLarge: (/** @type {number} */ rows, /** @type {number} */ inputs, /** @type {number} */ n) =>
    `This study (${rows} rows × ${inputs} inputs × ${n} configurations) is too large for a page of ` +
    `1.5 MB, so its networks cannot be trained here. Its fits are in the files of results/.`,
  referenceOnly: (/** @type {number} */ n) =>
    `The page has room for the reference only, not for all ${n} configurations.`,
  leftOut: (/** @type {string} */ names) =>
    `Not on this page: ${names}. It does not know their activation, cost, starting weights or optimiser.`,
  tabs: {
    first: "Try it",
    watch: "Watch",
    proof: "Prove it",
    update: "One update",
    node: "One node",
    walk: "Walk",
    gallery: "Mistakes",
    exercise: "Your exercise",
    table: "Your table",
    teach: "Teach",
  },
  first: {
    introduction: (/** @type {string} */ nodes) =>
      `A network of ${nodes} nodes learns to tell two classes apart, here and now. Turn something, and it begins again; drag a point, and it learns that, too.`,
    link: " The address keeps what you turn: send it as a link.",
    data: { xor: "XOR", spirals: "two spirals" },
    noise: "Noise",
    nodes: "Hidden nodes",
    other: "Other starting weights",
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
  undo: "Undo my changes",
  speed: "Speed",
  epoch: "Epoch",
  epochOf: (/** @type {number} */ epoch, /** @type {number} */ all) => `epoch ${epoch} of ${all}`,
  empty: "press Play, or drag a row",
  unfold: "More",
  listed: (/** @type {string[]} */ parts) => parts.join(", "),
  accuracy: (/** @type {string} */ share, /** @type {number} */ rows) =>
    `test accuracy ${share} (${rows} rows)`,
  plane:
    "The background is the prediction of the network; a stronger colour is more certain. " +
    "Test rows, which the training does not see, are large, with a thick edge; training rows are small. " +
    "Repeat and fold choose which rows are which.",
  axes: (/** @type {string} */ across, /** @type {string | undefined} */ up) =>
    up ? `Horizontal: ${across}. Vertical: ${up}.` : `Horizontal: ${across}.`,
  boundary: (/** @type {string} */ probability) => `line: ${probability} is 0.5`,
  probabilityOf: (/** @type {string} */ name) => `probability of ${name}`,
  probabilities: "probability of each class",
  planeTitle: "Data",
  networkTitle: "Network",
  costsTitle: "Mean cost",
  unlikeCosts: (/** @type {string[]} */ kinds) =>
    `The two costs are of different kinds (${kinds.join(", ")}), so their sizes cannot be compared, and each has its own scale. Compare the test accuracy.`,
  strengthsTitle: "How layers learn",
  network:
    "Solid blue lines are positive weights, dashed red ones negative; thick lines are large. Point " +
    "at a node to see its output in the picture of the data. The reference is the main network of the " +
    "study; the other configurations are named by how they differ from it.",
  starts: {
    uniform: "Starting weights and thresholds are random numbers from 0 to 1.",
    glorot:
      "Starting weights (Glorot) are random numbers from −√(6/n) to √(6/n), where n is the number of " +
      "nodes on both sides of the weights; thresholds start at 0.",
    equal: "All starting weights and thresholds are 0.5.",
  },
  untuned:
    "Learning rates were not tuned for each optimiser: momentum usually takes a tenth of the " +
    "rate of gradient descent, Adam 0.001 to 0.01. So two of them at one rate do not show which is better.",
  addNote:
    "Drag a row, or click to add a training row of the class that you choose: the network is " +
    "trained again at once. By keyboard: the arrow keys move a cross, Enter adds, Space takes hold of a row.",
  addedClass: "A click adds",
  rate: "Rate η",
  rowsAdded: (/** @type {number} */ n) => (n === 1 ? "1 row added" : `${n} rows added`),
  rowsMoved: (/** @type {number} */ n) => (n === 1 ? "1 row moved" : `${n} rows moved`),
  elsewhere:
    " By these, the classes differ most. The other inputs are at their median, or the most frequent category: what looks mixed here may be apart.",
  response:
    "Each square is the output of its node over the plane: white is its smallest output, dark " +
    "its largest.",
  noResponse: (/** @type {number} */ most) => ` Layers of more than ${most} nodes have no squares.`,
  costs:
    "The cost of a sample, averaged: dashed for training rows, each just before its update in the epoch, as in " +
    "the study; solid for test rows, after the last update of the epoch. When will the dashed line " +
    "have fallen half of the way from its first value to its lowest? Click there, or move the mark " +
    "by the arrow keys, then play.",
  mark: "Mark this epoch",
  trainingCost: "training, during the epoch",
  testCost: "test, after it",
  strengths:
    "Solid: the mean |error| of each layer, that is how much the cost changes with the sums of its " +
    "nodes. Dotted: the mean slope of its nodes. The scale is logarithmic; the deeper a layer, the " +
    "stronger its colour. A layer learns by its error, so a small slope slows it, and all layers before it.",
  layer: (/** @type {number} */ n) => `layer ${n}`,
  outputLayer: "output",
  guess: (/** @type {number} */ epoch) => `You marked epoch ${epoch}.`,
  guessed: (/** @type {number} */ mark, /** @type {number} */ epoch) =>
    `You marked epoch ${mark}. By epoch ${epoch}, the training cost had fallen half of the way to its lowest.`,
  same: (/** @type {string} */ p, /** @type {string} */ w) =>
    "Check passed: trained in your browser, this network is the same as the stored one. " +
    `Largest difference: ${p} in a probability, ${w} in a weight.`,
  notSame: (/** @type {string} */ p, /** @type {string} */ w) =>
    `Not the same as the stored fit. Largest difference: ${p} in a probability, ${w} in a weight.`,
  otherEnd: (/** @type {string} */ own, /** @type {string} */ stored) =>
    `Not the same as the stored fit. Here: ${own} Stored: ${stored}`,
  chaotic: (
    /** @type {number} */ until,
    /** @type {number} */ epoch,
    /** @type {string | null} */ difference,
  ) =>
    "Not judged: this training is chaotic. Rounding errors grow with every update, and decide from " +
    `about epoch ${until} on, so its end tells nothing of a mistake. ` +
    (difference === null
      ? "No earlier epoch is stored."
      : `At epoch ${epoch} it was still the same as the stored one: the training costs differ by ${difference}.`),
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
    "rounding errors. In chaotic training these grow, until the fits are different ones. The study " +
    "says when: such fits are compared at an epoch long before that, and their ends are not judged.",
  progress: (/** @type {number} */ done, /** @type {number} */ all, /** @type {string} */ time) =>
    `${done} of ${all} fits, ${time} s`,
  proved: (/** @type {number} */ same, /** @type {number} */ all, /** @type {number} */ open) =>
    (same === all
      ? `All ${all} fits that were trained are the same.`
      : `${same} of ${all} fits that were trained are the same.`) +
    (open ? ` ${open} of chaotic training begin the same, and their ends are not judged.` : ""),
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
    chaotic: (/** @type {number} */ n) => `${n} chaotic, not judged`,
  },
  updateIntroduction:
    "This is the first update of the fit, as if the chosen row came first; it begins with the row " +
    "that the network gets most wrong. Step with the buttons or the arrow keys. Values have 4 " +
    "digits; the numbers in a formula have as many as it takes to get that value.",
  worstRow: " (the most wrong)",
  allDigits: "All digits",
  flow: "The network: what flows along its edges",
  carries: (/** @type {string} */ value) => `carries ${value}`,
  notYet: "not calculated so far",
  chooseEdge:
    "Click an edge or a node: its gradient is then shown as a product, by the chain rule.",
  chain: "The chain rule",
  factors: {
    outputError: "how far the output is off",
    slope: "slope σ′ of the node",
    together: "slope and cost together",
    above: "errors from above, times weights",
    below: "what came in from below",
    one: "a threshold has input 1",
  },
  errorOfNode: {
    output:
      "The product of the underlined factors is the error of the node: the derivative of E by its sum. The lecture calls it the error of the output layer.",
    hidden:
      "The product of the underlined factors is the error of the node: the derivative of E by its sum. The lecture calls it the error of the hidden layer.",
  },
  resetDrags: "Undo the dragging",
  dragged: "You have dragged something: these are no longer numbers of the study.",
  costChange: (/** @type {string} */ before, /** @type {string} */ after) =>
    `Cost: ${before} before the update, ${after} after it.`,
  stage: {
    given: () => "what is given",
    forward: (/** @type {number} */ layer, /** @type {number} */ all) =>
      layer === all ? "forward, to the output" : `forward, to hidden layer ${layer}`,
    error: (/** @type {number} */ layer, /** @type {number} */ all) =>
      layer === all ? "the error of the output" : `errors back, to hidden layer ${layer}`,
    gradient: () => "gradients, and their check",
    update: () => "the update",
  },
  stageOf: (/** @type {number} */ n, /** @type {number} */ all, /** @type {string} */ name) =>
    `${n} of ${all}: ${name}`,
  explained: {
    given: () =>
      "A row, its class, and the weights and thresholds before the update. Inputs are standardised: x is a value minus the mean of the training rows, divided by their standard deviation.",
    /** @returns {string} */
    forward: (/** @type {boolean} */ isLast) =>
      isLast
        ? "The output node adds up what arrives and its threshold, and its sigmoid (or softmax) makes a probability of it. An edge is as wide as its weight times the value that it carries."
        : "Each node adds up what arrives, adds its threshold (where others subtract one, the sign is the opposite), and applies σ. An edge is as wide as its weight times the value that it carries.",
    /** @returns {string} */
    error: (/** @type {boolean} */ isLast) =>
      isLast
        ? "The error of a node is the derivative of E by its sum, threshold included: how fast E changes with it. It begins where the network can be compared with the truth: at its output."
        : "The error flows back along the same edges: error times weight, then times the slope of the node. An edge is as wide as error × weight, on one scale for all layers.",
    gradient: () =>
      "A gradient is the error above an edge times the value below it. The check changes each weight by 0.00001, and sees how much the cost changes: no formula is needed for that.",
    update: () =>
      "Each weight takes a step against its gradient, of η times its size. Edges are as wide as the step.",
  },
  widthOfStep: "Edges are as wide as the step.",
  optimiser: "Optimiser",
  optimisers: { sgd: "gradient descent", momentum: "momentum", adam: "Adam" },
  steps: {
    momentum:
      "Momentum remembers a number u for each weight: u keeps most of its last value, and adds the gradient. The step is η u.",
    adam: "Adam remembers two means for each weight: m of its gradients, and s of their squares. The step is η(t) m / (√s + ε), about as long for a small gradient as for a large one; η(t) is η, corrected as m and s begin at 0.",
  },
  why: "Why? The derivation",
  derivation: {
    given: () =>
      "One row is enough: the cost of all rows is the mean of their costs, so its gradient is the mean of their gradients.",
    /** @returns {string} */
    forward: (/** @type {boolean} */ isLast) =>
      isLast
        ? "ŷ is between 0 and 1, so it can be read as a probability. The cost E says in one number how far it is from the class."
        : "Without σ, two layers would be no more than one: a weighted sum of weighted sums is a weighted sum. σ bends it. Its slope σ′ says by how much the output changes if the sum changes a little.",
    /** @returns {string} */
    error: (/** @type {boolean} */ isLast) =>
      isLast
        ? "E depends on the sum beta + theta only through ŷ, so by the chain rule ∂E/∂(beta + theta) = ∂E/∂ŷ · ∂ŷ/∂(beta + theta). Of the squared error, the first factor is ŷ − y. The second is the slope of the sigmoid: from σ(a) = 1/(1 + e⁻ᵃ) follows σ′(a) = e⁻ᵃ/(1 + e⁻ᵃ)² = σ(a)(1 − σ(a)), here ŷ(1 − ŷ). Of cross entropy, ∂E/∂ŷ = (ŷ − y)/(ŷ(1 − ŷ)): the slope cancels, and the error is ŷ − y."
        : "b_h reaches E through each node j above it. If b_h grows by a small ε, the sum of node j grows by w_hj ε, and E by error_j w_hj ε. All these ways add up: ∂E/∂b_h = Σ error_j w_hj. And b_h changes with its own sum by σ′. So error_h = σ′ · Σ error_j w_hj: the errors of a layer follow from those above it, and one pass back gives all of them.",
    gradient: () =>
      "The sum of node j is Σ w_hj b_h + theta_j. So it changes by b_h for each unit of w_hj, and by 1 for each unit of theta_j: ∂E/∂w_hj = error_j b_h, and ∂E/∂theta_j = error_j. Below the hidden layer the same holds with v, gamma and x.",
    update: () =>
      "If all weights change a little, E changes by Σ ∂E/∂w · Δw. With Δw = −η ∂E/∂w, this is −η Σ (∂E/∂w)², which is never above 0: the cost of this row falls, if η is small enough. Drag η, and see how far that goes.",
  },
  separator: "; ",
  afterEpoch: "After epoch",
  checkColumns: ["by finite differences", "they differ by"],
  checkNote:
    "The two ways agree up to about 1e-10. They are compared for this row and these weights only; but a wrong formula would hardly pass.",
  row: "Row",
  sample: (/** @type {number} */ n) => `row ${n}`,
  ofBatch: (/** @type {number} */ m) =>
    `One update is for a batch of ${m} rows: it uses the mean of their gradients. You see one of the rows.`,
  back: "Back",
  next: "Next",
  lineColumns: ["quantity", "formula", "with the numbers", "value"],
  arithmetic: "Arithmetic of",
  wholeStep: "the whole step",
  showAll: "Show the whole step",
  more: (/** @type {number} */ n) => `Show all ${n}`,
  galleryIntroduction:
    "Make a classic mistake, and train with it. The test accuracy often hardly changes. A gradient " +
    "check finds mistakes in the gradient, not in how data are handled or in how a step uses the " +
    "gradient: those show in the first number that differs.",
  trainAllMistakes: "Train with each of them",
  rightStep: "Right:",
  wrongStep: "With the mistake:",
  mistakeFormulas: {
    none: ["", ""],
    updated_weights: [
      "error_h = σ′ · sum of error_j w_hj",
      "error_h = σ′ · sum of error_j new w_hj",
    ],
    no_slope: ["error_h = σ′ · sum of error_j w_hj", "error_h = sum of error_j w_hj"],
    no_thresholds: ["new theta = theta - eta error, and new w_h", "new theta = theta, and new w_h"],
    sum: ["new w_h = w_h - eta · mean of dE/dw_h", "new w_h = w_h - eta · sum of dE/dw_h"],
    no_correction: [
      "eta(t) = eta · sqrt(1 - beta_2^t) / (1 - beta_1^t)",
      "eta(t) = eta in each update",
    ],
    same_order: ["", ""],
    all_rows: ["x scaled by the training rows", "x scaled by all rows, the test rows too"],
  },
  checkFinds: (
    /** @type {string} */ symbol,
    /** @type {string} */ own,
    /** @type {string} */ right,
  ) =>
    `A gradient check gives it away in the first update: ${symbol} is ${own} by this step, and ${right} by finite differences.`,
  checkFindsNothing:
    "A gradient check does not find this one: each gradient is right. What is wrong is which rows are used, their order, or the step that is taken. Compare the first numbers instead.",
  mistakeColumns: ["mistake", "first difference", "gradient check", "test accuracy"],
  place: (/** @type {number} */ epoch, /** @type {number} */ update) =>
    `epoch ${epoch}, update ${update}`,
  never: "none",
  /** @returns {string} */
  found: (/** @type {boolean} */ isFound) => (isFound ? "finds it" : "finds nothing"),
  lesson: (
    /** @type {number} */ all,
    /** @type {number} */ changing,
    /** @type {number} */ same,
    /** @type {string} */ accuracy,
  ) =>
    `${changing} of the ${all} mistakes change the training. With ${same === changing ? "each" : same} of these ${changing}, the test accuracy is ${accuracy}, as without a mistake.` +
    (same < changing ? " Where it differs, a change of the seed can do as much." : "") +
    " So a good accuracy proves no program: check the gradients, and compare the first numbers.",
  mistakes: {
    none: "no mistake",
    updated_weights: "errors calculated from updated weights",
    no_slope: "σ′ left out",
    no_thresholds: "thresholds not updated",
    sum: "the sum of a batch, not its mean",
    no_correction: "Adam's correction left out",
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
    "Keep 6 digits from step to step, and write 4 significant digits in each blank. What follows " +
    "from numbers that were rounded, or from an earlier mistake, counts as right, and the first wrong " +
    "step is named.",
  exerciseSymbols:
    "v_1,2 is the weight from input 1 to hidden node 2, and w_2 that from hidden node 2 to the output. " +
    "The thresholds gamma and theta are added to the sums alpha and beta. The error of a node is the " +
    "derivative of E by its sum, threshold included.",
  marks: {
    empty: "",
    right: "✓ right",
    follows: "✓ follows from what you wrote before",
    few_digits: "✓ right; give 4 digits",
    wrong: "✗ not the value of this step, nor what follows from your numbers; see the hint",
    unread: "not a number",
  },
  firstWrong: (/** @type {string} */ symbol, /** @type {string | null} */ slip) =>
    `The first wrong step is ${symbol}` +
    (slip ? `: ${ENGLISH.slips[/** @type {keyof typeof ENGLISH.slips} */ (slip)]}` : "."),
  slips: {
    no_threshold: "is a threshold missing?",
    threshold_too_early: "was the threshold added here already? It comes in the next step.",
    no_sigma: "is σ missing?",
    sign_in_sigma: "is it exp(−a), not exp(a)?",
    no_half: "is ½ missing?",
    no_square: "is the square missing?",
    no_slope: "is the slope σ′ missing?",
    half_slope: "the slope is b (1 − b), not b.",
    indices: "are the indices swapped?",
    no_input: "is the value from below missing?",
    new_weights: "were updated weights used? All errors come from the weights before the update.",
    no_rate: "is the learning rate missing?",
    plus: "a step goes against the gradient: minus.",
    sign: "is the sign wrong?",
  },
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
  nothingTyped: "Nothing is filled in yet.",
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
    `Watch, One update, One node and Walk show a network that is not part of the study (${values}).`,
  backToStudy: "Back to the study",
  noHidden: "no hidden layer",
  otherStudy: (/** @type {string} */ name) =>
    `This is “${name}”, made in this page: it is not part of the study.`,
  wrongField: {
    hidden: "Hidden nodes: 1 to 5 numbers such as 3-3, 3x3 or 3,3, and at most 20,000 weights.",
    rate: "Learning rate: a number above 0.",
    batch: "Batch size: a whole number from 1.",
    l2: "Weight decay: a number from 0.",
    seed: "Seed: a whole number from 0.",
  },
  fitOf: (/** @type {string} */ name, /** @type {number} */ repeat, /** @type {number} */ fold) =>
    `${name}, repeat ${repeat}, fold ${fold}`,
  watchIt: "Watch it",
  moreFits: (/** @type {number} */ n) => `and ${n} more`,
  aspects: {
    status: (/** @type {any} */ { status, stored }) => `status ${status}, stored ${stored.status}`,
    epochs: (/** @type {any} */ { epochs, stored }) => `${epochs} epochs, stored ${stored.epochs}`,
    weights: (/** @type {any} */ { weights }) => `a weight by ${weights.toExponential(0)}`,
    probabilities: (/** @type {any} */ { probabilities }) =>
      `a probability by ${probabilities.toExponential(0)}`,
    labels: (/** @type {any} */ { labels }) => `the class of ${labels} test rows`,
    accuracy: (/** @type {any} */ { accuracies: [own, stored] }) =>
      `accuracy ${(100 * own).toFixed(1)}%, stored ${(100 * stored).toFixed(1)}%`,
    beginning: () => "the beginning, before rounding errors decide",
  },
  tableIntroduction: (/** @type {number} */ columns, /** @type {number} */ rows) =>
    `Choose a CSV file with a header, up to ${columns} numeric columns, a column with the class, and up to ${rows} rows; or drop it here. It is read in this page and trained here: nothing is sent anywhere.`,
  chooseFile: "Choose or drop a CSV file",
  orPaste: "or paste a table:",
  usePasted: "Use this table",
  tableExample: "length,width,class\n5.1,3.5,setosa\n…",
  tableLimits:
    "It is trained with the networks, the seed and the epochs of this study, in five folds. Inputs are standardised by the training rows; a missing value becomes the mean. What this page does not do: repeated folds, intervals, comparison with logistic regression. The workflow does all of it, with this command:",
  tableRead: (
    /** @type {string} */ name,
    /** @type {number} */ rows,
    /** @type {number} */ columns,
    /** @type {string} */ label,
    /** @type {string} */ classes,
  ) =>
    `This is your table “${name}”: ${rows} rows, ${columns} numeric columns, class “${label}” (${classes}). It was sent nowhere, and it is not part of the study.`,
  tableLeft: (/** @type {string} */ names) => `Left out, as they are no numbers: ${names}.`,
  tableProblems: {
    /** @type {(value: string) => string} */
    empty: () => "This file has no rows below a header.",
    rows: (/** @type {string} */ n) => `Found ${n} rows with a class; use 10 to 2000.`,
    columns: (/** @type {string} */ n) => `Found ${n} numeric columns; use 1 to 10.`,
    label: (/** @type {string} */ name) => `Found no class in ${name}.`,
    classes: (/** @type {string} */ found) =>
      `Found classes in the column ${found}; use a column with 2 to 10 classes, the last one with texts, or the last of all.`,
    ragged: (/** @type {string} */ line) =>
      `Line ${line} has another number of cells than the header.`,
  },
  teach: {
    introduction:
      "For a class: a lesson of 45 minutes, exercises by number, their solutions, and marks for the answers of the class. " +
      "All of it is made in this page: nothing is sent anywhere. Print prints what is shown.",
    views: {
      lesson: "Lesson",
      exercises: "Exercises",
      solutions: "Solutions",
      marks: "Mark answers",
    },
    lessonTitle: "Back-propagation in 45 minutes",
    lessonColumns: ["Minutes", "Step", "The class", "You say or ask", "Slides"],
    /** @type {Record<string, {does: string, asks: string}>} */
    lesson: {
      xor: {
        does: "Each predicts by a show of hands. Then both networks train, and all see the boundaries.",
        asks: "Where would you draw one line? Why is there none? What do two lines do, and who combines them?",
      },
      sample: {
        does: "Go forwards through the update together. Each calculates the sum of the first hidden node from the numbers on the screen.",
        asks: "What comes into a node, and what goes out? Why does one row change nearly all weights?",
      },
      flow: {
        does: "Go backwards through the same update. Name each factor of the chain rule before it is shown.",
        asks: "Where does the error begin? By what is it multiplied on its way back? When is hardly any of it left?",
      },
      exercise: {
        does: "Each works with a number of their own, in the page or on a printed sheet: forwards, the cost, the errors. Who has finished goes on to the gradients and the update.",
        asks: "Keep 6 digits. If a step is wrong, which is the first? Compare it with its formula before you change anything else.",
      },
      symmetry: {
        does: "Predict, and see the network train from equal weights.",
        asks: "Two nodes have the same weights. What is different in their errors? So what do random starting weights do?",
      },
      rate: {
        does: "Predict, and compare the two curves of the cost.",
        asks: "Which line shows what the network has learned, and which what it has learned by heart? When is a step too long?",
      },
      mistake: {
        does: "Predict whether the accuracy gives a wrong program away, then read what the gradient check finds.",
        asks: "How do you know that your own program is right?",
      },
      summary: {
        does: "Each reads which predictions were right, and prints the summary.",
        asks: "Which prediction was wrong, and what do you expect now? At home: another number, all steps.",
      },
    },
    otherQuestions: "The other questions, for a second lesson or at home",
    /** Titles on the slides of the lecture. @type {Record<string, string>} */
    slides: {
      history: "A short history (历史简介)",
      layers: "Feed-forward network of three layers (三层前向神经网络)",
      learning: "Learning algorithm: cost, parameters, training set (学习算法)",
      outputGradients: "Gradients of w and θ (梯度计算)",
      hiddenGradients: "Gradients of v and γ (梯度计算)",
      algorithm: "Back-propagation algorithm (反向传播算法)",
      first: "Exercise 1: a program of one's own (练习#1)",
      second: "Exercise 2: other layers, activations, costs, rates (练习#2)",
    },
    betweenSlides: "; ",
    noSlide: "not on the slides",
    numbers: "Numbers of the exercises",
    numbersHelp: (/** @type {number} */ most) =>
      `Numbers and ranges, such as 1-30, 45; at most ${most}. A number is here the same exercise as in “Your exercise”.`,
    /** @type {Record<"none" | "part" | "order" | "many", (found: string, most: number) => string>} */
    numbersProblems: {
      none: () => "Found no number; use numbers and ranges, such as 1-30, 45.",
      part: (found) =>
        `Found “${found}”; use numbers of at most 40 digits, and ranges, such as 1-30, 45.`,
      order: (found) => `Found the range “${found}”; write the smaller number first.`,
      many: (found, most) => `Found ${found} numbers; use at most ${most}.`,
    },
    ownPage: "Print each on a page of its own",
    name: "Name",
    exercise: (/** @type {string} */ number) => `Exercise ${number}`,
    digits: "Keep 6 digits from step to step, and write 4 significant digits in each blank.",
    solutionOf: (/** @type {string} */ number) => `Solution of exercise ${number}`,
    marksIntroduction:
      "Choose a CSV file, or several. The first line names the columns: name, number, and those of the steps, such as alpha_1 or " +
      "new w_1, as in the template; columns of steps may be left out. Each line below is a student: a name, the number of the exercise, and the answers; an answer " +
      "that is missing is an empty cell. They are marked as in “Your exercise”: what follows from an earlier mistake is right.",
    template: "Save a template for these numbers",
    templateFile: "answers",
    chooseFiles: "Choose or drop CSV files",
    /** Where a fault is. */
    place: (/** @type {string} */ file, /** @type {number} */ line) => `${file}, line ${line}: `,
    /** @type {Record<"empty" | "column" | "twice" | "missing" | "steps" | "cells" | "number" | "lines", (found: string, allowed: string) => string>} */
    faults: {
      empty: () => "found no line below the first; use a line for each student.",
      column: (found, allowed) => `found the column “${found}”; use ${allowed}.`,
      twice: (found) => `found the column “${found}” twice; use it once.`,
      missing: (found) => `found no column “${found}”; it is needed.`,
      steps: (_, allowed) => `found no column of a step; use at least one of ${allowed}.`,
      cells: (found, allowed) => `found ${found} cells; use ${allowed}, as in the first line.`,
      number: (found) => `found the number “${found}”; use digits only, at most 40.`,
      lines: (found, allowed) => `found ${found} students; use at most ${allowed}.`,
    },
    moreFaults: (/** @type {number} */ n) => `and ${n} more.`,
    marked: (
      /** @type {number} */ students,
      /** @type {string} */ mean,
      /** @type {number} */ all,
    ) =>
      `${students === 1 ? "1 student" : `${students} students`}: on average ${mean} of ${all} steps are right.`,
    /** The steps follow. */
    hardest: (/** @type {number} */ wrong, /** @type {number} */ students) =>
      `Most often wrong (${wrong} of ${students} students): `,
    noneWrong: "No step is wrong.",
    frequent: (/** @type {string} */ slip, /** @type {number} */ n) =>
      `The most frequent first mistake that has a name (${n}×): ${slip}`,
    stepColumns: ["Step", "Right", "Wrong", "No number", "Not answered"],
    studentColumns: ["Name", "Number", "Right", "First wrong step", "Mistake"],
    /** @type {Record<import("./marking.js").Mark["state"], string>} */
    states: {
      right: "right",
      follows: "follows from what was written before",
      few_digits: "right, too few digits",
      wrong: "wrong",
      empty: "not answered",
      unread: "not a number",
    },
    saveMarks: "Save the marks as CSV",
    marksFile: "marks",
  },
  node: {
    node: "Node",
    label:
      "The operations of the node: each box has a value, and below it the derivative of E by it.",
    on: "values, forwards",
    back: "gradients, backwards",
    /** @type {Record<"given" | "product" | "sum" | "threshold" | "output" | "cost", (isHidden: boolean, isJoined: boolean) => string>} */
    forwards: {
      given: () =>
        "The weights of the node, what comes in along them, and its threshold are given.",
      product: () => "Each weight is multiplied by what comes in along it.",
      sum: () => "The products are added up.",
      threshold: () => "The threshold is added.",
      output: (isHidden) =>
        isHidden
          ? "The activation makes the output of the node of it."
          : "The sigmoid makes the prediction of it.",
      cost: (isHidden, isJoined) =>
        isHidden
          ? "The nodes above lead from this output to the cost E of the row."
          : isJoined
            ? "The prediction and the cost E are one operation here, as the derivative is then simple."
            : "The cost E says how far the prediction is from the class.",
    },
    /** @type {Record<"given" | "product" | "sum" | "threshold" | "output" | "cost", (isHidden: boolean, isJoined: boolean) => string>} */
    backwards: {
      cost: () => "Back from the cost: the derivative of E by itself is 1.",
      output: (isHidden) =>
        isHidden
          ? "The output reaches E through all nodes above: their errors, times the weights to them, add up."
          : "The local derivative of the cost is how far the prediction is off.",
      threshold: (isHidden, isJoined) =>
        isJoined
          ? "The slope of the output cancels with a factor of the cost: what is left is the error of the node."
          : "The local derivative is the slope of the activation. The product is the error of the node.",
      sum: () => "A sum passes the gradient on as it is: its local derivative is 1.",
      product: () => "Each product gets the gradient of the sum as it is.",
      given: () =>
        "A product passes the gradient on to each factor, times the other factor. The update uses the " +
        "gradients of weights and threshold. An input that also leads to other nodes adds up what comes " +
        "back from each.",
    },
    note:
      "The numbers are from the first update of the fit for this row: in each box the value, and below " +
      "it, in red, the derivative of E by it. Each operation knows its local " +
      "derivative alone; what arrives from the right, times this, is its gradient. Step with the buttons " +
      "or the arrow keys. Of more than four inputs, those with the largest products are drawn.",
  },
  walk: {
    plane: "Plane",
    planes: { training: "through start and end", weights: "of two weights" },
    weights: ["Across", "Up"],
    home: "Start of the study",
    map: "The cost on the plane",
    surface: "The same as a surface",
    table: "Where other rates lead",
    mapLabel:
      "Map of the cost. The arrow keys move the start of the walk; the sentence above says where it leads.",
    surfaceLabel: "The cost as a surface, with the walk on it.",
    wait: "The cost is being calculated.",
    marks: { start: "start", end: "trained" },
    directions: ["from the start to the end of training", "a random direction at right angles"],
    randomDirections: ["a random direction", "another one at right angles"],
    note:
      "On the map, the stronger the grey, the higher the cost, and lines join places of equal cost; the " +
      "cross is where the training of the study ends. Drag the start, or move it by the arrow keys. The walk stays on the " +
      "plane: each step takes the true gradient of all these rows, and follows its part along the two " +
      "directions. So a step is an update by all rows, where an epoch of the study has many updates.",
    others: "All other weights are as after training.",
    othersBefore: "All other weights are as before training.",
    rows: (/** @type {number} */ n, /** @type {number} */ all) =>
      `The cost is over ${n} of the ${all} training rows, drawn at random.`,
    decay: "The cost has the weight decay in it.",
    noEnd:
      "This training leads nowhere: no weight moves, or they grow without end. So there is no cross.",
    said: (
      /** @type {string} */ place,
      /** @type {string} */ first,
      /** @type {string} */ last,
      /** @type {number} */ steps,
      /** @type {string} */ regime,
    ) =>
      `From (${place}), ${steps === 1 ? "1 step takes" : `${steps} steps take`} the cost from ${first} to ${last}: ${regime}.`,
    noNumber: "no number",
    regimes: {
      creeping: "creeping",
      converging: "converging",
      oscillating: "oscillating",
      diverging: "diverging",
    },
    cell: (/** @type {string} */ regime, /** @type {string} */ cost) =>
      `${regime}, the cost ends at ${cost}`,
    regime: (/** @type {number} */ steps, /** @type {number} */ rise, /** @type {number} */ fall) =>
      `In the table, ${steps} steps from the start are diverging if the cost ends higher than it began; ` +
      `else oscillating if its rises add up to more than ${100 * rise}% of the fall that is possible, from the ` +
      `first cost to the lowest of the map; else creeping if it falls by less than ${100 * fall}% of that; else ` +
      "converging. A slope holds near its place alone: a long step jumps over the valley. A click on a cell takes its values.",
  },
  path: {
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
    counts: (
      /** @type {number} */ right,
      /** @type {number} */ judged,
      /** @type {number} */ all,
    ) => `${right} of ${judged} predictions were right, of ${all} questions.`,
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
                  ? "The smallest differ by less than a factor of 2, and on another fold their order can be another: so more than one answer counts. "
                  : "") +
              (f.ends[0] === "unlearned"
                ? `After ${f.epochs} epochs the deep network still predicts one class for every training row. Starting weights that keep sums near 0 (Glorot) and activations with larger slopes (tanh, ReLU) often help: try them under “Your own values”.`
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
              (f.isFlat
                ? ", and hardly any comes back. With cross entropy, this slope cancels, and the whole error comes back."
                : ", and a good part comes back in both.")
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
                        ? "What it fits more is probably chance in them, as the test cost is higher: look at the solid line. This is called overfitting."
                        : "The test rows, too: look at the solid line.")
                  : "This rate is too large here: its steps are so long that they jump over where the cost is lowest."),
      },
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
                    ? "Random starting weights break this symmetry, and here the training cost is lower for it."
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
            : "The rate grows with the batch: one update of a batch takes the place of as many updates of single rows. ") +
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
          `The step is η u, and u adds up gradients: as long as they agree, it grows towards 1/(1 − μ) = ${f.sum} times one of them. So a rate that is ${f.sum} times smaller should go about as far; steps that zigzag cancel. ` +
          (f.isOpen
            ? "That cannot be seen where weights grow without end."
            : f.isSame
              ? "So it does here: the costs differ by at most a tenth."
              : f.right.includes(2)
                ? "Here it goes farther."
                : "Here it does not."),
      },
      adam: {
        title: "Does Adam, at a usual rate, get halfway sooner than gradient descent?",
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
            ? "a step of Adam is about η long for each weight, be its gradient large or small: so one rate suits all layers. "
            : "a step of Adam is about η long for a weight, but here many gradients are 0, or small beside ε. ") +
          (f.isOpen
            ? ""
            : f.right.includes(2)
              ? "The two epochs differ by less than a factor of 2."
              : f.steps[0] > f.steps[1] === f.right.includes(0)
                ? "The one whose first step is longer gets halfway sooner here."
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
              "But an epoch that is chosen by test rows is not tested by them: early stopping keeps some training rows apart, and stops when their cost rises. " +
              (f.patience === null
                ? "This study chooses none: it trains for all epochs."
                : `This study chooses by training rows alone: it stops after ${f.patience} epochs without progress of their cost.`),
      },
      mistake: {
        title: "If thresholds are never updated, does the accuracy show it?",
        options: [
          "Yes: it falls by more than 5 points",
          "No: it changes by at most 5 points",
          "It gets better by more than 5 points",
        ],
        found: (/** @type {any} */ f, /** @type {any} */ n) =>
          `Test accuracy: ${n.percent(f.accuracies[0])} without the mistake, ${n.percent(f.accuracies[1])} with it, on ${f.tests} test rows, where one row is ${n.percent(f.oneRow)}. ` +
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
              `${[", so the network is better", ", so the line is better", ", so it may be 0, which does not show that it is 0"][f.right]}. `
            : f.isOrdered
              ? "Each trains on earlier rows alone, which the usual interval does not allow for. "
              : "All differences are the same, so they say nothing about chance. ") +
          `The report of a study compares with logistic regression: the same kind of network, but trained until its cost can fall no further. Here it is trained for at most ${f.epochs} epochs, so the two accuracies may differ.`,
      },
    },
  },
};
