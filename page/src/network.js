// The lecture's network, line by line beside `backprop.network.plain`: one network, one sample at a
// time. Activations, costs, starting weights and optimisers are as in `functions`, `parameters`
// and `optimisers` in `backprop.network`. Symbols and formulas are explained in `plain`.

/**
 * (v, gamma) of a hidden layer, or (w, theta): weights[i][h] leads from node i below to node h.
 * @typedef {{weights: number[][], thresholds: number[]}} Layer
 *
 * @typedef {object} Activation
 * @property {(a: number) => number} value b = sigma(a), where a = alpha + gamma
 * @property {(a: number, b: number) => number} derivative sigma'(a)
 * @property {string} formula the value in a
 * @property {string} derivativeFormula in a and b
 *
 * @typedef {object} Output
 * @property {(z: number[]) => number[]} value yhat of all output nodes, from their sums
 * @property {string} formula the value in z
 *
 * @typedef {object} Cost
 * @property {(z: number, y: number, all: number[]) => number} value of an output node, from its sum
 *   z = beta + theta, its target y, and the sums of all output nodes
 * @property {(yhat: number, y: number) => number} error dE/dz
 * @property {string} formula the value in yhat and y
 * @property {string} errorFormula in yhat and y
 * @property {string} output an entry of `OUTPUTS`
 * @property {(yhat: number) => number} [slope] the slope of the output node, if dE/dz has it as a
 *   factor
 * @property {(yhat: number, y: number) => number} [outputError] dE/dyhat, the other factor
 * @property {Cost} [several] the cost of several outputs, if it is another one
 *
 * What a network is trained with: a configuration of `backprop.study.configurations`.
 * @typedef {object} Configuration
 * @property {number[]} hidden the number of nodes of each hidden layer
 * @property {string} activation
 * @property {string} cost
 * @property {number} learning_rate
 * @property {string} initialisation
 * @property {number} batch_size
 * @property {number} l2
 * @property {string} optimiser
 * @property {number} momentum mu
 * @property {number} beta_1
 * @property {number} beta_2
 * @property {number} epsilon
 *
 * An optimiser: how a step follows from a gradient g.
 * @typedef {object} Optimiser
 * @property {string[]} slots the symbols of the numbers that it remembers of each parameter
 * @property {(slots: Float64Array[], k: number, g: number, constants: Configuration) => number} direction
 *   of the step of parameter k; what is remembered of it changes
 * @property {(eta: number, t: number, constants: Configuration) => number} rate of update t, from 1
 *
 * What an update needs of a sample.
 * @typedef {{sums: number[][], outputs: number[][], layerErrors: number[][]}} Step
 */

/** @param {number} a */
export const sigmoid = (a) => 1 / (1 + Math.exp(-a));

/** The derivative of the sigmoid from its output b. @param {number} b */
const sigmoidPrime = (b) => b * (1 - b);

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  sigmoid: {
    value: sigmoid,
    derivative: (a, b) => sigmoidPrime(b),
    formula: "1 / (1 + exp(-a))",
    derivativeFormula: "b (1 - b)",
  },
  tanh: {
    value: Math.tanh,
    derivative: (a, b) => 1 - b * b,
    formula: "tanh(a)",
    derivativeFormula: "(1 - b^2)",
  },
  relu: {
    value: (a) => Math.max(a, 0),
    derivative: (a, b) => Math.sign(b),
    formula: "max(a, 0)",
    derivativeFormula: "[b > 0]",
  },
};

/** @type {Record<string, Output>} */
export const OUTPUTS = {
  sigmoid: { value: (z) => z.map(sigmoid), formula: "1 / (1 + exp(-z))" },
  softmax: { value: softmax, formula: "exp(z) / sum of exp(z)" },
};

/** @type {Record<string, Cost>} */
export const COSTS = {
  squared_error: {
    value: (z, y) => 0.5 * (sigmoid(z) - y) ** 2,
    error: (yhat, y) => (yhat - y) * sigmoidPrime(yhat),
    slope: sigmoidPrime,
    outputError: (yhat, y) => yhat - y,
    formula: "1/2 (yhat - y)^2",
    errorFormula: "(yhat - y) yhat (1 - yhat)",
    output: "sigmoid",
  },
  cross_entropy: {
    // log(1 + exp(z)) - y z, without overflow.
    value: (z, y) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y * z,
    error: (yhat, y) => yhat - y,
    formula: "-y log(yhat) - (1 - y) log(1 - yhat)",
    errorFormula: "yhat - y",
    output: "sigmoid",
    several: {
      value: (z, y, all) => y * (logSumExp(all) - z),
      error: (yhat, y) => yhat - y,
      formula: "-y log(yhat)",
      errorFormula: "yhat - y",
      output: "softmax",
    },
  },
};

