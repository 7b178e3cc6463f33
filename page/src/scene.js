// What questions of the guided path share: scenes, and what fits have come to.

import { sumOf } from "./network.js";

/**
 * What is shown with a question.
 * @typedef {object} Scene
 * @property {"watch" | "update" | "gallery"} section
 * @property {import("./study.js").Study} [study] another one than the page's own
 * @property {import("./watch.js").Choice} chosen
 * @property {string} [beside] the place of a configuration
 * @property {string} [part] of an update
 * @property {string} [mistake]
 *
 * What was found out: numbers for the sentences, and which answers are right, from 0: several if the
 * numbers do not decide between them. `isOpen` if none can be judged.
 * @typedef {{right: number[], isOpen?: boolean} & Record<string, any>} Facts
 *
 * @typedef {object} Question
 * @property {keyof import("./english.js").Words["path"]["questions"]} name
 * @property {(study: import("./study.js").Study) => Scene} scene
 * @property {(study: import("./study.js").Study, scene: Scene, histories: import("./history.js").History[], goesOn: () => boolean, progress: (done: number, all: number) => void) => Promise<Facts | null> | Facts | null} find
 *   null if it is not known so far
 */

const CHANCE = 2; // standard errors of a mean difference that can be chance
/** The largest factor between numbers that are about the same: another fold turns them round. */
export const HARDLY = 2;

/**
 * Choose a configuration that differs from the reference in one way: one of the study, or else one
 * of one's own.
 * @param {import("./study.js").Study} study
 * @param {(own: import("./study.js").Named, reference: import("./study.js").Named) => boolean} isWanted
 * @param {Partial<import("./network.js").Configuration>} otherwise
 * @returns {import("./watch.js").Choice}
 */
export function chosen(study, isWanted, otherwise) {
  const { configurations } = study.exported;
  const [reference] = configurations;
  const place = configurations.findIndex(
    (own, c) => c > 0 && isWanted(own, reference) && isAlike(own, reference, otherwise),
  );
  if (place > 0) return { configuration: place, split: 0, own: null };
  const own = { ...reference, ...otherwise, seed: study.seed };
  return { configuration: 0, split: 0, own };
}

/**
 * Return whether two configurations differ in nothing but some values.
 * @param {Record<string, any>} one @param {Record<string, any>} other @param {Record<string, any>} but
 */
const isAlike = (one, other, but) =>
  Object.keys(one).every(
    (key) => key === "name" || key in but || String(one[key]) === String(other[key]),
  );

/** @param {import("./study.js").Study} study @param {import("./watch.js").Choice} choice */
export const configurationOf = (study, { own, configuration }) =>
  own ?? study.exported.configurations[configuration];

/** @param {number[]} values */
export const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;

/** Return the fits of histories once all have ended, else null. @param {import("./history.js").History[]} histories */
export function ended(histories) {
  const fits = histories.map(({ fit }) => fit);
  return fits.length === 2 && fits.every((fit) => fit.ended) ? fits : null;
}

/**
 * Return what two fits have come to: the costs after the last update, on training and on test rows.
 * @param {import("./training.js").Fit[]} fits
 */
export function outcomesOf(fits) {
  const { test: rows, testTargets } = fits[0].samples;
  const costs = fits.map((fit) => rows.map((x, k) => fit.costOn([x], [testTargets[k]])));
  return {
    diverged: fits.map((fit) => fit.status() === "diverged"),
    train: fits.map((fit) => fit.costOn(fit.samples.train, fit.samples.trainTargets)),
    test: costs.map(mean),
    isChance: canBeChance(costs[0].map((cost, k) => cost - costs[1][k])),
    rates: fits.map(({ configuration }) => configuration.learning_rate),
    tests: rows.length,
  };
}

/** Return whether the mean of differences can be chance, of the rows alone. @param {number[]} differences */
export function canBeChance(differences) {
  const [count, middle] = [differences.length, mean(differences)];
  const squares = sumOf(differences.map((each) => (each - middle) ** 2));
  return Math.abs(middle) <= CHANCE * Math.sqrt(squares / (count - 1) / count) || count === 1;
}
