"""The tables of a study, computed again from its fits, folds and data, as docs/formulas.md says.

It imports nothing of `backprop`. Symbols are those of that page: u of shape (R, G), f, V, m, phi.
"""

import copy
import hashlib
import json
import math
from functools import cache, cached_property, partial
from importlib import import_module
from itertools import combinations, pairwise, product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import integrate, optimize, special, stats

METRICS = ("accuracy", "balanced_accuracy", "log_loss", "brier_score", "roc_auc")
ROOT = math.sqrt(3)
OF_CLASSES, LOSSES = ("accuracy", "balanced_accuracy"), ("log_loss", "brier_score")
ENDS = ("", "_lower", "_upper")
ROPES = dict.fromkeys(METRICS, 0.01) | {"brier_score": 0.005}
SIGN = {metric: -1 if metric in LOSSES else 1 for metric in METRICS}
EPSILON, NAN = 2.0**-52, math.nan
PRIMES = [n for n in range(2, 600) if all(n % m for m in range(2, n))]
STATES = ("diverged", "unlearned", "separated", "quasi_separated", "not_converged", "failed")


def stream(seed, purpose, *key):
    number = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:4], "big")
    sequence = np.random.SeedSequence(seed, spawn_key=(number, *key))
    return np.random.Generator(np.random.PCG64(sequence))


# Of a fold: y, shape (m,), are the classes from 0, and p, shape (m, C), the probabilities, or for
# accuracy and balanced accuracy the votes.


def votes_of(p, places):
    """Return the votes of the rows of a fit: of the classes that it names, or p at -1."""
    places = p.argmax(axis=1) if places is None else np.asarray(places)
    return np.where((places < 0)[:, None], p, np.eye(p.shape[1])[places])


def right(y, votes):
    most = votes == votes.max(axis=1, keepdims=True)
    return most[np.arange(len(y)), y] / most.sum(axis=1)


def ranked(p, y, c):
    """Return the share of the rows on the other side with which each row is ranked correctly."""
    own, other, values = p[y == c, c], p[y != c, c], np.empty(len(y))
    wins = (own[:, None] > other) + 0.5 * (own[:, None] == other)
    values[y == c], values[y != c] = wins.mean(axis=1), wins.mean(axis=0)
    return values


class Expected(NamedTuple):
    """A metric of decisions by a matrix: the cost, or what is saved over one class for all.

    Of two classes, what is saved in the `unit` of a miss is the net benefit, or what it is beyond
    deciding that all are positive. `phi` is whether it has two more rows.
    """

    matrix: tuple
    alike: int | None
    unit: float = 1.0
    phi: bool = True

    def decided(self, p):
        matrix = np.array(self.matrix)
        e = np.einsum("...k,kj->...j", p, matrix)
        near = ((e - e.min(axis=-1, keepdims=True)) / matrix.max()).round(12) == 0
        return np.where(near, range(len(matrix)), -1).max(axis=-1)

    def votes(self, p):
        return np.eye(len(self.matrix))[self.decided(p)]

    def every(self):
        matrix = np.array(self.matrix) / self.unit
        return matrix if self.alike is None else matrix[:, [self.alike]] - matrix

    def values(self, y, p):
        return self.every()[y, self.decided(p)]

    def ends(self):
        return self.every().min(), self.every().max()

    def flip(self, y):
        return np.max(self.matrix) / self.unit / len(y) if self.phi else 0.0

    @property
    def sign(self):
        return -1 if self.alike is None else 1


def of_two(missed, false_alarm):
    """Return the matrix of two classes."""
    return (0.0, false_alarm), (missed, 0.0)


def parts(metric, y, p):
    """Return the parts of a metric in a fold: weight, which rows, and the value of each row."""
    size, every = p.shape[1], y >= 0
    if isinstance(metric, Expected):
        return [(1.0, every, metric.values(y, p))]
    if metric == "accuracy":
        return [(1.0, every, right(y, p))]
    if metric == "balanced_accuracy":
        return [(1 / size, y == c, right(y, p)) for c in range(size)]
    if metric == "log_loss":
        return [(1.0, every, -np.log(p[np.arange(len(y)), y].clip(EPSILON, 1 - EPSILON)))]
    if metric == "brier_score":
        return [(1.0, every, ((p - np.eye(size)[y]) ** 2).sum(axis=1) / (2 if size == 2 else 1))]
    sides = [(c, ranked(p, y, c)) for c in ([1] if size == 2 else range(size))]
    return [(1 / len(sides), rows, v) for c, v in sides for rows in (y == c, y != c)]


def metric_of(metric, y, p):
    means = [(w, v[rows].mean()) for w, rows, v in parts(metric, y, p) if rows.any()]
    if metric == "roc_auc":  # of each side, both parts have the same mean
        return sum(w * mean for w, mean in means) / 2
    return np.mean([mean for _, mean in means])


def shift(logs, c, by):
    """Return the probabilities if the logarithm of class c is shifted."""
    return special.softmax(logs + by * np.eye(logs.shape[1])[c], axis=1)


def named_of(votes):
    most = votes == votes.max(axis=1, keepdims=True)
    return most / most.sum(axis=1, keepdims=True)


def terms_of(y, votes, c, measure):
    """Return a and b of each row for a measure of class c."""
    own, named = 1.0 * (y == c), named_of(votes)[:, c]
    return own * named, {"recall": own, "precision": named, "f1": (own + named) / 2}[measure]


def ratio_of(y, votes, c, measure):
    a, b = terms_of(y, votes, c, measure)
    return a.sum() / b.sum() if b.any() else 0.0


class Binormal:
    """Hits and false alarms of each class: `rates`, shape (C, 2), and the scores of its rows."""

    def __init__(self, y, votes, weights):
        self.w, self.n, self.size = weights, len(y), votes.shape[1]
        self.own = np.array([[(y == c).sum(), (y != c).sum()] for c in range(self.size)])
        said = np.array(
            [[votes[y == c, c].sum(), votes[y != c, c].sum()] for c in range(self.size)]
        )
        self.rates = (said + 0.5) / (self.own + 1)
        self.z = stats.norm.ppf(self.rates)
        errors = self.rates * (1 - self.rates) / (self.own + 1) / stats.norm.pdf(self.z) ** 2
        self.d = np.maximum(self.z[:, 0] - self.z[:, 1], ROOT * np.sqrt(errors.sum(axis=1)))
        recalls, left = said[:, 0] / self.own[:, 0], self.own[:, 1] - said[:, 1]
        self.lost = np.array([
            np.delete(weights * recalls, c).sum() * self.own[c, 1] / left[c] if left[c]
            else 1 - weights[c]
            for c in range(self.size)
        ])  # fmt: skip
        self.a, self.b, self.c = np.array([self.moments(c, -10) for c in range(self.size)]).T
        self.v = self.c / (self.a * self.c - self.b**2)

    def moments(self, c, start):
        """Return the integrals of w, w l and w l^2, from start on."""
        d, cut, pi = self.d[c], -self.d[c] / 2 - self.z[c, 1], self.own[c, 0] / self.n

        def value(x, power):
            one, other = pi * stats.norm.pdf(x - d / 2), (1 - pi) * stats.norm.pdf(x + d / 2)
            return one * other / (one + other) * (d * (x - cut)) ** power

        ends = [max(start, cut), 10] if start > -10 else [-10, cut, 10]
        return [
            sum(
                integrate.quad(value, low, high, power, epsabs=1e-14, epsrel=1e-12)[0]
                for low, high in pairwise(ends)
            )
            for power in range(3)
        ]

    def moved(self, by):
        return stats.norm.cdf(self.z + (by / self.d)[:, None]) - self.rates

    def change(self, by):
        return self.w * self.moved(by)[:, 0] - self.lost * self.moved(by)[:, 1]

    def changes(self, count, is_mean):
        """Return Delta of each threshold, in pairs."""
        squares, step = self.w**2 / self.own[:, 0], ROOT / np.sqrt(count * self.a)
        mean = (self.change(step) + self.change(-step)) / 2
        moved = abs(np.array([self.moved(by) for by in (step, -step)]))
        chance = squares * moved[..., 0] + (squares.sum() - squares) * moved[..., 1]
        if is_mean:
            chance[:] = chance.mean(axis=0) / 2
        every = np.where(mean < 0, -1, 1) * np.sqrt(mean**2 + chance)
        return every.T[1 if self.size == 2 else 0 :]

    def factor(self):
        by = ROOT * np.sqrt(self.v / self.n)
        slope = (self.change(by) - self.change(-by)) / (2 * by)
        cuts = -self.d / 2 - self.z[:, 1]
        above = np.array([self.moments(c, cuts[c])[:2] for c in range(self.size)])
        g = (self.c * above[:, 0] - self.b * above[:, 1]) / (self.a * self.c - self.b**2)
        pi = self.own / self.n
        both = self.w / pi[:, 0] * (g - self.rates[:, 0])
        both = both + self.lost / pi[:, 1] * (g - self.rates[:, 1])
        alone = (self.w**2 / pi[:, 0] * self.rates[:, 0] * (1 - self.rates[:, 0])).sum()
        added = (self.size - 1) / self.size * (2 * both * slope + self.v * slope**2).sum()
        return math.sqrt(max(1.0, 1 + added / alone))


