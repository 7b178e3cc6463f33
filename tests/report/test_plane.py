"""The plane in which rows are drawn, and the inputs of a model at its places."""

import numpy as np
import pytest
import sklearn.decomposition
from test_figures_of_classes import IRIS, MIXED, PETALS

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.report.plane import Plane

generator = np.random.default_rng(0)
LENGTH, KIND = generator.normal(size=60), np.arange(60) % 3
Y = (LENGTH + generator.normal(size=60) > 0).astype(np.int64)
TRAINING = np.arange(0, 60, 2)


def made(x, **changes):
    features = tuple(f"feature_{number}" for number in range(x.shape[1]))
    return Dataset(features, "late", x, Y, **changes)


# Their inputs lie in a plane, so that a row and its place have the same inputs.
DEPENDENT = made(np.column_stack([LENGTH, KIND, 3 * LENGTH - 2 * KIND + 5]))
NUMBER_AND_CATEGORY = made(
    np.column_stack([LENGTH, KIND % 2]), categories={"feature_1": ("a", "b")}
)
CATEGORY = made(KIND[:, np.newaxis].astype(float), categories={"feature_0": ("a", "b", "c")})
GAPS = made(np.where(np.arange(60) % 3, LENGTH, np.nan)[:, np.newaxis])


def test_one_or_two_numbers_are_the_axes():
    for dataset in (PETALS, made(LENGTH[:, np.newaxis])):
        plane = Plane.of(dataset)
        np.testing.assert_array_equal(plane.points, dataset.x)
        assert plane.shares is None
        expected = Encoder.of(dataset, TRAINING).apply(dataset.x)
        np.testing.assert_array_equal(plane.inputs(plane.points, TRAINING), expected)


@pytest.mark.parametrize("dataset", [IRIS, MIXED], ids=["numbers", "categories and gaps"])
def test_other_features_are_the_first_principal_components_of_the_inputs_of_all_rows(dataset):
    plane = Plane.of(dataset)
    inputs = Encoder.of(dataset, np.arange(150)).apply(dataset.x)
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-12)
    _, sizes, _ = np.linalg.svd(inputs)
    np.testing.assert_allclose(plane.shares, (sizes**2 / (sizes**2).sum())[:2])
    np.testing.assert_allclose(np.linalg.norm(plane.points, axis=0), sizes[:2])
    np.testing.assert_allclose(plane.points[:, 0] @ plane.points[:, 1], 0, atol=1e-9)


@pytest.mark.parametrize("rows", [TRAINING, np.arange(60)], ids=["half", "all"])
@pytest.mark.parametrize("dataset", [DEPENDENT, NUMBER_AND_CATEGORY, CATEGORY])
def test_a_row_in_the_plane_has_its_own_inputs(dataset, rows):
    plane = Plane.of(dataset)
    expected = Encoder.of(dataset, rows).apply(dataset.x)
    np.testing.assert_allclose(plane.inputs(plane.points, rows), expected, atol=1e-9)


def test_an_input_that_the_training_rows_lack_is_left_out():
    plane = Plane.of(CATEGORY)
    rows = np.flatnonzero(KIND < 2)
    expected = Encoder.of(CATEGORY, rows).apply(CATEGORY.x)
    assert expected.shape == (60, 1)
    np.testing.assert_allclose(plane.inputs(plane.points, rows), expected, atol=1e-9)


def test_gaps_are_an_axis_of_their_own_and_hide_no_value_of_other_rows():
    plane = Plane.of(GAPS)
    known = np.isfinite(GAPS.x[:, 0])
    expected = Encoder.of(GAPS, TRAINING).apply(GAPS.x)
    assert expected.shape == (60, 2)
    inputs = plane.inputs(plane.points, TRAINING)
    np.testing.assert_allclose(inputs[known], expected[known], atol=1e-9)
    np.testing.assert_allclose(inputs[:, 1], expected[:, 1], atol=1e-9)


def test_two_inputs_of_one_name_stay_apart():
    x = np.column_stack([LENGTH, np.where(np.arange(60) % 3, KIND, np.nan)])
    dataset = Dataset(("b missing", "b"), "late", x, Y)
    plane = Plane.of(dataset)
    assert Encoder.of(dataset, TRAINING).names == ("b missing", "b", "b missing")
    everywhere = Encoder.of(dataset, np.arange(60))
    fitted = sklearn.decomposition.PCA(2, svd_solver="full").fit(everywhere.apply(x))
    inputs = fitted.inverse_transform(plane.points)
    # All rows as the training rows: the scaling of both is the same.
    np.testing.assert_allclose(plane.inputs(plane.points, np.arange(60)), inputs, atol=1e-9)
