"""The features by which rows are drawn, and the inputs of a model at the places of the plane."""

import numpy as np
import pytest
from made_results import make_results
from test_figures_of_classes import CONFIG, IRIS

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.report.figures.decision_boundaries import predict
from backprop.report.figures.feature_plane import FeaturePlane

generator = np.random.default_rng(0)
LENGTH, KIND = generator.normal(size=60), np.arange(60) % 3
Y = (LENGTH + generator.normal(size=60) > 0).astype(np.int64)
TRAINING = np.arange(0, 60, 2)


def made(x, **changes):
    features = tuple(f"feature_{number}" for number in range(x.shape[1]))
    return Dataset(features, "late", x, Y, **changes)


NUMBER_AND_CATEGORY = made(
    np.column_stack([LENGTH, KIND % 2]), categories={"feature_1": ("a", "b")}
)
CATEGORY = made(KIND[:, np.newaxis].astype(float), categories={"feature_0": ("a", "b", "c")})
GAPS = made(np.where(np.arange(60) % 3, LENGTH, np.nan)[:, np.newaxis])
TWO = [NUMBER_AND_CATEGORY, CATEGORY]


@pytest.mark.parametrize("rows", [TRAINING, np.arange(60)], ids=["half", "all"])
@pytest.mark.parametrize("dataset", TWO)
def test_a_row_in_the_plane_has_its_own_inputs(dataset, rows):
    plane = FeaturePlane(dataset, tuple(range(len(dataset.features))))
    expected = Encoder.of(dataset, rows).apply(dataset.x)
    np.testing.assert_array_equal(plane.inputs(plane.points, rows), expected)


def test_other_features_are_at_their_median():
    plane = FeaturePlane(IRIS, (3, 0))
    np.testing.assert_array_equal(plane.points, IRIS.x[:, [3, 0]])
    median = np.median(IRIS.x, axis=0)
    rows = np.column_stack([IRIS.x[:, 0], np.tile(median[1:3], (150, 1)), IRIS.x[:, 3]])
    expected = Encoder.of(IRIS, TRAINING).apply(rows)
    np.testing.assert_array_equal(plane.inputs(plane.points, TRAINING), expected)


def test_a_row_with_a_gap_is_at_the_median():
    plane = FeaturePlane(GAPS, (0,))
    gaps = np.isnan(GAPS.x[:, 0])
    assert gaps.any()
    np.testing.assert_array_equal(plane.points[gaps], np.nanmedian(GAPS.x))


def test_rows_of_a_category_are_nearer_to_it_than_to_others_and_within_the_frame():
    plane = FeaturePlane(CATEGORY, (0,))
    np.testing.assert_array_equal(np.round(plane.points), CATEGORY.x)
    assert len(np.unique(plane.points)) == 60
    assert [float(end[0]) for end in plane.ranges()] == [-0.5, 2.5]


@pytest.mark.parametrize("dataset", TWO)
def test_models_predict_for_a_place_what_they_predict_for_its_row(dataset, tmp_path):
    study = make_results(tmp_path, CONFIG, dataset).study("decision_boundaries")
    for model, fits in study.results.headlines.items():
        p = predict(study, model, fits, study.plane.points)
        assert p.shape == (60, 2, len(fits))
        np.testing.assert_allclose(p.sum(axis=1), 1)
        for column, fit in zip(p[:, 1].T, fits.itertuples(), strict=True):
            np.testing.assert_allclose(column[fit.rows - 1], fit.probabilities, atol=1e-7)