class Fits:
    """The out-of-fold probabilities of a configuration, and what follows from them alone.

    `y` and `group`, shape (n,), are the classes and observations, from 0; `fold`, shape (R, n), the
    fold that tests a row, from 0; `p` and `votes` have the shape (R, n, C). `share` is that of the
    training sets; it is None for new data and in an order: the fits are given. `named` is
    whether any fit has `predicted`.
    """

    def __init__(self, y, group, fold, p, votes, metrics=METRICS, share=1.0, named=False):
        self.y, self.group, self.fold, self.p, self.share = y, group, fold, p, share
        self.votes = votes
        (self.repeats, self.n, self.classes), self.folds = p.shape, 1 + fold.max()
        self.metrics, self.observations = metrics, 1 + group.max()
        self.basis = "rows" if self.observations == self.n else "groups"
        places, by_class = np.ndindex(self.repeats, self.folds), (1 / np.bincount(y)).sum()
        self.splits = [(r, np.flatnonzero(fold[r] == k)) for r, k in places]
        self.extreme = ((p <= EPSILON) | (p >= 1 - EPSILON)).any()
        q, self.named = np.maximum(p, 1 / (2 * self.observations)), votes.argmax(axis=2)
        self.q = q / q.sum(axis=2, keepdims=True)
        self.right = np.array([right(y, own) for own in votes])
        self.one_class = np.ptp(self.named) == 0
        largest = [each == each.max(axis=2, keepdims=True) for each in (votes, p)]
        shows = not ((p == 0) | (p == 1)).all() and not (largest[0] & ~largest[1]).any()
        self.shows_thresholds = shows or not named
        self.phi = dict.fromkeys(METRICS, math.sqrt(by_class / self.n) / self.classes)
        self.phi |= {"accuracy": 1 / self.n, "log_loss": 0.0, "brier_score": 0.0}
        if share is None:
            counts = np.bincount(y)
            self.phi["balanced_accuracy"] = math.sqrt((counts**-2.0).mean() / 2) / self.classes
        self.highest = dict.fromkeys(METRICS, 1.0) | {"log_loss": math.inf}
        self.highest["brier_score"] = 1.0 if self.classes == 2 else 2.0
        self.lowest = dict.fromkeys(METRICS, 0.0)

    def used(self, metric):
        return self.votes if metric in OF_CLASSES else self.p

    def of_folds(self, metric):
        """Return the metric of each fold, in order, shape (R K,)."""
        p = self.used(metric)
        return np.array([metric_of(metric, self.y[own], p[r, own]) for r, own in self.splits])

    def score(self, metric):
        return self.of_folds(metric).mean()

    def sizes(self):
        return [len(own) for _, own in self.splits]

    def sums(self, rows):
        """Return the sums over the rows of each observation, from the shape (R, n) to (R, G)."""
        return np.array([np.bincount(self.group, row, self.observations) for row in rows])

    @cache  # noqa: B019
    def shares(self, metric):
        """Return of each part the weight, the shares h and the values v of its rows, (R, n)."""
        p = self.used(metric)
        weights = [w for w, *_ in parts(metric, self.y, p[0])]
        h, v = np.zeros((2, len(weights), self.repeats, self.n))
        for r, test in self.splits:
            for j, (_, of_part, values) in enumerate(parts(metric, self.y[test], p[r, test])):
                h[j, r, test[of_part]] = 1 / (self.folds * of_part.sum())
                v[j, r, test[of_part]] = values[of_part]
        return [*zip(weights, h, v, strict=True)]

    @cache  # noqa: B019
    def contributions(self, metric, against_guess=False):
        u = 0
        for w, h, v in self.shares(metric):
            d = self.deviations(metric, h, v, against_guess)
            u = u + w * self.sums(d) / (1 - self.sums(h))
        if metric == "balanced_accuracy" and not against_guess and self.share:
            if not self.shows_thresholds:
                return u * self.binormal(metric).factor()
            score = partial(metric_of, metric)
            u = u + self.sums([self.by_thresholds(q, np.log(q), score) for q in self.q])
        return u

    def binormal(self, metric):
        weights = np.bincount(self.y) / self.n if metric == "accuracy" else 1 / self.classes
        return Binormal(self.y, self.votes.mean(axis=0), weights * np.ones(self.classes))

    def deviations(self, metric, h, v, against_guess=False):
        """Return d, shape (R, n): 0 of rows that are not of the part."""
        mean, v = (h * v).sum(axis=1).mean(), v.copy()
        if metric == "roc_auc" and self.share is None:
            for r, test in self.splits:
                own = test[h[r, test] > 0]
                v[r, own] -= (v[r, own].mean() - mean) / 2
        d = h * (v - mean)
        for r, c in np.ndindex(self.repeats, self.classes) if against_guess else ():
            rows = (h[r] > 0) & (self.y == c)
            d[r, rows] -= d[r, rows].mean() if rows.any() else 0
        return d

    def of_parts(self, metric):
        """Return the weight of each part, and the sums of h of the observations, shape (G,)."""
        return [(w, self.sums(h).mean(axis=0)) for w, h, _ in self.shares(metric)]

    def least(self, metric, against_guess=False):
        """Return the degrees of freedom by the shares."""
        if self.share is None:
            every = [self.effective(metric, *own, against_guess) for own in self.shares(metric)]
            return max(1.0, min(every) - 1)
        return max(1.0, min((h**2).sum() ** 2 / (h**4).sum() for _, h in self.of_parts(metric)) - 1)

    def effective(self, metric, _, h, v, against_guess):
        """Return the effective number of observations of a part, of given fits."""
        d = self.deviations(metric, h, v, against_guess)
        return self.effective_of(d, self.sums(h > 0).sum(axis=0))

    def effective_of(self, d, sizes):
        rows, pairs = (d**2).sum(), (sizes**2).sum() - sizes.sum()
        excess = (self.sums(d).sum(axis=0) ** 2).sum() - rows
        rho = excess * sizes.sum() / (rows * pairs) if rows * pairs else 1.0
        spread = sizes + (sizes**2 - sizes) * np.clip(rho, 0, 1)
        return spread.sum() ** 2 / (spread**2).sum()

    def by_thresholds(self, q, logs, score):
        """Return what rows contribute to a score through the thresholds."""
        size, t = self.classes, q * (logs - (q * logs).sum(axis=1, keepdims=True))
        error = np.eye(size)[self.y] - q
        s, border = np.column_stack([error, (logs * error).sum(axis=1)]), t.sum(axis=0)[:, None]
        h = np.block([[np.diag(q.sum(axis=0)) - q.T @ q, border], [border.T, (t * logs).sum()]])
        a = (s @ np.linalg.pinv(h, rcond=1e-9, hermitian=True))[:, :size]
        z = ROOT * np.maximum(size / (size - 1) * np.sqrt((a**2).sum(axis=0)), 1 / self.n)
        ends = [[score(self.y, shift(logs, c, by * z[c])) for by in (1, -1)] for c in range(size)]
        return a @ (np.subtract(*np.transpose(ends)) / (2 * z))

    def of_class(self, c, measure, costs=None):
        """Return a measure of a class with its interval, and how many rows are predicted as it.

        Classes are predicted by the votes, or decided by costs.
        """
        every, weights = self.votes, np.ones(self.classes)
        if costs:
            every, weights = costs.votes(self.p), np.sum(costs.matrix, axis=1)
        a, b = np.swapaxes([terms_of(self.y, own, c, measure) for own in every], 0, 1)
        named = np.array([o[:, c] for o in map(named_of, every)])
        size, x = b.sum() / self.repeats, a.sum() / b.sum() if b.any() else NAN
        seen = (self.sums(named) > 0).sum(axis=1).mean(), len({*self.group[self.y == c]})
        if min(seen) < 5 or not (costs or self.shows_thresholds or self.share is None):
            return named.sum() / self.repeats, (x, NAN, NAN)
        d, h = (a - x * b) / size, self.sums(b / size).mean(axis=0)
        u = self.sums(d) / (1 - h)
        if self.share is not None:
            score = partial(ratio_of, c=c, measure=measure)
            every = [self.by_thresholds(q, np.log(q * weights), score) for q in self.q]
            u = u + self.sums(every)
        fewest = self.effective_of(d, self.sums(b > 0).sum(axis=0))
        return named.sum() / self.repeats, (x, *self.of_share(x, u, h, fewest, self.n))

    def of_share(self, x, u, h, fewest, most):
        """Return the interval of a share, by the h of the observations; of given fits, by M."""
        least, eta = (h**2).sum() ** 2 / (h**4).sum(), (h**2).sum()
        (_, df), (v, f) = effective(u), self.variance("balanced_accuracy", u, of_two=False)
        df = max(1.0, least - 1) if self.share else min(df, max(1.0, fewest - 1))
        rows = min(x * (1 - x) / v if v > 0 and 0 < x < 1 else 1 / eta / f, most)
        return wilson(x, max(rows, 1.0), stats.t.ppf(0.975, df))

    def declare(self, metric):
        """Set what an interval needs of a metric of decisions."""
        self.phi[metric] = metric.flip(self.y)
        self.lowest[metric], self.highest[metric] = metric.ends()

    def against_least(self, *metrics):
        """Return the test of the smallest one, the first of equal ones."""
        least = min(metrics, key=lambda metric: round(self.score(metric), 12))
        return Comparison(self, least, self.score(least), self.contributions(least), hidden=False)

    @cached_property
    def shown(self):
        """Return the probability of the shown class and whether it comes true, shape (R, n)."""
        own = np.ones_like(self.named) if self.classes == 2 else self.p.argmax(axis=2)
        return np.take_along_axis(self.p, own[..., None], axis=2)[..., 0], own == self.y

    def covariance(self, gradients, inverse):
        """Return V, from the gradients of the rows, shape (R, n, k)."""
        w = np.linalg.cholesky(inverse)
        e = np.stack([self.sums(column) for column in np.moveaxis(gradients @ w, 2, 0)], axis=2)
        mean = e.mean(axis=0)
        d, u = np.linalg.eigh(mean.T @ mean)
        between = e.var(axis=0, ddof=self.repeats > 1).sum()
        f = self.allowance("log_loss", (mean**2).sum(), between, of_two=False)
        root = w @ u
        return f * (root * np.maximum(d, 1)) @ root.T

    def regressed(self, x, offset=0.0):
        """Return beta, L, the inverse of I and V of a regression of what comes true; or None."""
        z, beta, near = self.shown[1], np.zeros(x.shape[2]), x.shape[2] == 0
        for _ in range(60):
            q = special.expit(x @ beta + offset)
            information = np.einsum("rni,rnj,rn->ij", x, x, q * (1 - q)) / self.repeats
            if len(beta) and np.linalg.cond(information) > 1e12:
                return None
            inverse, gradients = np.linalg.inv(information), x * (z - q)[..., None]
            if near:
                terms = np.where(z, np.log(q), special.log_expit(-x @ beta - offset))
                v = self.covariance(gradients, inverse) if len(beta) else None
                return beta, terms.sum() / self.repeats, inverse, v
            step = inverse @ gradients.sum(axis=(0, 1)) / self.repeats
            beta = beta + step * min(1, 5 / abs(step).max())
            near = abs(step).max() < 1e-7 * (1 + abs(beta).max())
        return None

    @cached_property
    def logits(self):
        p, least = self.shown[0], 1 / (2 * self.observations)
        return special.logit(p.clip(least, 1 - least) if self.shown_extreme else p)

    @property
    def shown_extreme(self):
        p = self.shown[0]
        return bool(((p <= EPSILON) | (p >= 1 - EPSILON)).any())

    def profiled(self, x, others, offset):
        """Return the last coefficient and its interval."""
        has_none = self.observations < 10 or self.shown_extreme
        best = None if has_none else self.regressed(x, offset)
        if best is None:
            return NAN, NAN, NAN
        beta, highest, inverse, v = best
        k, b = len(beta), beta[-1]
        most = stats.t.ppf(0.975, self.observations - k) ** 2 * v[-1, -1] / inverse[-1, -1]

        def excess(value):
            other = self.regressed(others, offset + value * x[..., -1])
            return 2 * (highest - other[1]) - most

        step = 20 * math.sqrt(v[-1, -1])
        ends = []
        for sign in (-1, 1):
            far = b + sign * step / 16
            while excess(far) < 0:
                far += sign * step / 16
            ends.append(optimize.brentq(excess, b, far, xtol=1e-13))
        return b, *ends

    def spline(self, logits, k):
        cubes = [(logits - knot).clip(0) ** 3 for knot in k]
        own = [
            cubes[j]
            - cubes[2] * (k[3] - k[j]) / (k[3] - k[2])
            + cubes[3] * (k[2] - k[j]) / (k[3] - k[2])
            for j in (0, 1)
        ]
        columns = [np.ones_like(logits), logits, *(each / (k[3] - k[0]) ** 2 for each in own)]
        return np.stack(columns, axis=-1)

    @cached_property
    def smooth(self):
        """Return the knots, beta and the draws, shape (4, 1000); or None."""
        k, df = np.quantile(self.logits, (0.05, 0.35, 0.65, 0.95)), self.observations - 4
        if self.observations < 10 or (np.diff(k) <= 1e-6).any():
            return None
        own = self.regressed(self.spline(self.logits, k))
        if own is None:
            return None
        root = np.linalg.cholesky(own[3]) * stats.t.ppf(0.975, df) / stats.norm.ppf(0.975)
        return k, own[0], root @ points(4)[:1000].T

    def curve(self):
        """Return the rows of the curve: p, the share, and the ends of the band."""
        if self.smooth is None:
            return np.empty((0, 4))
        (k, beta, draws), s = self.smooth, min(5 / self.observations, 0.05)
        places = np.linspace(*np.quantile(self.logits, (s, 1 - s)), 101)
        x = self.spline(places, k)
        sigma = np.sqrt(((x @ draws) ** 2).mean(axis=1))
        w = np.quantile(abs(x @ draws / sigma[:, None]).max(axis=0), 0.95)
        return special.expit([places, *(x @ beta + each * w * sigma for each in (0, -1, 1))]).T

    def index(self):
        """Return the index with its interval, and the ends of what it is by chance."""
        if self.smooth is None:
            return [NAN] * 5
        k, beta, draws = self.smooth
        places = np.quantile(self.logits, (np.arange(1, 201) - 0.5) / 200)
        x = self.spline(places, k)

        def j(tau, draws):
            eta = (places + tau * (x @ beta - places))[:, None] + x @ draws
            return abs(special.expit(eta) - special.expit(places)[:, None]).mean(axis=0)

        none = np.zeros((4, 1))
        (own,), chance = j(1, none), np.quantile(j(0, draws), (0.025, 0.975))
        middle, high = np.quantile(j(1, draws), (0.5, 0.975))
        low = 0.0
        if own > chance[1]:
            tau = optimize.brentq(lambda t: np.quantile(j(t, draws), 0.975) - own, 0, 1, xtol=1e-14)
            (low,) = j(tau, none)
        return own, low, own + high - middle, *chance

    def recalibrated(self):
        """Return the difference with its interval, and p; NaN without one."""
        if self.observations < 10 or self.extreme:
            return (NAN, NAN, NAN), NAN
        if self.classes == 2:
            x, none = np.stack([np.ones_like(self.logits), self.logits], axis=2), np.array([0.0, 1])
            own = self.regressed(x)
            if own is None:
                return (NAN, NAN, NAN), NAN
            beta, highest, inverse, v = own
            before = self.regressed(x[..., :0], self.logits)[1]
        else:
            logs, none = np.log(self.p), np.ones(1)
            true = np.broadcast_to(np.eye(self.classes)[self.y], logs.shape)

            def slopes(b):
                return ((true - special.softmax(b * logs, axis=2)) * logs).sum(axis=2)

            if slopes(1e6).sum() >= 0 or slopes(0).sum() <= 0:
                return (NAN, NAN, NAN), NAN
            beta = np.array([optimize.brentq(lambda b: slopes(b).sum(), 0, 1e6, xtol=1e-14)])
            q = special.softmax(beta[0] * logs, axis=2)
            spread = (q * logs**2).sum(axis=2) - (q * logs).sum(axis=2) ** 2
            inverse = np.array([[self.repeats / spread.sum()]])
            v = self.covariance(slopes(beta[0])[..., None], inverse)
            highest, before = (
                (true * special.log_softmax(b * logs, axis=2)).sum() / self.repeats
                for b in (beta[0], 1)
            )
        delta, k = (before - highest) / self.n, len(beta)
        slope = np.linalg.inv(inverse) @ (beta - none) / self.n
        law, variance = stats.f(k, self.observations - k), slope @ v @ slope
        half = math.sqrt(k * law.ppf(0.95) * variance)
        return (delta, delta - half, delta + half), law.sf(delta**2 / k / variance)

    def changes(self, metric):
        """Return Delta of each threshold, in pairs."""
        if metric not in OF_CLASSES or not self.share:
            return np.zeros((1, 2))
        if not self.shows_thresholds:
            is_mean = metric == "balanced_accuracy"
            return self.binormal(metric).changes(self.observations, is_mean)
        changes = []
        for q, votes in zip(self.q, self.votes, strict=True):
            now = metric_of(metric, self.y, votes)
            by = ROOT / np.sqrt(self.observations * (q * (1 - q)).mean(axis=0))
            of_classes = range(self.classes) if self.classes > 2 else [1]
            pairs = [(c, sign * by[c]) for c in of_classes for sign in (1, -1)]
            shifted = [shift(np.log(q), c, each) for c, each in pairs]
            changes.append([metric_of(metric, self.y, own) - now for own in shifted])
        pairs = np.mean(changes, axis=0).reshape(-1, 2)
        if metric == "balanced_accuracy":
            pairs = pairs @ np.full((2, 2), 1 / 2)
        return pairs

    def allowance(self, metric, squares, between, d=0.0, of_two=True):
        """Return f, from the sums of the squares of the means, and of s."""
        if self.share is None:
            return 1.0
        others, c = self.share * (self.folds - 1), 5 / 8 if metric == "roc_auc" else 3 / 8
        a, c = (
            (1, 0 if metric in OF_CLASSES else 3 / 32)
            if of_two
            else (4 if self.repeats == 1 else 1 / 2, c)
        )
        c = 0 if self.repeats == 1 else c
        seen = np.maximum(c * others * between, d) / np.where(squares > 0, squares, np.inf)
        return 1 + np.maximum(a / others, seen)

    def variance(self, metric, u, d=0.0, of_two=True):
        """Return V without phi, and f."""
        squares, between = (u.mean(axis=0) ** 2).sum(), u.var(axis=0, ddof=self.repeats > 1).sum()
        f = self.allowance(metric, squares, between, d, of_two)
        return f * squares, f

    def interval(self, metric, x, level=0.05):
        """Return the ends of the interval of a score of x; NaN if there are none."""
        u, changes = self.contributions(metric), self.changes(metric)
        if metric not in METRICS and self.phi[metric]:
            u = np.hstack([u, np.full((self.repeats, 2), self.phi[metric])])
        d, most = open_by(changes), abs(changes).max()
        (m, df), (v, f) = effective(u), self.variance(metric, u, d, of_two=False)
        df = min(df, self.least(metric)) if self.share is None else df
        if metric == "log_loss":
            if self.is_decided_by_few(m) or v == 0 or self.extreme:
                return NAN, NAN
            factor = math.exp(stats.t.ppf(0.975, df) * math.sqrt(v) / x)
            return x / factor, x * factor
        low, high = self.wilson(metric, x, v, f, df, level)
        near = self.wilson(metric, x, *self.variance(metric, u, of_two=False), df, level)
        return max(low, near[0] - most), min(high, near[1] + most)

    def is_decided_by_few(self, m):
        if self.share is None and 0 < m < self.observations:
            m = 1 / (1 / m - 1 / self.observations)
        return m <= 4

    def scored(self, metric, level=0.05):
        """Return the score with its interval, if it has one."""
        if metric in METRICS and metric not in self.metrics:
            return NAN, NAN, NAN
        x, every = self.score(metric), np.eye(self.classes)[self.named]
        has_none = metric == "roc_auc" and x == 0.5 and not self.contributions(metric).any()
        if metric == "balanced_accuracy":
            counts = [pd.DataFrame(own).groupby(self.group).max().sum() for own in every]
            has_none = self.one_class or (self.share and np.mean(counts, axis=0).min() < 5)
        return x, *((NAN, NAN) if has_none else self.interval(metric, x, level))

    def wilson(self, metric, x, v, f, df, level):
        lowest, z = self.lowest[metric], stats.t.ppf(1 - level / 2, df)
        width, of_parts = self.highest[metric] - lowest, self.of_parts(metric)
        share = min(max((x - lowest) / width, 0.0), 1.0)
        eta = np.array([w * (h**2).sum() for w, h in of_parts])
        equal, is_known = eta.sum() / (eta**2).sum() / f, v > 0 and 0 < share < 1
        rows = share * (1 - share) * width**2 / v if is_known else equal
        if metric in OF_CLASSES:
            rows = min(rows, self.n)
            z = stats.t.ppf(0.975, self.least(metric)) if self.share else z
        if metric == "accuracy" and self.basis == "rows":
            z = stats.norm.ppf(0.975)
        return [lowest + width * end for end in wilson(share, max(rows, 1.0), z)]

    def guess(self):
        p = np.broadcast_to(np.bincount(self.y) / self.n, self.p.shape)
        return Fits(self.y, self.group, self.fold, p, p)

    def of_first_repeat(self):
        """Return the columns of a table on the rows of the first repeat."""
        share, rows, count = self.right[0].mean(), self.n, self.observations
        if self.basis == "groups":
            v = count / (count - 1) * (np.bincount(self.group, self.right[0] - share) ** 2).sum()
            rows = min(share * (1 - share) * self.n**2 / v, self.n) if v and share < 1 else count
        low, high = wilson(share, rows, stats.norm.ppf(0.975))
        counts = {"correct": self.right[0].sum(), "rows": self.n}
        return {**counts, "wilson_lower": low, "wilson_upper": high}


