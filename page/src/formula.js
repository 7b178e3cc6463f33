// What a formula of the lecture is worth when numbers are put in: so that what a reader is shown is
// also what is calculated with. `one_step.js` writes the formulas.

/** @type {Record<string, (...values: number[]) => number>} */
const FUNCTIONS = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  max: Math.max,
  sqrt: Math.sqrt,
};
const SYMBOL = String.raw`[A-Za-z]+(?:\((?:\d+|out)\))?(?:_\d+(?:,\d+)*)?`;
const TOKEN = new RegExp(
  [
    String.raw`\s*(?:(\d+\.?\d*(?:e[-+]?\d+)?)`, // a number
    `(${Object.keys(FUNCTIONS).join("|")})(?=\\()`,
    `((?:new )?(?:[msu]\\(${SYMBOL}\\)|(?:dE/d)?${SYMBOL}))`,
    String.raw`(\S))`,
  ].join("|"),
  "gy",
);

/**
 * Return what a formula is worth; NaN if it has a sign that is not one of a formula.
 * @param {string} formula such as "w_1 b_1 + w_2 b_2": a product may have no sign
 * @param {(symbol: string) => number} [valueOf]
 */
export function evaluate(formula, valueOf = () => NaN) {
  const tokens = [...formula.matchAll(TOKEN)].map(([, number, called, symbol, sign]) => ({
    number,
    called,
    symbol,
    sign,
  }));
  let at = 0;
  const isAt = (/** @type {string} */ signs) => {
    const sign = tokens[at]?.sign;
    return sign !== undefined && signs.includes(sign);
  };
  const take = (/** @type {string} */ signs) => isAt(signs) && tokens[at++].sign;

  /** @returns {number} */
  const sum = () => {
    let total = take("-") ? -product() : product();
    for (let sign = take("+-"); sign; sign = take("+-"))
      total = sign === "+" ? total + product() : total - product();
    return total;
  };
  /** @returns {number} */
  const product = () => {
    let total = power();
    for (;;) {
      if (take("/")) total /= power();
      else if (take("·") || (tokens[at] && (!tokens[at].sign || isAt("([")))) total *= power();
      else return total;
    }
  };
  /** @returns {number} */
  const power = () => {
    const base = atom();
    return take("^") ? base ** atom() : base;
  };
  /** @returns {number} */
  const atom = () => {
    if (take("(")) return closed(sum());
    if (take("[")) return comparison();
    const { number, called, symbol } = tokens[at++] ?? {};
    if (number) return Number(number);
    if (symbol) return valueOf(symbol);
    if (!called || !take("(")) return NaN;
    const values = [sum()];
    while (take(",")) values.push(sum());
    return closed(FUNCTIONS[called](...values));
  };
  const comparison = () => {
    const left = sum();
    return take(">") ? closed(Number(left > sum())) : NaN;
  };
  const closed = (/** @type {number} */ value) => (take(")]") ? value : NaN);

  const value = sum();
  return at === tokens.length ? value : NaN;
}
