// The random numbers of `backprop.study.streams`: NumPy's SeedSequence, PCG64, `random` and
// `permutation`, to the last bit. So the page needs no starting weight and no sample order.

/**
 * What the numbers are used for: the first 32 bits of the SHA-256 of each name.
 * @type {Record<string, number>}
 */
export const PURPOSES = { weights: 0x9a129038, order: 0x3eeb7e96 };

const POOL = 4; // words of 32 bits
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n; // of PCG64

/** Return the low 32 bits of a product, from 0. @param {number} a @param {number} b */
const multiply = (a, b) => Math.imul(a, b) >>> 0;

/**
 * Return the words of 32 bits of a number, the lowest first; at least one.
 * @param {bigint} number from 0
 * @returns {number[]}
 */
function wordsOf(number) {
  const words = [];
  do {
    words.push(Number(BigInt.asUintN(32, number)));
    number >>= 32n;
  } while (number);
  return words;
}

/**
 * Return a function that hashes word after word, each with the next constant.
 * @param {number} constant
 * @param {number} factor of one constant to the next
 */
function hashing(constant, factor) {
  return (/** @type {number} */ word) => {
    const mixed = (word ^ constant) >>> 0;
    constant = multiply(constant, factor);
    const value = multiply(mixed, constant);
    return (value ^ (value >>> 16)) >>> 0;
  };
}

/** Mix two words into one. @param {number} x @param {number} y */
function mix(x, y) {
  const value = (multiply(0xca01f9dd, x) - multiply(0x4973f715, y)) >>> 0;
  return (value ^ (value >>> 16)) >>> 0;
}

/**
 * Return four words of 64 bits, as `SeedSequence(seed, spawn_key=key).generate_state(4, uint64)`.
 * @param {bigint} seed from 0
 * @param {number[]} key each below 2**32
 * @returns {bigint[]}
 */
export function seedSequence(seed, key) {
  const words = wordsOf(seed);
  while (words.length < POOL) words.push(0); // so that a key is not part of the seed
  const entropy = [...words, ...key];
  const hash = hashing(0x43b0d7e5, 0x931e8875);
  const pool = entropy.slice(0, POOL).map(hash);
  for (let from = 0; from < POOL; from++)
    for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  for (const word of entropy.slice(POOL))
    for (let to = 0; to < POOL; to++) pool[to] = mix(pool[to], hash(word));
  const generate = hashing(0x8b51f9dd, 0x58f38ded);
  const state = [...pool, ...pool].map(generate);
  return [0, 2, 4, 6].map((low) => BigInt(state[low]) | (BigInt(state[low + 1]) << 32n));
}

/** A generator of random numbers: NumPy's PCG64, and what the study draws from it. */
export class Generator {
  /** @param {bigint} seed @param {number[]} key */
  constructor(seed, key) {
    const [high, low, high2, low2] = seedSequence(seed, key);
    /** @type {bigint} */
    this.increment = BigInt.asUintN(128, (((high2 << 64n) | low2) << 1n) | 1n);
    /** @type {bigint} */
    this.state = this.increment + ((high << 64n) | low);
    this.step();
    /** @type {number | null} the second half of a word of 64 bits */
    this.half = null;
  }

  step() {
    this.state = BigInt.asUintN(128, this.state * MULTIPLIER + this.increment);
  }

  /** Return 64 random bits. */
  next64() {
    this.step();
    const bits = BigInt.asUintN(64, (this.state >> 64n) ^ this.state);
    const turn = this.state >> 122n;
    return BigInt.asUintN(64, (bits >> turn) | (bits << (64n - turn)));
  }

  /** Return 32 random bits: the low half of a word, then its high half. */
  next32() {
    if (this.half !== null) {
      const half = this.half;
      this.half = null;
      return half;
    }
    const bits = this.next64();
    this.half = Number(bits >> 32n);
    return Number(BigInt.asUintN(32, bits));
  }

  /** Return a number of U(0, 1). */
  random() {
    return Number(this.next64() >> 11n) / 2 ** 53;
  }

  /** Return a whole number from 0 to `most`, each as probable. @param {number} most from 1 */
  upTo(most) {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = (this.next32() & mask) >>> 0;
      if (value <= most) return value;
    }
  }

  /**
   * Return the numbers from 0 to n - 1 in a random order.
   * @param {number} n
   * @returns {number[]}
   */
  permutation(n) {
    const order = Array.from({ length: n }, (_, place) => place);
    for (let last = n - 1; last > 0; last--) {
      const other = this.upTo(last);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}

/**
 * Return the generator of a purpose, as `backprop.study.streams.stream` does.
 * @param {bigint} seed the seed of the study, from 0
 * @param {string} purpose one of `PURPOSES`
 * @param {...number} key such as a repeat and a fold, both from 0
 */
export const stream = (seed, purpose, ...key) => new Generator(seed, [PURPOSES[purpose], ...key]);