def wilson(share, rows, z):
    """Return Wilson's interval of a share of so many rows."""
    half = z * math.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    return [(share + z**2 / (2 * rows) + end) / (1 + z**2 / rows) for end in (-half, half)]


def effective(u, phi=0.0):
    """Return m, and the degrees of freedom of Satterthwaite."""
    squares, count = u.mean(axis=0) ** 2, u.shape[1]
    second, fourth = squares.sum() + 2 * phi**2, (squares**2).sum() + 2 * phi**4
    m = second**2 / fourth if second else 0.0
    own = 2 / (1 / m - 1 / count) if 0 < m < count else math.inf * m if m else 3.0
    return m, max(3.0, min(count - 1, own))


class Comparison:
    """The test of a difference by a metric."""

    def __init__(self, fits, metric, difference, u, hidden, d=None, is_one=False):
        self.metric, self.difference, self.u, self.fits = metric, difference, u.round(12), fits
        self.basis, phi = "identical" if is_one else fits.basis, 0.0 if is_one else fits.phi[metric]
        of_two = d is not None
        self.d, (v, f) = d, fits.variance(metric, self.u, d or 0.0, of_two)
        v = max(v, v / f + 2 * phi**2)
        m, self.df = effective(self.u, phi)
        least = fits.least(metric, not of_two and metric in METRICS)
        self.df = max(self.df, least) if phi else self.df
        self.df = min(self.df, least) if fits.share is None and not phi else self.df
        self.hidden = v > 0 and metric == "log_loss" and (hidden or fits.is_decided_by_few(m))
        self.known = v > 0 and not self.hidden
        self.error = math.sqrt(v) if self.known else NAN
        self.t = difference / self.error
        self.p = 2 * stats.t.sf(abs(self.t), self.df) if self.known else 1.0

    def interval(self, level=0.05):
        half = stats.t.ppf(1 - level / 2, self.df) * self.error
        most = self.fits.highest[self.metric] - self.fits.lowest[self.metric]
        ends = [max(self.difference - half, -most), min(self.difference + half, most)]
        return self.difference, *([0.0, 0.0] if self.basis == "identical" else ends)

    def columns(self, rope, p, level=0.05):
        sign = SIGN.get(self.metric) or self.metric.sign
        apart = np.array([-rope, rope]) - round(sign * self.difference, 12)
        own = stats.t.cdf(apart / self.error, self.df) if self.known else 1.0 * (apart > 0)
        worse, equal, better = [NAN] * 3 if self.hidden else (own[0], own[1] - own[0], 1 - own[1])
        critical = stats.t.ppf(1 - level / 2, self.df)
        return three("difference", self.interval()) | {
            "standard_error": NAN if self.hidden else self.error if self.known else 0.0,
            "t": self.t, "p_value": self.p, "p_adjusted": p, "basis": self.basis, "worse": worse,
            "equal": equal, "better": better, "outcome": outcome(p, worse, equal, better),
            "confidence": 0.95,
            "detectable": special.nctdtrinc(self.df, 0.2, critical) * self.error,
        }  # fmt: skip