const EQUAL = 0.5; // the mean of U(0, 1)

/**
 * How the starting parameters of a layer follow from draws of U(0, 1).
 * @type {Record<string, (layer: Layer) => Layer>}
 */
export const INITIALISATIONS = {
  uniform: (layer) => layer,
  glorot: ({ weights, thresholds }) => {
    const most = Math.sqrt(6 / (weights.length + thresholds.length));
    return {
      weights: weights.map((row) => row.map((draw) => (2 * draw - 1) * most)),
      thresholds: thresholds.map(() => 0),
    };
  },
  // The page's own: it shows why weights are drawn.
  equal: ({ weights, thresholds }) => ({
    weights: weights.map((row) => row.map(() => EQUAL)),
    thresholds: thresholds.map(() => EQUAL),
  }),
};

/** The lecture's optimiser, and the usual constants of the others. */
export const DESCENT = {
  optimiser: "sgd",
  momentum: 0.9,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-8,
};

/** @type {Record<string, Optimiser>} */
export const OPTIMISERS = {
  sgd: { slots: [], direction: (slots, k, g) => g, rate: (eta) => eta },
  momentum: {
    slots: ["u"],
    direction: ([u], k, g, { momentum }) => (u[k] = momentum * u[k] + g),
    rate: (eta) => eta,
  },
  adam: {
    slots: ["m", "s"],
    direction([m, s], k, g, { beta_1, beta_2, epsilon }) {
      m[k] = beta_1 * m[k] + (1 - beta_1) * g;
      s[k] = beta_2 * s[k] + (1 - beta_2) * (g * g);
      return m[k] / (Math.sqrt(s[k]) + epsilon);
    },
    rate: (eta, t, { beta_1, beta_2 }) => (eta * Math.sqrt(1 - beta_2 ** t)) / (1 - beta_1 ** t),
  },
};

/** What the optimiser of a network remembers: 0 before the first update. */
export class Memory {
  /** @param {Float64Array[]} slots of all parameters, in the order of `flatten` */
  constructor(slots, updates = 0) {
    this.slots = slots;
    this.updates = updates;
  }

  /**
   * Return the memory before the first update; null for gradient descent, which has none.
   * @param {Layer[]} layers
   * @param {Pick<Configuration, "optimiser">} configuration
   */
  static of(layers, { optimiser }) {
    if (optimiser === DESCENT.optimiser) return null;
    const { length } = flatten(layers);
    return new Memory(OPTIMISERS[optimiser].slots.map(() => new Float64Array(length)));
  }

  copy() {
    return new Memory(
      this.slots.map((each) => each.slice()),
      this.updates,
    );
  }
}

/** Return the cost of a network. @param {string} name @param {number} outputs */
export const costOf = (name, outputs) => (outputs > 1 && COSTS[name].several) || COSTS[name];

/**
 * Draw the starting parameters of a network.
 * @param {{random: () => number}} generator
 * @param {number} inputs
 * @param {Configuration} configuration
 * @param {number} outputs
 * @returns {Layer[]}
 */
export function drawLayers(generator, inputs, { hidden, initialisation }, outputs) {
  const draw = (/** @type {number} */ count) =>
    Array.from({ length: count }, () => generator.random());
  const nodes = [...hidden, outputs];
  return nodes.map((count, place) => {
    const below = place ? nodes[place - 1] : inputs;
    const weights = Array.from({ length: below }, () => draw(count));
    return INITIALISATIONS[initialisation]({ weights, thresholds: draw(count) });
  });
}

/**
 * Calculate yhat for one sample, and keep the sums and outputs of all layers.
 * @param {Layer[]} layers
 * @param {number[]} x
 * @param {string} activation
 * @param {string} [output]
 * @returns {{sums: number[][], outputs: number[][]}} alpha + gamma of each hidden layer, then
 *   beta + theta; and x, b of each hidden layer, then yhat
 */
