"""Neighbouring rows that are alike beyond chance are found, and no table that is only sorted."""

import numpy as np
import pytest
from scipy.stats import rankdata
from steps import steps

from backprop.statistics import row_order
from backprop.statistics.row_order import alike_neighbours


def assert_rarely_alike(find, thorough):
    """Assert that what finds alike rows in a table, by its number, does so in 5% of tables at most.

    Of 60 on a schedule; for each change, of 30, of which one may be alike.
    """
    tables, most = (60, 3) if thorough else (30, 1)
    assert sum(find(number) is not None for number in range(tables)) <= most


def likeness(x, y, categories=()):
    """Return what is found in a table, of which some columns are categories."""
    return alike_neighbours(
        np.asarray(x, dtype=float), np.asarray(y), np.isin(np.arange(np.shape(x)[1]), categories)
    )


def classes_of(x, generator, slope=1.5):
    """Draw classes that depend on the first and the last feature."""
    p = 1 / (1 + np.exp(-np.clip(slope * (x[:, 0] + x[:, -1] / 2), -30, 30)))
    return (generator.random(len(x)) < p).astype(int)


def test_the_bits_of_pieces_are_the_logarithm_of_the_number_of_orders():
    """By hand: 4 rows of two values have 6 orders; of two runs of 2, one with both values has 2."""
    assert row_order._bits(np.zeros(4, int), np.array([0, 0, 1, 1])) == pytest.approx(np.log2(6))
    assert row_order._bits(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 2])) == pytest.approx(1)


# Tables of independent rows


def alike_normal(generator, n=200, features=5, correlation=0.7):
    shared = generator.normal(size=(n, 1)) * correlation**0.5
    x = shared + (1 - correlation) ** 0.5 * generator.normal(size=(n, features))
    return x, classes_of(x, generator)


def heavy_tails(generator):
    x = generator.standard_t(1.2, size=(200, 4))
    return x, classes_of(x, generator)


def three_values(generator):
    x = generator.integers(0, 3, (200, 6)) - 1.0
    return x, classes_of(x, generator)


def many_rare(generator):
    x = (generator.random((300, 60)) < generator.uniform(0.02, 0.2, 60)).astype(float)
    return x, classes_of(3 * x - 0.3, generator)


def few_rows(generator):
    return alike_normal(generator, 40, 3, 0.3)


def a_rare_class(generator):
    x = generator.normal(size=(200, 4))
    return x, (x[:, 0] + generator.normal(size=200) > 1.8).astype(int)


def ten_classes(generator):
    y = generator.integers(0, 10, 300)
    return generator.normal(size=(300, 8)) + 0.2 * y[:, np.newaxis], y


def age_in_sex(generator):
    x, y = alike_normal(generator, 300, 4, 0.6)
    return np.column_stack([x[:, 0] > 0, np.floor(5 * x[:, 1]), x[:, 2:]]), y


def near_copies(generator):
    return alike_normal(generator, 300, 5, 0.98)


INDEPENDENT = (
    alike_normal, heavy_tails, three_values, many_rare, few_rows, a_rare_class, ten_classes,
    age_in_sex, near_copies,
)  # fmt: skip
SORTED = {
    "by nothing": lambda x, y, generator: np.arange(len(y)),
    "by class": lambda x, y, generator: np.argsort(y, kind="stable"),
    "by a feature": lambda x, y, generator: np.argsort(-x[:, 0], kind="stable"),
    "by class, then a feature": lambda x, y, generator: np.lexsort((x[:, 0], y)),
    "by all features": lambda x, y, generator: np.lexsort(x.T[::-1]),
    "by class, then all features": lambda x, y, generator: np.lexsort((*x.T[::-1], y)),
}


def is_left_out(one, other, how):
    """Return whether a kind of table in an order is left to a thorough run."""
    return one != other and how != "by all features"