def three(name, values):
    return {f"{name}{end}": value for end, value in zip(ENDS, values, strict=True)}


def outcome(p, worse, equal, better):
    side = "better" if better > worse else "worse"
    side = side if max(worse, better) > 0.5 else "slightly different"
    return "practically equal" if equal >= 0.95 else side if p < 0.05 else "undecided"


def same(one, other):
    inside = one.p[(one.p > 1e-6) & (one.p < 1 - 1e-6)].round(6)
    return np.abs(one.p - other.p).max() <= 1e-6 and len({*inside}) >= 10


def compare(one, other, metric):
    u = one.contributions(metric) - other.contributions(metric)
    scores = [each.of_folds(metric).round(12) for each in (one, other)]
    if same(one, other) and np.array_equal(*scores):
        return Comparison(one, metric, 0.0, 0 * u, hidden=False, d=0.0, is_one=True)
    hidden, difference = one.extreme or other.extreme, one.score(metric) - other.score(metric)
    d = open_by(one.changes(metric) - other.changes(metric))
    return Comparison(one, metric, difference, u, hidden=hidden, d=d)


def open_by(changes):
    """Return D."""
    return max((up**2 + down**2) / 6 for up, down in changes)


def mcnemar(one, other):
    """Return the p-value of two arrays of what is right."""
    only, differing = int((one > other).sum()), int((one != other).sum())
    return stats.binomtest(only, differing).pvalue if differing else 1.0


@cache
def points(count):
    return stats.norm.ppf(np.arange(1, 65537)[:, None] * np.sqrt(PRIMES[:count]) % 1)


def normals(means):
    """Return Z of the points, with the correlations of mean contributions, shape (65536, m)."""
    means = np.array([each / (np.linalg.norm(each) or 1) for each in means])
    matrix = means @ means.T
    np.fill_diagonal(matrix, 1 + 1e-9)
    return points(len(means)) @ np.linalg.cholesky(matrix).T


def sizes(tests):
    """Return |Z| of the 65,536 points, of the correlations of differences, shape (65536, m)."""
    means = np.array([test.u.mean(axis=0) for test in tests])
    rows = means.round(12)
    signs = [next((np.sign(each) for each in row if each), 1.0) for row in rows]
    order = np.array(sorted(range(len(rows)), key=lambda i: (signs[i] * rows[i]).tolist()))
    means = (means * np.array(signs)[:, None])[order]
    return np.abs(normals(means))[:, order.argsort()]


def holm(p):
    p, order = np.asarray(p), np.argsort(p, kind="stable")
    every = np.maximum.accumulate(np.arange(len(p), 0, -1) * p[order]).clip(max=1)
    return every[order.argsort()]