export function forward(layers, x, activation, output = "sigmoid") {
  const sigma = ACTIVATIONS[activation].value;
  const sums = [];
  const outputs = [x];
  for (const { weights, thresholds } of layers) {
    const below = outputs[outputs.length - 1];
    const a = thresholds.map((threshold, h) => weightedSum(below, weights, h) + threshold);
    sums.push(a);
    const isLast = sums.length === layers.length;
    outputs.push(isLast ? OUTPUTS[output].value(a) : a.map(sigma)); // yhat, or b
  }
  return { sums, outputs };
}

/**
 * Calculate the errors of all layers for one sample, the output layer first.
 * @param {Layer[]} layers
 * @param {number[][]} sums
 * @param {number[][]} outputs
 * @param {number[]} y
 * @param {string} activation
 * @param {string} cost
 * @returns {number[][]} error_h of each hidden layer, first to last, then error_j
 */
export function errors(layers, sums, outputs, y, activation, cost) {
  const sigmaPrime = ACTIVATIONS[activation].derivative;
  const error = costOf(cost, y.length).error;
  const yhat = outputs[outputs.length - 1];
  const layerErrors = [yhat.map((each, j) => error(each, y[j]))]; // error_j
  for (let place = layers.length - 2; place >= 0; place--) {
    const w = layers[place + 1].weights; // the weights to the layer above
    const above = layerErrors[0];
    const a = sums[place];
    const b = outputs[place + 1];
    layerErrors.unshift(b.map((each, h) => product(w[h], above) * sigmaPrime(a[h], each)));
  }
  return layerErrors;
}

/**
 * Update the parameters of all layers, in place, for one sample.
 * @param {Layer[]} layers
 * @param {number[][]} outputs
 * @param {number[][]} layerErrors
 * @param {number} eta the learning rate, divided by the number of samples of the batch
 */
function update(layers, outputs, layerErrors, eta) {
  layers.forEach(({ weights, thresholds }, place) => {
    const below = outputs[place];
    const error = layerErrors[place];
    for (let j = 0; j < error.length; j++) {
      // w_hj -= eta error_j b_h, v_ih -= eta error_h x_i
      for (let h = 0; h < below.length; h++) weights[h][j] -= eta * (below[h] * error[j]);
      thresholds[j] -= eta * error[j]; // theta_j -= eta error_j, gamma_h -= eta error_h
    }
  });
}

/**
 * Make the weights of all layers smaller, in place, before the updates of a batch.
 * @param {Layer[]} layers
 * @param {number} eta
 * @param {number} l2
 */
function decay(layers, eta, l2) {
  const remaining = 1 - eta * l2;
  for (const { weights } of layers)
    for (const row of weights) for (let j = 0; j < row.length; j++) row[j] *= remaining;
}

/**
 * Return the gradient of the mean cost of samples and of the weight decay, in the order of `flatten`.
 * @param {Layer[]} layers
 * @param {Step[]} steps
 * @param {number} l2
 * @param {number} [share] of each sample
 */
export function gradientOfSteps(layers, steps, l2, share = 1 / steps.length) {
  /** @type {number[]} */
  const gradient = [];
  layers.forEach(({ weights, thresholds }, place) => {
    weights.forEach((row, i) => {
      for (let j = 0; j < row.length; j++) {
        let g = l2 * row[j];
        for (const { outputs, layerErrors } of steps)
          g += share * (outputs[place][i] * layerErrors[place][j]);
        gradient.push(g);
      }
    });
    for (let j = 0; j < thresholds.length; j++) {
      let g = 0;
      for (const { layerErrors } of steps) g += share * layerErrors[place][j];
      gradient.push(g);
    }
  });
  return gradient;
}

/**
 * Take one step of an optimiser that remembers gradients, in place.
 * @param {Layer[]} layers
 * @param {Step[]} steps
 * @param {Configuration} configuration
 * @param {Memory} memory
 * @param {number} share of each sample in the gradient
 */
function stepRemembering(layers, steps, configuration, memory, share) {
  const { direction, rate } = OPTIMISERS[configuration.optimiser];
  const eta = rate(configuration.learning_rate, ++memory.updates, configuration);
  const gradient = gradientOfSteps(layers, steps, configuration.l2, share);
  let k = 0;
  for (const { weights, thresholds } of layers)
    for (const row of [...weights, thresholds])
      for (let j = 0; j < row.length; j++, k++)
        row[j] -= eta * direction(memory.slots, k, gradient[k], configuration);
}