@pytest.mark.parametrize(
    ("draw", "how"),
    [
        # Each kind of table by all features, where runs of equal values are short, and each other
        # order of one kind: all of them once a week.
        pytest.param(draw, how, marks=pytest.mark.thorough if is_left_out(one, other, how) else ())
        for one, draw in enumerate(INDEPENDENT)
        for other, how in enumerate(SORTED)
    ],
)
def test_independent_rows_are_rarely_alike_however_they_are_sorted(draw, how, thorough):
    def find(number):
        generator = np.random.default_rng([30, number])
        x, y = draw(generator)
        rows = SORTED[how](x, y, generator)
        return likeness(x[rows], y[rows])

    assert_rarely_alike(find, thorough)


@pytest.mark.parametrize("draw", [alike_normal, heavy_tails, ten_classes])
def test_a_table_that_is_sorted_by_a_column_that_was_left_out_is_rarely_alike(draw, thorough):
    def find(number):
        x, y = draw(np.random.default_rng([31, number]))
        rows = np.argsort(x[:, 0])
        return likeness(x[rows, 1:], y[rows])

    assert_rarely_alike(find, thorough)


def test_rows_of_sites_that_are_a_feature_are_rarely_alike(thorough):
    def find(number):
        generator = np.random.default_rng([32, number])
        site = np.repeat([3, 0, 2, 1, 7, 5, 6, 4], 30)  # not in the order of their names
        x = generator.normal(size=(8, 4))[site] + generator.normal(size=(240, 4))
        table = np.column_stack([site, x])
        return likeness(table, classes_of(x, generator), categories=[0])

    assert_rarely_alike(find, thorough)


# Tables of rows that are alike


def autoregressive(generator, n, features, phi):
    """Draw features whose correlation with the row before is phi; the first row is no exception."""
    x = generator.normal(size=(n, features))
    for row in range(1, n):
        x[row] = phi * x[row - 1] + np.sqrt(1 - phi**2) * x[row]
    return x


def share_found(draw, categories=(), tables=20):
    """Return the share of tables that are found, and the features that are named."""
    results = [
        likeness(*draw(np.random.default_rng([33, number])), categories) for number in range(tables)
    ]
    return np.mean([result is not None for result in results]), {r[0] for r in results if r}


def random_walk(generator, others=0):
    x, walk = generator.normal(size=(200, 2)).cumsum(axis=0), generator.normal(size=200).cumsum()
    noise = generator.normal(size=(200, others))
    return np.column_stack([x, noise]), (walk > np.median(walk)).astype(int)


def test_random_walks_are_found_and_named_among_noise_and_beside_the_time():
    assert share_found(random_walk)[0] == 1
    assert share_found(lambda generator: random_walk(generator, 8)) == (1, {0, 1})

    def with_time(generator):
        x, y = random_walk(generator)
        return np.column_stack([np.arange(200), x]), y

    assert share_found(with_time) == (1, {1, 2})


def test_an_autoregression_of_200_rows_is_found():
    def draw(generator):
        x = autoregressive(generator, 200, 3, 0.8)
        return x, (x[:, 0] + x[:, 1] + generator.normal(size=200) > 0).astype(int)

    assert share_found(draw)[0] >= 0.9


@pytest.mark.parametrize("by_class", [False, True])
def test_undeclared_groups_are_found_even_if_they_are_sorted_by_class(by_class):
    def draw(generator):
        patient = np.repeat(np.arange(24), 10)
        x = generator.normal(size=(24, 4))[patient] + generator.normal(size=(240, 4))
        y = generator.integers(0, 2, 24)[patient]
        rows = np.argsort(y, kind="stable") if by_class else np.arange(240)
        return x[rows], y[rows]

    assert share_found(draw)[0] >= 0.9


def test_many_features_that_are_a_bit_alike_are_found_together():
    def draw(generator):
        patient = np.repeat(np.arange(30), 10)
        x = generator.normal(size=(30, 200))[patient] * 0.15**0.5
        return x + generator.normal(size=(300, 200)), generator.integers(0, 2, 30)[patient]

    assert share_found(draw)[0] == 1


def test_an_experiment_that_crosses_all_features_is_no_finding():
    def draw(generator):
        """Return a design listed in order, but for one value, whose rows follow all others."""
        places = np.indices((2, 2, 4, 2, 2, 4)).reshape(6, -1).T
        x = places[np.argsort(places[:, 5] == 3, kind="stable")]
        return x, x @ generator.integers(0, 3, 6) + x[:, 0] > 4

    assert share_found(draw)[0] == 0