def adjusted(tests):
    """Return the p-values of a family, adjusted together."""
    p = np.array([test.p for test in tests])
    order, p_adjusted, last = p.argsort(kind="stable"), holm(p), 0.0
    z = sizes(tests) if tests else None
    for place, i in enumerate(order):
        last = max(last, (z[:, order[place:]].max(axis=1) >= stats.norm.isf(p[i] / 2)).mean())
        p_adjusted[i] = min(p_adjusted[i], max(last, p[i], 0.01))
    return p_adjusted


def adjusted_with_weights(tests):
    """Yield the last of each of (p, weight, mean contributions, anything), and the adjusted p."""
    tests, last = sorted(tests, key=lambda test: test[0] / test[1]), 0.0
    if len(tests) < 2:
        yield from ((row, p) for p, _, _, row in tests)
        return
    weights = np.array([test[1] for test in tests])
    ratios = stats.norm.sf(normals([test[2] for test in tests])) / weights
    for place, (p, weight, _, row) in enumerate(tests):
        share = (ratios[:, place:].min(axis=1) <= p / weight).mean()
        most = min(1, weights[place:].sum() * p / weight)
        last = max(last, min(most, max(share, 0.002)))
        yield row, max(last, p)


def level_of(tests):
    """Return the level of each test at the first step."""
    return 2 * stats.norm.sf(np.quantile(sizes(tests).max(axis=1), 0.95)) if tests[1:] else 0.05


def family(tests, rope, counted=None):
    """Return the columns of tests, which are adjusted for those that are counted."""
    counted = [key for key in tests if counted is None or key in counted]
    p_adjusted = dict(zip(tests, adjusted([*tests.values()]), strict=True))
    p_adjusted |= dict(zip(counted, adjusted([tests[key] for key in counted]), strict=True))
    level = level_of([tests[key] for key in counted])
    return {key: test.columns(rope, p_adjusted[key], level) for key, test in tests.items()}


def alone(one, other, metric, rope):
    return family({0: compare(one, other, metric)}, rope)[0]


def encoder(train):
    """Return what makes inputs of rows, as docs/your-own-data.md says, standardised."""
    numbers = [name for name in train if pd.api.types.is_numeric_dtype(train[name])]
    fills = {n: train[n].median() if n in numbers else train[n].mode()[0] for n in train}
    filled, absent = train.fillna(fills), train.isna()
    flags = [n for n in train if 10 <= absent[n].sum() <= len(train) - 10]

    def inputs(rows):
        own = rows.fillna(fills)
        columns = [own[name] for name in numbers]
        for name in train.columns.drop(numbers):
            columns += [1.0 * (own[name] == c) for c in sorted({*filled[name]})[1:]]
        return np.column_stack([*columns, *(1.0 * rows[name].isna() for name in flags)])

    seen = inputs(train)
    return lambda rows: (inputs(rows) - seen.mean(axis=0)) / seen.std(axis=0)


