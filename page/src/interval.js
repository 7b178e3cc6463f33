// How sure one can be of a mean over splits: the interval of the corrected resampled t-test, as in
// `benchmarks/corrected.py`. Nadeau and Bengio (2003), Machine Learning 52, 239-281.

const CONFIDENCE = 0.95;
const DECIMALS = 12;
const HALVINGS = 60;
const ABOVE = 1e3; // the quantile for one degree of freedom is 12.7

/**
 * Return the ends of the interval of a mean difference; null if all are equal, or there is one only.
 * @param {number[]} differences of each split
 * @param {number} folds of each repeat
 * @returns {[number, number] | null}
 */
export function correctedInterval(differences, folds) {
  // Without rounding errors: of equal differences, these alone would make the interval.
  const rounded = differences.map((each) => Number(each.toFixed(DECIMALS)));
  if (rounded.every((each) => each === rounded[0])) return null;
  const count = differences.length;
  const mean = differences.reduce((total, each) => total + each, 0) / count;
  const squares = differences.reduce((total, each) => total + (each - mean) ** 2, 0);
  const error = Math.sqrt((1 / count + 1 / (folds - 1)) * (squares / (count - 1)));
  const margin = quantile(count - 1) * error;
  return [mean - margin, mean + margin];
}

/** Return t with P(|T| < t) = `CONFIDENCE`. @param {number} freedom degrees of it */
function quantile(freedom) {
  let [low, high] = [0, ABOVE];
  for (let k = 0; k < HALVINGS; k++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < CONFIDENCE) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Return P(|T| < t) of a t distribution: a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4).
 * @param {number} t @param {number} freedom
 */
function within(t, freedom) {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = freedom % 2 === 1;
  let [sum, term] = [0, isOdd ? cos : 1];
  for (let k = Number(isOdd); k <= freedom - 2; k += 2) {
    sum += term;
    term *= ((k + 1) / (k + 2)) * cos ** 2;
  }
  return isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}