def test_a_table_of_counts_that_was_written_out_is_no_finding():
    def draw(generator):
        """Return the rows of each pattern of five yes or no, one after another."""
        patterns = generator.permutation(np.indices((2,) * 5).reshape(5, -1).T)
        x = np.repeat(patterns, generator.integers(1, 6, 32), axis=0)
        y = (x[:, 0] + x[:, 1] + generator.normal(size=len(x)) > 1).astype(int)
        order = np.lexsort((y, np.cumsum((np.diff(x, axis=0, prepend=-1) != 0).any(axis=1))))
        return x[order], y[order]

    assert share_found(draw)[0] == 0


def test_what_follows_from_a_category_by_which_a_table_is_sorted_is_no_finding():
    def draw(generator):
        """Return 4 classes, each with 7 specimens of 6 rows, and what is measured of them."""
        specimen = np.tile(np.repeat(np.arange(7), 6), 4)
        measured = generator.permutation(7)[specimen] + generator.normal(size=168)
        return np.column_stack([specimen, measured]), np.repeat(np.arange(4), 42)

    assert share_found(draw, categories=[0])[0] == 0


def test_features_alike_in_rows_whose_classes_are_not_is_no_finding():
    def draw(generator):
        return autoregressive(generator, 200, 3, 0.8), generator.integers(0, 2, 200)

    assert share_found(draw)[0] <= 0.2


@pytest.mark.parametrize(("length", "divides"), [(24, False), (25, True)])
def test_runs_of_equal_values_divide_a_sorted_table_from_25_rows_on(length, divides):
    runs = np.repeat(np.arange(8), length)
    y = np.arange(len(runs)) % 2
    divided, keys = row_order._sorting(runs[:, np.newaxis].astype(float), y, np.array([False]))
    assert keys.tolist() == [True]
    np.testing.assert_array_equal(divided, runs if divides else 0)


@pytest.mark.parametrize(("marked", "is_found"), [(19, False), (21, True)])
def test_a_feature_with_one_value_in_more_than_nine_of_ten_rows_is_no_finding(marked, is_found):
    feature = (np.arange(200) // marked == 1)[:, np.newaxis]  # the marked rows are neighbours
    assert (likeness(feature, np.arange(200) // 10 % 2) is not None) == is_found


def test_the_correlation_is_that_of_neighbouring_ranks():
    # One class for each half, no trend: 0.9 but for what lines in 100 rows explain of it.
    generator = np.random.default_rng(34)
    x, y = autoregressive(generator, 400, 1, 0.9), np.repeat([0, 1, 0, 1], 100)
    place, correlation = likeness(np.column_stack([generator.normal(size=400), x]), y)
    ranks = rankdata(x)
    parts = [
        ranks[start : start + 100] - np.polyval(np.polyfit(range(100), part, 1), range(100))
        for start in range(0, 400, 100)
        for part in [ranks[start : start + 100]]
    ]
    by_hand = np.mean([(part[1:] * part[:-1]).mean() / part.var() for part in parts])
    assert place == 1
    assert correlation == pytest.approx(by_hand, rel=1e-5)


def test_missing_values_constant_pieces_and_tiny_tables_are_no_trouble():
    x, y = random_walk(np.random.default_rng(35))
    x[::7, 0] = np.nan
    assert likeness(x, y) is not None
    assert likeness([[0.0], [1.0], [0.0], [2.0]], [0, 1, 1, 0]) is None
    assert likeness(np.repeat([[0.0], [1.0]], 2, axis=0), [0, 1, 1, 0]) is None
    assert likeness([[0.0], [1.0]], [0, 1]) is None


def test_the_same_table_gives_the_same_numbers():
    x, y = random_walk(np.random.default_rng(36))
    assert likeness(x, y) == likeness(x.copy(), y.copy())


def test_the_steps_of_a_wide_table_grow_as_its_columns():
    def taken(columns):
        x = np.random.default_rng(37).normal(size=(300, columns))
        return steps(lambda: likeness(x, np.repeat([0, 1], 150)))

    taken(2)  # which imports what is needed
    assert taken(1000) < 2.1 * taken(500)