/**
 * Take the step of one batch, in place.
 * @param {Layer[]} layers
 * @param {Step[]} steps what each sample gave, from the weights before it
 * @param {Configuration} configuration
 * @param {Memory | null} [memory] of the optimiser; by default it is gradient descent
 * @param {number} [share] of each sample in the gradient
 */
export function takeStep(layers, steps, configuration, memory = null, share = 1 / steps.length) {
  if (memory) return stepRemembering(layers, steps, configuration, memory, share);
  const { learning_rate: eta, l2 } = configuration;
  if (l2) decay(layers, eta, l2);
  for (const { outputs, layerErrors } of steps) update(layers, outputs, layerErrors, eta * share);
}

/**
 * Calculate the outputs and the errors for each sample of a batch.
 * @param {Layer[]} layers
 * @param {number[][]} x the inputs of each sample
 * @param {number[][]} y the targets of each sample
 * @param {Configuration} configuration
 * @param {typeof errors} [errorsOf]
 * @returns {Step[]} the last sums are beta + theta
 */
export function passes(layers, x, y, { activation, cost }, errorsOf = errors) {
  const { output } = costOf(cost, y[0].length);
  return x.map((sample, k) => {
    const { sums, outputs } = forward(layers, sample, activation, output);
    return { sums, outputs, layerErrors: errorsOf(layers, sums, outputs, y[k], activation, cost) };
  });
}

/**
 * Take the update of one batch, in place: all errors come from the weights before it.
 * @param {Layer[]} layers
 * @param {number[][]} x
 * @param {number[][]} y
 * @param {Configuration} configuration
 * @param {Memory | null} [memory]
 * @returns {Step[]} a step for each sample
 */
export function trainBatch(layers, x, y, configuration, memory) {
  const steps = passes(layers, x, y, configuration);
  takeStep(layers, steps, configuration, memory);
  return steps;
}

/**
 * Return the cost of one sample: the sum over the output nodes.
 * @param {number[]} z beta + theta
 * @param {number[]} y
 * @param {string} cost
 */
export function costOfSample(z, y, cost) {
  const { value } = costOf(cost, y.length);
  return sumOf(z.map((each, j) => value(each, y[j], z)));
}

/**
 * Return P(y = 1) if there is one output, else the probability of each class.
 * @param {number[]} z beta + theta
 * @param {string} cost
 */
export function probabilities(z, cost) {
  const yhat = OUTPUTS[costOf(cost, z.length).output].value(z);
  if (yhat.length === 1) return yhat;
  const total = sumOf(yhat);
  return yhat.map((each) => (total === 0 ? 1 / yhat.length : each / total));
}

/**
 * Return the probabilities of a sample.
 * @param {Layer[]} layers
 * @param {number[]} x
 * @param {Configuration} configuration
 */
export function predict(layers, x, { activation, cost }) {
  const { output } = costOf(cost, layers[layers.length - 1].thresholds.length);
  const { sums } = forward(layers, x, activation, output);
  return probabilities(sums[sums.length - 1], cost);
}

/** Return all parameters: layer by layer, weights before thresholds. @param {Layer[]} layers */
export const flatten = (layers) =>
  layers.flatMap(({ weights, thresholds }) => [...weights.flat(), ...thresholds]);

/** Return a copy. @param {Layer[]} layers @returns {Layer[]} */
export const copyOf = (layers) =>
  layers.map(({ weights, thresholds }) => ({
    weights: weights.map((row) => row.slice()),
    thresholds: thresholds.slice(),
  }));

/** @param {number[]} values */
export function sumOf(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Return sum_i below_i w_ij. @param {number[]} below @param {number[][]} w @param {number} j */
export function weightedSum(below, w, j) {
  let total = 0;
  for (let i = 0; i < below.length; i++) total += below[i] * w[i][j];
  return total;
}

/** Return sum_j one_j other_j. @param {number[]} one @param {number[]} other */
function product(one, other) {
  let total = 0;
  for (let j = 0; j < one.length; j++) total += one[j] * other[j];
  return total;
}

/** Return exp(z_j) / sum_j exp(z_j), without overflow. @param {number[]} z */
function softmax(z) {
  const largest = Math.max(...z);
  const e = z.map((each) => Math.exp(each - largest));
  const total = sumOf(e);
  return e.map((each) => each / total);
}

/** Return log(sum_j exp(z_j)), finite for every finite z. @param {number[]} z */
function logSumExp(z) {
  const largest = Math.max(...z);
  return largest + Math.log(sumOf(z.map((each) => Math.exp(each - largest))));
}
