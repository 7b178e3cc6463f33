"""Which features are left out together."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from backprop.data.dataset import DataError, Dataset
from backprop.data.feature_groups import (
    alikeness,
    check_features,
    groups_of_features,
    left_out_of,
    without,
)

DRAWS = np.random.default_rng(1)
A, B = DRAWS.normal(size=(2, 60))
COLOUR = DRAWS.integers(0, 3, 60).astype(float)


def data(**columns):
    categories = {name: ("r", "g", "b") for name in columns if name.startswith("colour")}
    x = np.column_stack([*columns.values()])
    return Dataset(tuple(columns), "y", x, np.arange(60) % 2, categories=categories)


DATA = data(a=A, b=B, copy=np.exp(A), colour=COLOUR, colour_2=2 - COLOUR)


def test_a_copy_by_any_rising_function_and_renamed_categories_are_one_group():
    assert groups_of_features(DATA, {}) == {
        "a and copy": ("a", "copy"), "b": ("b",),
        "colour and colour_2": ("colour", "colour_2"),
    }  # fmt: skip


def test_numbers_are_alike_by_spearmans_correlation_of_the_rows_with_both():
    x, y = A.copy(), A + 0.5 * B
    x[:7], y[5:12] = np.nan, np.nan
    both = np.isfinite(x) & np.isfinite(y)
    expected = abs(spearmanr(x[both], y[both])[0])
    assert alikeness(data(x=x, y2=y), ["x", "y2"])[0, 1] == pytest.approx(expected)


def test_a_chain_of_alike_features_is_no_group():
    """Neighbours are alike, and the ends are not."""
    x = data(one=A + 0.45 * B, two=A, three=A - 0.45 * B)
    alike = alikeness(x, x.features)
    assert min(alike[0, 1], alike[1, 2]) > 0.85 > alike[0, 2]
    assert len(groups_of_features(x, {})) >= 2


def test_a_group_of_the_config_replaces_those_that_are_found():
    groups = groups_of_features(DATA, {"both": ["b", "copy"]})
    assert groups == {
        "a": ("a",), "both": ("b", "copy"), "colour and colour_2": ("colour", "colour_2")
    }  # fmt: skip


def test_the_name_of_a_large_group_is_short():
    x = data(**{f"x{n}": A * n for n in range(1, 5)})
    assert groups_of_features(x, {}) == {"x1 and 3 more": x.features}


@pytest.mark.parametrize(
    ("asked", "most", "names"),
    [
        ("all", 0, ["a and copy", "b", "colour and colour_2"]),
        ("if_short", 3, ["a and copy", "b", "colour and colour_2"]),
        ("if_short", 2, []),
        (["copy"], 0, ["a and copy"]),
    ],
)
def test_groups_are_left_out_as_asked(asked, most, names):
    assert [*left_out_of(DATA, asked, most, {})[0]] == names


@pytest.mark.parametrize(
    ("asked", "named", "message"),
    [
        (["c"], {}, "importance.features: found c, which is no feature; use a, b, copy"),
        ("all", {"g": ["a", "z"]}, "feature_groups.g: found z, which is no feature"),
        ("all", {"g": ["a", "b"], "h": ["b", "copy"]}, "feature_groups.h: found b, which is in"),
        ("all", {"a": ["b", "copy"]}, "feature_groups: found a, a feature"),
    ],
)
def test_a_feature_that_is_no_column_is_refused_by_its_key(asked, named, message):
    with pytest.raises(DataError, match=message):
        check_features(DATA.features, asked, named)


def test_a_data_set_without_features_keeps_all_else():
    rest = without(DATA, ["a", "colour"])
    assert rest.features == ("b", "copy", "colour_2")
    assert [*rest.categories] == ["colour_2"]
    np.testing.assert_array_equal(rest.x, DATA.x[:, [1, 2, 4]])
    assert without(DATA, DATA.features).x.shape == (60, 0)