class Study:
    """A study: the folder of its data set in the results, and its config.

    The name of a table is that of a method, which yields rows as mappings of columns to values.
    """

    def __init__(self, folder, config):
        self.folder, self.seed, self.models = folder, config["seed"], config["models"]
        self.estimators = config.get("estimators", {})
        columns = json.loads((folder / "data/columns.json").read_text())
        self.classes = [*json.loads((folder / "data/provenance.json").read_text())["classes"]]
        self.label = config["datasets"][folder.name]["label"]
        self.data = self.read("data/dataset.csv")
        self.all_y = self.data[self.label].map(self.classes.index).to_numpy()
        self.rope, order = config["comparison"]["rope"], columns.get("order")
        self.metric = config["comparison"].get("metric", "accuracy")
        own = config["comparison"]
        threshold = own.get("threshold", NAN)
        costs = own.get("costs", {"missed": 1 - threshold, "false_alarm": threshold})
        self.of_two = not any(isinstance(each, dict) for each in costs.values())
        if self.of_two:
            self.matrix, self.unit = of_two(**costs), costs["missed"]
        else:
            every = [
                [0.0 if k == j else float(costs.get(k, {}).get(j, 1)) for j in self.classes]
                for k in self.classes
            ]
            self.matrix, self.unit = tuple(map(tuple, every)), 1.0
        self.ropes = {**ROPES, self.metric: self.rope}
        folds = self.read("data/folds.csv").pivot(index="repeat", columns="row", values="fold")
        self.fold, stored = folds.to_numpy() - 1, self.stored("fits")
        self.tested, self.share = np.flatnonzero(self.fold[0] >= 0), None if order else 1.0
        self.fold, self.y = self.fold[:, self.tested], self.all_y[self.tested]
        self.n = len(self.tested)
        self.group = np.array(columns["groups"] or range(self.n))
        if order:
            middles = stats.rankdata(np.array(order)[self.tested]) - 0.5
            self.group = np.floor(10 * middles / self.n).astype(int)
        self.inner, outer = stored[stored["inner"].notna()], stored[stored["inner"].isna()]
        groups = outer.sort_values(["repeat", "fold"]).groupby(["model", "configuration"])
        names = dict.fromkeys(zip(stored["model"], stored["configuration"], strict=True))
        ordered = sorted(names, key=lambda key: self.models.index(key[0]))
        self.outer = {key: groups.get_group(key) for key in ordered}
        self.every = {key: self.fits_of(own) for key, own in self.outer.items()}
        self.references = {model: self.every[self.keys(model)[0]] for model in self.models}
        self.distinct = {m: own for m, own in self.references.items() if m not in self.same_as}
        self.base, self.folds = self.references["logistic"], self.fold.max() + 1
        self.tuned_models = [model for model in self.models if len(self.keys(model)) > 1]

    def read(self, path):
        return pd.read_csv(self.folder / path, dtype={self.label: str})

    def stored(self, folder):
        files = sorted((self.folder / folder).rglob("*.parquet"))
        return pd.concat([pd.read_parquet(file).assign(share=file.stem) for file in files])

    def keys(self, model):
        """Return the model and the name of each of its configurations; the reference is first."""
        return [key for key in self.outer if key[0] == model]

    def probabilities(self, fit):
        p, rows = np.asarray(fit.probabilities), np.asarray(fit.rows) - 1
        p = np.stack([1 - p, p], axis=1) if len(self.classes) == 2 else p
        return rows, p.reshape(len(rows), -1)

    def fits_of(self, stored, share=None):
        fold = self.fold[: stored["repeat"].max()]
        p, votes = np.full((2, *fold.shape, len(self.classes)), NAN)
        for fit in stored.itertuples():
            rows, own = self.probabilities(fit)
            rows = np.searchsorted(self.tested, rows)
            assert ((fold[fit.repeat - 1] == fit.fold - 1).nonzero()[0] == rows).all()
            p[fit.repeat - 1, rows] = own
            votes[fit.repeat - 1, rows] = votes_of(own, fit.predicted)
        metrics = OF_CLASSES if (stored["status"] == "only_classes").any() else METRICS
        named = stored["predicted"].notna().any()
        share = share or self.share
        return Fits(self.y, self.group, fold, p, votes, metrics, share, named=named)

    def states(self, key):
        status = self.outer[key]["status"]
        return {"fits": len(status)} | {state: (status == state).sum() for state in STATES}

    def hyperparameters(self, key):
        values = json.loads(self.outer[key]["hyperparameters"].iloc[0])
        return {k: "x".join(map(str, v)) if isinstance(v, list) else v for k, v in values.items()}

    @cached_property
    def same_as(self):
        """Return the earlier model that a model is the same as, and how nearly."""
        earlier = {}
        for other, model in combinations(self.models, 2):
            own, first = self.references[model], self.references[other]
            if not {model, other} & {*earlier} and same(own, first):
                earlier[model] = other, np.abs(own.p - first.p).max()
        return earlier

    # Against a guess

    def guessing(self):
        values = pd.DataFrame({metric: self.base.guess().of_folds(metric) for metric in METRICS})
        values[["repeat", "fold"]] = 1 + np.array([*np.ndindex(len(self.fold), self.folds)])
        values["rows"] = self.base.sizes()
        return values.to_dict("records")

    @cache  # noqa: B019
    def against_guess(self):
        metrics = [*dict.fromkeys((self.metric, "balanced_accuracy", "roc_auc", "log_loss"))]
        tested = {(model, False): own for model, own in self.distinct.items()}
        tested |= {(model, True): own for model, (_, own) in self.tuned.items()}
        rows, counted = [], []
        for (model, is_tuned), fits in tested.items():
            opposite, own = [], []
            for metric in (metric for metric in metrics if metric in fits.metrics):
                x, guess = fits.score(metric), fits.guess().score(metric)
                of_rows = np.average(fits.guess().of_folds(metric), weights=fits.sizes())
                arguments = fits, metric, x - guess, fits.contributions(metric, against_guess=True)
                hidden = fits.extreme, False
                test, limited = (Comparison(*arguments, each) for each in hidden)
                p = stats.t.sf(SIGN[metric] * test.t, test.df) if test.known else 0.5
                ruled_out = (fits.p[:, np.arange(self.n), self.y] <= EPSILON).any()
                is_limited = metric == "log_loss" and limited.known and ruled_out
                opposite.append(stats.t.sf(limited.t, limited.df) if is_limited else 1 - p)
                own.append({
                    "model": model, "tuned": is_tuned, "metric": metric, "score": x,
                    "guess": of_rows, **three("difference", test.interval()), "p_value": p,
                    "permuted": False, "p_adjusted": 1.0, "better": False,
                })  # fmt: skip
                if test.known and (test.u.mean(axis=0).any() or p < 1 / 2):
                    weight = 1 / 2 if metric == self.metric else 1 / 2 / (len(metrics) - 1)
                    counted.append((p, weight, SIGN[metric] * test.u.mean(axis=0), own[-1]))
            for row, p in zip(own, holm(opposite), strict=True):
                bad = -SIGN[row["metric"]] * row["difference"]
                row["worse"] = p < 0.05 and bad > self.ropes[row["metric"]]
            rows += own
        for row, p_adjusted in adjusted_with_weights(counted):
            row |= {"p_adjusted": p_adjusted, "better": p_adjusted < 0.0075}
        return rows

    def better(self, tuned):
        """Return the models that are better than a guess by any metric."""
        return {
            row["model"] for row in self.against_guess() if row["better"] and row["tuned"] == tuned
        }

    # Comparisons

    def against_base(self, metric):
        """Return the columns of the distinct models against logistic regression."""
        others = {m: own for m, own in self.distinct.items() if metric in own.metrics}
        tests = {m: compare(own, self.base, metric) for m, own in others.items() if m != "logistic"}
        return family(tests, self.ropes[metric], self.better(tuned=False))

    def comparison(self):
        results = self.against_base(self.metric)
        for model, fits in self.references.items():
            key, rowwise = self.keys(model)[0], self.base.basis == "rows" and model != "logistic"
            row = {"model": model, "configuration": key[1], **self.states(key)}
            row |= three(self.metric, fits.scored(self.metric)) | fits.of_first_repeat()
            row["same_as"], row["same_within"] = first, _ = self.same_as.get(model, (None, NAN))
            if first:
                own = alone(fits, self.base, self.metric, self.rope)
                of_first, names = results.get(first, own), ("p_adjusted", "detectable", "outcome")
                results[model] = own | {name: of_first[name] for name in names}
            row["mcnemar_p"] = mcnemar(fits.right[0], self.base.right[0]) if rowwise else NAN
            yield row | results.get(model, {}) | self.corrected(fits, model)

    def corrected(self, fits, model):
        """Return the corrected resampled t-test of Nadeau and Bengio (2003)."""
        if model == "logistic" or self.metric not in fits.metrics:
            return {}
        if self.share is None:
            return dict.fromkeys(("corrected_lower", "corrected_upper", "corrected_p"), NAN)
        d = (fits.of_folds(self.metric) - self.base.of_folds(self.metric)).round(12)
        error = math.sqrt((1 / d.size + 1 / (self.folds - 1)) * d.var(ddof=1))
        error, p = (error, 2 * stats.t.sf(abs(d.mean() / error), d.size - 1)) if error else (NAN, 1)
        half = stats.t.ppf(0.975, d.size - 1) * error
        ends = d.mean() - half, d.mean() + half
        return dict(
            zip(("corrected_lower", "corrected_upper", "corrected_p"), (*ends, p), strict=True)
        )

    def metrics(self):
        for metric in METRICS:
            results = self.against_base(metric)
            for model, fits in self.references.items():
                first = self.same_as.get(model, (None,))[0]
                row = {"model": model, "metric": metric, "rope": self.ropes[metric]}
                row |= three("score", fits.scored(metric)) | {"same_as": first}
                yield from [row | results.get(first or model, {})] if metric in fits.metrics else []

    def by_class(self):
        for (model, fits), (c, name) in product(self.references.items(), enumerate(self.classes)):
            row = {"model": model, "class": name, "rows": (self.y == c).sum()}
            for measure in ("recall", "precision", "f1"):
                row["predicted"], values = fits.of_class(c, measure)
                row |= three(measure, values)
            yield row

    def decisions(self):
        over = [Expected(self.matrix, c, self.unit) for c in range(len(self.classes))]
        worth = over[0] if self.of_two else Expected(self.matrix, None)
        cost = Expected(self.matrix, None, phi=False)
        judged = {m: fits for m, fits in self.references.items() if "log_loss" in fits.metrics}
        for fits, metric in product(judged.values(), [*over, worth, cost]):
            fits.declare(metric)
        tests = {
            m: compare(fits, self.base, worth)
            for m, fits in judged.items() if m != "logistic" and m not in self.same_as
        }  # fmt: skip
        results, beyond = family(tests, 0.0, self.better(tuned=False)), {}
        for model, fits in judged.items():
            beyond[model] = fits.against_least(*over)
        p = {m: stats.t.sf(test.t, test.df) for m, test in beyond.items() if m not in self.same_as}
        p = dict(zip(p, holm([*p.values()]), strict=True))
        for model, fits in judged.items():
            first = self.same_as.get(model, (None,))[0]
            tested = results.get(first or model, {})
            names = ("p_value", "p_adjusted", "outcome", *(f"difference{end}" for end in ENDS))
            decided = worth.decided(fits.p)[..., None]
            less = fits.p.max(axis=2) - np.take_along_axis(fits.p, 1 * decided, axis=2)[..., 0]
            row = {
                "model": model, "same_as": first, "changed": (less.round(12) > 0).mean(),
                "beyond_p": p[first or model], "useful": p[first or model] < 0.05,
                **{name: tested.get(name) for name in names}, **three("cost", fits.scored(cost)),
            }  # fmt: skip
            own, low, high = beyond[model].interval()
            if not self.of_two:
                best, of_model = beyond[model].metric, fits.score(cost)
                row |= {"alike": self.classes[best.alike], "alike_cost": of_model + own}
                yield row | three("beyond", (-own, -high, -low))
                continue
            yield row | {
                "positive": self.classes[1], "threshold": self.matrix[0][1] / np.sum(self.matrix),
                "treat_all": fits.score(worth) - fits.score(over[1]),
                **three("net_benefit", fits.scored(worth)), **three("beyond", (own, low, high)),
                **three("sensitivity", fits.of_class(1, "recall", worth)[1]),
                **three("specificity", fits.of_class(0, "recall", worth)[1]),
                **three("positive_value", fits.of_class(1, "precision", worth)[1]),
                **three("negative_value", fits.of_class(0, "precision", worth)[1]),
            }  # fmt: skip

    def decision_curve(self):
        (_, false_alarm), (missed, _) = self.matrix
        odds = math.log(false_alarm / missed)
        thresholds = special.expit(odds + math.log(4) * np.linspace(-1, 1, 33))
        thresholds[16] = false_alarm / (missed + false_alarm)
        for model, fits in self.distinct.items():
            if "log_loss" not in fits.metrics:
                continue
            at = [[Expected(of_two(1 - t, t), c, 1 - t) for c in (0, 1)] for t in thresholds]
            for metric in (each for pair in at for each in pair):
                fits.declare(metric)
            own = [Comparison(fits, a, 0, fits.contributions(a), hidden=False) for a, _ in at]
            beyond = [fits.against_least(*pair) for pair in at]
            levels = round(level_of(own), 6), round(level_of(beyond), 6)
            for t, (benefit, beyond_all), least in zip(thresholds, at, beyond, strict=True):
                yield {
                    "model": model, "threshold": t,
                    "treat_all": fits.score(benefit) - fits.score(beyond_all),
                    **three("net_benefit", fits.scored(benefit, levels[0])),
                    **three("beyond", least.interval(levels[1])),
                }  # fmt: skip

    def calibration(self):
        rows = []
        for model, fits in self.with_probabilities.items():
            ones = np.ones((*fits.logits.shape, 1))
            both = np.concatenate([ones, fits.logits[..., None]], axis=2)
            *index, low, high = fits.index()
            recalibrated, p = fits.recalibrated()
            curve = fits.curve()
            inside = ((curve[:, 2] <= curve[:, 0]) & (curve[:, 0] <= curve[:, 3])).all()
            rows.append({
                "model": model, "same_as": self.same_as.get(model, (None,))[0],
                "chance_lower": low, "chance_upper": high, "p_value": p,
                "diagonal": inside if len(curve) else None,
                **three("slope", fits.profiled(both, ones, 0.0)),
                **three("intercept", fits.profiled(ones, ones[..., :0], fits.logits)),
                **three("ici", index), **three("recalibrated", recalibrated),
            })  # fmt: skip
        known = {r["model"]: r["p_value"] for r in rows if not r["same_as"] and r["p_value"] >= 0}
        adjusted = dict(zip(known, holm([*known.values()]) if known else [], strict=True))
        for row in rows:
            own = adjusted.get(row["same_as"] or row["model"], NAN)
            row["p_adjusted"] = own
            row["helps"] = own < 0.05 if own >= 0 else None
        return rows

    def calibration_curves(self):
        for model, fits in self.with_probabilities.items():
            for point, (p, *share) in enumerate(fits.curve(), 1):
                yield {"model": model, "point": point, "p": p, **three("share", share)}

    @property
    def with_probabilities(self):
        return {m: fits for m, fits in self.references.items() if "log_loss" in fits.metrics}

    def pairs(self):
        names = [(one, other) for other, one in combinations(self.distinct, 2)]
        learned = {*self.better(tuned=False), "logistic"}
        for with_base in (True, False):
            own = [pair for pair in names if ("logistic" in pair) == with_base]
            tests = {p: compare(*(self.distinct[m] for m in p), self.metric) for p in own}
            results = family(tests, self.rope, [pair for pair in own if learned >= {*pair}])
            yield from ({"model": a, "other": b, **results[a, b]} for a, b in own)

    def configurations(self):
        others = {key: own for key, own in self.every.items() if own is not self.base}
        tests = {key: compare(own, self.base, self.metric) for key, own in others.items()}
        counted = [key for key, test in tests.items() if test.basis != "identical"]
        p_adjusted = dict(zip(counted, holm([tests[key].p for key in counted]), strict=True))
        for key, fits in self.every.items():
            row = {"model": key[0], "configuration": key[1], **self.hyperparameters(key)}
            for metric in METRICS:
                row |= three(metric, fits.scored(metric))
            own = tests[key].columns(self.rope, p_adjusted.get(key, 1.0)) if key in tests else {}
            yield row | self.states(key) | own

    def effects(self):
        for model in self.tuned_models:
            first, *others = self.keys(model)
            tests = {k: compare(self.every[k], self.every[first], self.metric) for k in others}
            results = family(tests, self.rope)
            for key in others:
                yield {
                    "model": model, "configuration": key[1], **results[key],
                    self.metric: self.every[key].score(self.metric),
                    "unlearned": (self.outer[key]["status"] == "unlearned").sum(),
                }  # fmt: skip

    # Tuning

    def tuning(self):
        sign, metric = SIGN[self.metric], self.metric
        for model in self.tuned_models:
            keys = self.keys(model)
            plain = np.array([sign * self.every[key].score(metric) for key in keys]).round(12)
            best = plain.argmax()
            yield {
                "model": model, "candidates": len(keys), "left_out": 0,
                f"plain_{metric}": sign * plain[best], "tied": (plain == plain[best]).sum(),
                f"logistic_{metric}": self.base.score(metric), "best": keys[best][1],
            }  # fmt: skip

    def first(self, fits, repeats):
        own = fits.p[:repeats], fits.votes[:repeats]
        return Fits(self.y, self.group, self.fold[:repeats], *own, share=self.share)

    @cached_property
    def tuned(self):
        """Return of each tuned model the places of its choices in the splits, and its fits."""
        judged, columns = {}, ["repeat", "fold", "configuration"]
        for model in self.tuned_models if len(self.inner) else ():
            own, keys = self.inner[self.inner["model"] == model], self.keys(model)
            sign, scores = SIGN[self.metric], []
            for fit in own.itertuples():
                i, p = self.probabilities(fit)
                p = votes_of(p, fit.predicted) if self.metric in OF_CLASSES else p
                scores.append(sign * len(i) * metric_of(self.metric, self.all_y[i], p))
            sums = own[columns].assign(score=scores).groupby(columns)["score"].sum().unstack()
            places = sums[[name for _, name in keys]].to_numpy().round(12).argmax(axis=1)
            chosen = copy.deepcopy(self.references[model])
            for (r, rows), place in zip(self.base.splits, places, strict=False):
                chosen.p[r, rows] = self.every[keys[place]].p[r, rows]
                chosen.votes[r, rows] = self.every[keys[place]].votes[r, rows]
            judged[model] = places, self.first(chosen, len(places) // self.folds)
        return judged

    @cached_property
    def tests_of_tuned(self):
        """Return the columns of tuned models, and of pairs of them."""
        tests = {}
        for model, (_, own) in self.tuned.items():
            tests[model,] = compare(own, self.first(self.base, own.repeats), self.metric)
        for pair in [(one, other) for other, one in combinations(self.tuned, 2)]:
            tests[pair] = compare(*(self.tuned[model][1] for model in pair), self.metric)
        return family(tests, self.rope, [k for k in tests if self.better(tuned=True) >= {*k}])

    def nested(self):
        for model, (places, own) in self.tuned.items():
            names, counts = [name for _, name in self.keys(model)], np.bincount(places)
            untuned = self.first(self.references[model], own.repeats).score(self.metric)
            beats = self.tests_of_tuned.get((model, "logistic"), {"outcome": None})["outcome"]
            yield {
                "model": model, "candidates": len(names), "fits": len(places), "unchosen": 0,
                "unscored": 0, "choices": (counts > 0).sum(), "chosen": names[counts.argmax()],
                "stability": counts.max() / len(places), f"untuned_{self.metric}": untuned,
                "beats_tuned": beats and beats == "better", **self.tests_of_tuned[model,],
                **three(self.metric, own.scored(self.metric)), "same_as": None,
            }  # fmt: skip

    def nested_pairs(self):
        tests = self.tests_of_tuned.items()
        return [{"model": key[0], "other": key[1], **own} for key, own in tests if len(key) == 2]

    # Fits and rows

    def fits(self):
        for key, fits in self.every.items():
            shared = {"model": key[0], "configuration": key[1], **self.hyperparameters(key)}
            own = self.outer[key][["repeat", "fold", "status", "epochs"]].to_dict("records")
            for place, row in enumerate(own):
                yield row | shared | {m: fits.of_folds(m)[place] for m in fits.metrics}

    def hard_rows(self):
        counted = {m: fits for m, fits in self.references.items() if not fits.one_class}
        wrong = sum((fits.right < 1).sum(axis=0) for fits in counted.values())
        others = " ".join(m for m in self.models if m not in counted) or None
        shared = {"predictions": sum(f.repeats for f in counted.values()), "one_class": others}
        rows = zip(self.tested, wrong, strict=True)
        return [{"row": i + 1, "wrong": each, **shared} for i, each in rows]

    # Training rows

    @cached_property
    def sizes(self):
        """Return the share, the mean number of training rows, and the fits of each model."""
        by_share, trained = (
            [],
            [np.bincount(np.delete(self.y, test)) for _, test in self.base.splits],
        )
        for share, own in self.stored("learning").groupby("share"):
            rows = [sum(max(1, round(float(share) * count)) for count in each) for each in trained]
            models = {m: own[own["model"] == m] for m in self.models if m in {*own["model"]}}
            fits = {m: self.fits_of(each, float(share)) for m, each in models.items()}
            by_share.append((float(share), np.mean(rows), fits))
        whole = {model: self.references[model] for model in fits}
        return [*by_share, (1.0, np.mean([each.sum() for each in trained]), whole)]

    def training_sizes(self):
        for share, training_rows, models in self.sizes:
            for model, fits in models.items():
                row = {"model": model, "share": share, "training_rows": training_rows}
                row |= three(self.metric, fits.scored(self.metric)) | {"fits": len(fits.splits)}
                own = alone(fits, models["logistic"], self.metric, self.rope)
                yield row | {"unscored": 0} | (own if model != "logistic" else {})

    def rows_needed(self):
        metric, base, x = self.metric, self.base, np.log([rows for _, rows, _ in self.sizes])
        models, x = [m for m in self.distinct if m in self.sizes[-1][2]], x - x.mean()
        curves = {
            model: [compare(fits[model], fits["logistic"], metric) for *_, fits in self.sizes]
            for model in models if model != "logistic"
        }  # fmt: skip
        level = level_of([curve[-1] for curve in curves.values()])
        for model, curve in curves.items():
            test, draws = curve[-1], stream(self.seed, "rows needed")
            w = draws.exponential(size=(400, base.observations))
            w = np.vstack([0 * w[:1] + 1, w / w.mean(axis=1, keepdims=True)])
            squares, between = w @ (test.u.mean(axis=0) ** 2), w @ test.u.var(axis=0, ddof=1)
            b = np.log([w @ (each.u**2).mean(axis=0) for each in curve]).T @ x / (x**2).sum()
            f = base.allowance(metric, squares, between, test.d)
            known = np.append(1, draws.gamma(self.folds, 1 / self.folds, 401)[1:])
            v, critical = (1 + known * (f - 1)) * squares, stats.t.ppf(1 - level / 2, test.df)
            for size in sorted({self.rope, *(times * ROPES[metric] for times in (2, 5))}):
                slopes = (0 * b, b.clip(-1, 0.5))
                times = np.array(
                    [times_needed(size, v, squares, each, test, level) for each in slopes]
                )
                ends = np.quantile(times.min(axis=0), 0.025), np.quantile(times.max(axis=0), 0.975)
                needed = self.n * np.array([math.sqrt(times[:, 0].prod()), *ends])
                power = 1 - special.nctdtr(test.df, size / test.error, critical)
                row = {"model": model, "size": size, "rows_here": self.n, "power": power}
                yield row | three("rows", needed)

    # Without features

    def importance(self):
        stored = self.stored("importance")
        for model in [m for m in self.distinct if m in {*stored["model"]}]:
            own, whole = stored[stored["model"] == model], self.distinct[model]
            features = own["hyperparameters"].map(lambda text: tuple(json.loads(text)["without"]))
            fits = {" and ".join(n): self.fits_of(own[features == n]) for n in {*features}}
            tests = {name: compare(whole, each, self.metric) for name, each in fits.items()}
            for name, columns in family(tests, self.rope).items():
                row = {"model": model, "features": name, "unscored": 0, **columns}
                row |= three("permuted", self.permuted(model, name.split(" and ")))
                yield row | three(f"{self.metric}_without", fits[name].scored(self.metric))

    def permuted(self, model, features):
        """Return what the fits lose with values of other test rows, with the interval."""
        stored, x = self.outer[self.keys(model)[0]], self.data.drop(columns=self.label)
        fold = self.fold.repeat(5, axis=0)
        donors, (p, votes) = np.zeros_like(fold), np.full((2, *fold.shape, len(self.classes)), NAN)
        for fit in stored.itertuples():
            r, k = fit.repeat - 1, fit.fold - 1
            test, train = (np.flatnonzero(own) for own in (self.fold[r] == k, self.fold[r] != k))
            encode, draws = encoder(x.iloc[train]), stream(self.seed, "permuted rows", r, k)
            predict = self.predictor(model, fit, encode(x.iloc[train]), self.y[train])
            for place in range(5 * r, 5 * r + 5):
                ring = test[draws.permutation(len(test))]
                donors[place, ring], other = np.append(ring[1:], ring[0]), x.copy()
                other.loc[test, features] = x.loc[donors[place, test], features].to_numpy()
                p[place, test], predicted = predict(encode(other.iloc[test]))
                votes[place, test] = votes_of(p[place, test], predicted)
        whole = self.references[model]
        fits = [
            Fits(self.y, self.group, *own, share=None)
            for own in ((self.fold, whole.p, whole.votes), (fold, p, votes))
        ]
        u, own = (each.contributions(self.metric) for each in fits)
        for r, to in enumerate(donors.argsort(axis=1)):
            moved = (each[r, to][None] for each in (fold, p, votes))
            own[r] += Fits(self.y[to], self.group, *moved, share=None).contributions(self.metric)[0]
        u = u - own.reshape(len(u), 5, -1).mean(axis=1)
        lost = fits[0].score(self.metric) - fits[1].score(self.metric)
        return Comparison(fits[0], self.metric, lost, u, hidden=False, d=0.0).interval()

    def predictor(self, model, fit, x, y):
        """Return what gives the probabilities of two classes, and the classes, for inputs."""
        if model in self.estimators:
            own = self.estimators[model]
            module, _, name = own["class"].rpartition(".")
            fitted = getattr(import_module(module), name)(**own["reference"]).fit(x, y)
            return lambda inputs: (fitted.predict_proba(inputs), fitted.predict(inputs))
        w = fit.parameters
        if model == "scratch":  # with one hidden layer, of sigmoids
            nodes = (len(w) - 1) // (x.shape[1] + 2)
            ends = np.cumsum([x.shape[1] * nodes, nodes, nodes])
            v, gamma, w, theta = np.split(w, ends)

            def above(inputs):
                return special.expit(inputs @ v.reshape(-1, nodes) + gamma) @ w + theta

        else:

            def above(inputs):
                return w[0] + inputs @ w[1:]

        def predict(inputs):
            p = special.expit(above(inputs))
            return np.stack([1 - p, p], axis=1), None

        return predict

    # New data

    def new_data(self):
        y = self.read("data/new_data.csv")[self.label].map(self.classes.index).to_numpy()
        table, places = self.read("model/new_data_predictions.csv"), np.arange(len(y))
        columns = [f"P({c})" for c in self.classes]
        p = {m: own[columns].to_numpy() for m, own in table.groupby("model", sort=False)}
        named = {
            m: np.eye(len(self.classes))[own["predicted"].map(self.classes.index)]
            for m, own in table.astype({"predicted": str}).groupby("model", sort=False)
        }
        models = {
            m: Fits(y, places, 0 * y[None], own[None], named[m][None], share=None)
            for m, own in p.items()
        }
        uses = json.loads((self.folder / "data/uses_of_new_data.json").read_text())
        shared = {"uses": len(uses), "rows": len(y), "other_files": 0}
        by_key = {(row["model"], row["metric"]): row for row in self.metrics()}
        for model, metric in ((model, metric) for metric in METRICS for model in models):
            own, (s, low, high) = by_key[model, metric], models[model].scored(metric)
            t, t_low, t_high = (own[f"score{end}"] for end in ENDS)
            ends = s - t - math.hypot(s - low, t_high - t), s - t + math.hypot(high - s, t - t_low)
            row = {"model": model, "metric": metric, "rope": self.ropes[metric], **shared}
            row |= three("score", (s, low, high)) | three("promised", (t, t_low, t_high))
            row |= three("distance", (s - t, *ends))
            broken = "worse" if SIGN[metric] * (s - t) < 0 else "better"
            kept = "kept" if ends[0] <= 0 <= ends[1] else broken
            row["promise"] = kept if ends[0] == ends[0] else None
            if model != "logistic":
                row |= alone(models[model], models["logistic"], metric, self.ropes[metric])
                row |= three("promised_difference", (own[f"difference{end}"] for end in ENDS))
            yield row

    def new_data_checks(self):
        new, old = self.read("data/new_data.csv"), self.data
        (n, m), seen = (len(old), len(new)), [*map(tuple, old.to_numpy())]
        count = sum(row in {*seen} for row in map(tuple, new.to_numpy()))
        twins = sum(seen.count(row) > 1 for row in seen)
        p = stats.binom.sf(count - 1, m, (twins + 1) / (n + 1))
        checks = [("copies", None, count, count / m, twins / n, None, p)]
        a, b = (np.array([sum(each[self.label] == c) for c in self.classes]) for each in (old, new))
        draws = stream(self.seed, "class shares")
        drawn = draws.multivariate_hypergeometric(a + b, m, 1999, method="marginals")
        apart, expected = np.vstack([b, drawn]) - (a + b) * m / (n + m), (a + b) * m / (n + m)
        chi = (apart**2 / expected + apart**2 / (a + b - expected)).sum(axis=1)
        c, p = np.abs(b / m - a / n).argmax(), (chi >= chi[0] * (1 - 1e-9)).mean()
        checks.append(("class_shares", self.classes[c], b[c], b[c] / m, a[c] / n, None, p))
        low, high, features = old.min(), old.max(), old.columns.drop(self.label)
        tails = [("below", name, sum(new[name] < low[name]), low[name]) for name in features]
        tails += [("above", name, sum(new[name] > high[name]), high[name]) for name in features]
        chances = [np.prod([(m - i) / (n + m - i) for i in range(tail[2])]) for tail in tails]
        for (check, name, count, limit), p in zip(tails, holm(chances), strict=True):
            checks += [(check, name, count, None, None, limit, p)] if p < 0.05 else []
        names = ("check", "subject", "count", "share", "study_share", "limit", "p_value")
        rows = [dict(zip(names, values, strict=True)) for values in checks]
        return [row | {"total": m, "warns": row["p_value"] < 0.05} for row in rows]


def times_needed(size, v, least, slope, test, level):
    """Return how many times the rows find a difference of this size."""
    grid, phi = np.geomspace(3, 1e7, 80), test.fits.phi[test.metric]
    factors = special.nctdtrinc(grid, 0.2, stats.t.ppf(1 - level / 2, grid))
    low, high = np.log(1e-4) + 0 * v, np.log(1e6) + 0 * v
    for _ in range(60):
        x = np.exp((low + high) / 2)
        own = x**slope / x
        error = np.sqrt(np.maximum(v * own, least * own + 2 * phi**2 / x**2))
        enough = (
            np.interp(np.log((test.df * x).clip(3, 1e7)), np.log(grid), factors) * error <= size
        )
        low, high = np.where(enough, low, np.log(x)), np.where(enough, np.log(x), high)
    return np.exp(high)


def pooled(d, s, rope, reach=1.0):
    """Return columns of across.csv, from differences and their errors: integrals over tau."""
    d, s = np.array(d), np.array(s)

    def of_tau(tau):
        w = 1 / (s**2 + tau**2)
        return w, w @ d / w.sum()

    def density(tau):
        w, mu = of_tau(tau)
        return (
            math.sqrt(np.prod(w / w.max()) / w.sum())
            * w.max() ** (len(d) / 2)
            * math.exp(-(w @ (d - mu) ** 2) / 2)
        )

    scale = max(d.std(), s.max())
    ends = [0, *(scale * np.array([0.1, 0.3, 1, 3, 10, 100, 1000])), np.inf]

    def mean_of(value):
        pairs = list(pairwise(ends))
        parts = [integrate.quad(lambda t: density(t) * value(t), *p, limit=200)[0] for p in pairs]
        return sum(parts) / sum(integrate.quad(density, *p, limit=200)[0] for p in pairs)

    def below(x, more):
        def share(tau):
            w, mu = of_tau(tau)
            return stats.norm.cdf((x - mu) / math.sqrt(1 / w.sum() + more * tau**2))

        return mean_of(share)

    def quantile(share, more):
        far = 200 * scale
        end = optimize.brentq(lambda x: below(x, more) - share, -far, far, xtol=1e-10)
        return np.clip(end, -reach, reach)

    middle = mean_of(lambda tau: of_tau(tau)[1])
    worse, better, negative = below(-rope, 0), 1 - below(rope, 0), below(0, 0)
    fixed = s**-2 @ d / (s**-2).sum()
    q, c = s**-2 @ (d - fixed) ** 2, (s**-2).sum() - (s**-4).sum() / (s**-2).sum()
    moments = max(0.0, (q - len(d) + 1) / c)
    w = 1 / (s**2 + moments)
    return {
        **three("difference", [middle, quantile(0.025, 0), quantile(0.975, 0)]),
        **three("next", [middle, quantile(0.025, 1), quantile(0.975, 1)]),
        "p_value": 2 * min(negative, 1 - negative),
        "worse": worse, "equal": 1 - worse - better, "better": better,
        "check": w @ d / w.sum(), "check_spread": math.sqrt(moments),
        "wins": (d > rope).sum(), "losses": (d < -rope).sum(),
    }  # fmt: skip
