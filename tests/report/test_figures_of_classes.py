"""The figures of more than two classes, of other numbers of features, and of any names."""

import dataclasses
import re
import xml.etree.ElementTree

import numpy as np
import pytest
import sklearn.datasets
import sklearn.metrics
import yaml
from full_config import full, typed
from hostile import NAMES
from made_results import make_results
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.contour import QuadContourSet
from matplotlib.text import Text
from project import ROOT
from test_figures import check, entries

from backprop.data.dataset import Dataset
from backprop.report import class_looks
from backprop.report.contents import FIGURES, figures
from backprop.report.figures.decision_boundaries import leads
from backprop.report.figures.hard_rows import MAX_ROWS
from backprop.report.figures.study import MOST_POINTS

CONFIG = full({
    **yaml.safe_load((ROOT / "config.yaml").read_text()),
    "models": ["logistic", "scratch"],
    "validation": {"folds": 2, "repeats": 1},
    "reference": {
        "hidden": [3], "activation": "tanh", "cost": "cross_entropy", "learning_rate": 0.1,
        "initialisation": "glorot",
    },
    "vary": {},
    "also": [],
})  # fmt: skip
FOUR = ["logistic", "softmax", "scratch", "tensorflow"]
OF_ROWS = ["decision_boundaries", "hard_rows"]  # they look at the features
OF_DATA = [name for name, each in FIGURES.items() if "data" in each.drawn_from]


def bundled(name, step=1, **changes):
    """Return a data set of scikit-learn; a pixel that is the same everywhere is no feature."""
    bunch = getattr(sklearn.datasets, f"load_{name}")()
    data, target = bunch.data[::step], bunch.target[::step]
    varies = np.ptp(data, axis=0) > 0
    features = np.array(bunch.feature_names)[varies]
    dataset = Dataset(
        tuple(map(str, features)), "kind", data[:, varies], target,
        tuple(map(str, bunch.target_names)),
    )  # fmt: skip
    return dataclasses.replace(dataset, **changes)


IRIS = bundled("iris")
PETALS = bundled("iris", features=("length", "width"), x=IRIS.x[:, 2:])
WIDTH = bundled("iris", features=("width",), x=IRIS.x[:, 3:])
VIRGINICA = dataclasses.replace(
    WIDTH, label="is_virginica", y=(IRIS.y == 2).astype(np.int64), classes=("0", "1")
)
MIXED = Dataset(
    ("width", "island", "length"),
    "species",
    np.column_stack(
        [IRIS.x[:, 3], np.arange(150) % 4, np.where(np.arange(150) % 9, IRIS.x[:, 2], np.nan)]
    ),
    IRIS.y,
    IRIS.classes,
    {"island": ("Biscoe", "Dream", "Torgersen", "Paulet")},
)
LONG = "a name of sixty characters that goes on and on until its end"
HOSTILE = dataclasses.replace(
    PETALS, features=(f"_{NAMES[0]}", NAMES[8]), label=NAMES[5],
    classes=(f"{LONG}\x1b[2J", f"_{LONG} $x_1$", "\x1b\n\u202e_$a^2 & <b> {} | \\frac{ ` = *"),
)  # fmt: skip
generator = np.random.default_rng(0)
MANY_CLASSES = Dataset(
    ("a", "b"), "kind", generator.normal(size=(120, 2)), np.arange(120) % 30,
    tuple(f"kind {number}" for number in range(30)),
)  # fmt: skip
MANY_ROWS = Dataset(
    ("a", "b"), "late", generator.normal(size=(3000, 2)), np.arange(3000) % 2
)  # fmt: skip
DATASETS = {
    "iris": IRIS, "digits": bundled("digits", step=9),
    "breast_cancer": bundled("breast_cancer", step=2, classes=("no", "yes")),
    "petals": PETALS, "width": WIDTH, "virginica": VIRGINICA, "mixed": MIXED,
    "hostile": HOSTILE, "many_classes": MANY_CLASSES, "many_rows": MANY_ROWS,
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return the results of a data set, made once."""
    made = {}

    def results(name):
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            config = {**CONFIG, "models": FOUR} if name == "of four models" else CONFIG
            made[name] = make_results(folder, config, DATASETS.get(name, HOSTILE), "flower")
        return made[name]

    return results


def texts(figure):
    """Return every text of a figure that is not empty."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


OF_IRIS = {"petals", "width", "mixed"}  # the classes of its rows, with other features
OF_TWO = {"virginica", "many_rows"}  # two classes, as breast_cancer: other figures once a week
OTHERS = [name for name in OF_DATA if name != "saturation"]  # whose texts no table changes


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        pytest.param(
            dataset,
            name,
            marks=pytest.mark.thorough if dataset in OF_TWO and name not in OF_ROWS else (),
        )
        for dataset in DATASETS
        for name in (OF_DATA if dataset == "iris" else OF_ROWS if dataset in OF_IRIS else OTHERS)
    ],
)
def test_draws_within_its_frame(drawn, dataset, name):
    figure, svg = drawn(dataset).drawn(name)
    check(figure)
    assert len(svg) < 4e6


@pytest.mark.parametrize("name", OTHERS)
def test_three_panels_and_titles_of_models_that_are_the_same_have_room(drawn, name):
    check(drawn("of four models").drawn(name)[0])


@pytest.mark.parametrize("dataset", ["width", "virginica"])
def test_one_feature_has_curves_of_probability_and_a_table(drawn, dataset):
    figure, _ = drawn(dataset).drawn("decision_boundaries")
    axes = [ax for ax in figure.axes if ax.get_visible()]
    assert len(axes) == len(CONFIG["models"])
    for ax in axes:
        assert ax.get_xlabel() == "Width"
        curves = [line.get_ydata() for line in ax.lines]
        assert all(((y >= 0) & (y <= 1)).all() for y in curves)
        # The mean and the two folds of each class that is drawn.
        assert len(curves) == 3 * (1 if dataset == "virginica" else 3)
    table, _ = drawn(dataset).drawn("hard_rows")
    assert [ax.get_xlabel() for ax in table.axes if ax.get_xlabel()] == ["Model"]


@pytest.mark.parametrize("name", ["decision_boundaries", "hard_rows"])
def test_more_features_are_drawn_by_the_two_by_which_classes_differ_most(drawn, name):
    figure, _ = drawn("iris").drawn(name)
    ax = figure.axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel() or None) in [
        ("Petal length (cm)", "Petal width (cm)"),
        ("Petal length (cm)", None),
    ]
    shown = [np.asarray(c.get_offsets()) for c in ax.collections if isinstance(c, PathCollection)]
    for c, points in enumerate(shown):
        np.testing.assert_allclose(
            np.sort(points[:, 1]), np.sort(IRIS.x[IRIS.y == c, 3]), atol=1e-12
        )
    note = any("The other 2 features are" in text for text in texts(figure))
    assert note == (name == "decision_boundaries")


@pytest.mark.parametrize("name", ["decision_boundaries", "hard_rows"])
def test_two_number_features_are_the_axes_and_no_row_is_left_out(drawn, name):
    figure, _ = drawn("petals").drawn(name)
    texts = {text for ax in figure.axes for text in (ax.get_xlabel(), ax.get_ylabel())}
    assert {"Length", "Width"} <= texts
    drawn_points = [c for c in figure.axes[0].collections if isinstance(c, PathCollection)]
    assert sum(len(points.get_offsets()) for points in drawn_points) == 150


def test_of_many_rows_a_part_is_drawn_and_the_figure_says_so(drawn):
    for name in ("decision_boundaries", "hard_rows"):
        figure, _ = drawn("many_rows").drawn(name)
        points = [c for c in figure.axes[0].collections if isinstance(c, PathCollection)]
        number = sum(len(of_class.get_offsets()) for of_class in points)
        assert MOST_POINTS <= number <= MOST_POINTS + MAX_ROWS
        assert f"({number:,} of 3,000 flowers drawn)" in entries(figure)


def test_the_parts_of_many_hard_rows_say_how_many_there_are(drawn):
    study = drawn("many_rows").study("hard_rows")
    wrong = [
        study.results.predictions(fits)[0, :, 1] >= 0.5 for fits in study.results.headlines.values()
    ] != study.dataset.y
    figure, _ = drawn("many_rows").drawn("hard_rows")
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert any(title.startswith(f"{wrong.any(axis=0).sum():,} flowers") for title in titles)


# Regions, curves and counts


def test_a_class_leads_by_its_distance_from_the_best_of_the_others():
    p = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4], [0.25, 0.25, 0.5]])
    expected = [[0.5, -0.5, -0.6], [-0.1, -0.1, 0.1], [-0.25, -0.25, 0.25]]
    np.testing.assert_allclose(leads(p), expected, atol=1e-15)


def test_the_middle_of_a_class_is_in_a_region_of_its_colour(drawn):
    figure, _ = drawn("petals").drawn("decision_boundaries")
    regions = [
        (path, colour[:3])
        for contours in figure.axes[0].collections
        if isinstance(contours, QuadContourSet) and contours.filled
        for path, colour in zip(contours.get_paths(), contours.get_facecolor(), strict=True)
    ]
    for c in range(3):
        middle = PETALS.x[PETALS.y == c].mean(axis=0)
        (colour,) = [colour for path, colour in regions if path.contains_point(middle)]
        from_white = 1 - np.array(to_rgb(class_looks.class_colour(c)))
        depth = (1 - colour[1]) / from_white[1]
        np.testing.assert_allclose(1 - colour, depth * from_white, atol=0.01)
        assert 0.1 < depth < 0.55


def test_a_curve_of_calibration_and_its_band_are_those_of_the_table_above_the_predictions(drawn):
    results = drawn("iris")
    study = results.study("calibration")
    figure, _ = results.drawn("calibration")
    points = study.results.tables["calibration_curves"].groupby("model")
    assert len(points.groups) > 0
    for (model, fits), ax in zip(study.results.headlines.items(), figure.axes, strict=False):
        curves = [line for line in ax.lines if line.get_linestyle() == "-"]
        assert len(curves) == (model in points.groups)
        for curve in curves:
            own = points.get_group(model)
            np.testing.assert_array_equal(curve.get_xydata(), own[["p", "share"]])
            (band,) = ax.collections
            ends = band.get_paths()[0].vertices[:, 1]
            assert (ends.min(), ends.max()) == (own["share_lower"].min(), own["share_upper"].max())
        p = study.results.predictions(fits)[0].max(axis=1)
        sizes = np.histogram(p, np.linspace(0, 1, 11))[0]
        heights = np.array([bar.get_height() for bar in ax.patches])
        np.testing.assert_allclose(heights / heights.max(), sizes / sizes.max(), atol=0.15)


def test_roc_areas_of_several_classes_are_those_of_scikit_learn_one_against_the_rest(drawn):
    results = drawn("iris")
    study = results.study("roc")
    figure, _ = results.drawn("roc")
    for ax, fits in zip(figure.axes, study.results.headlines.values(), strict=False):
        (text,) = [text.get_text() for text in ax.texts]
        p, tested = (
            study.results.predictions(fits)[0],
            [np.array(rows) - 1 for rows in fits["rows"]],
        )
        own = [
            sklearn.metrics.roc_auc_score(np.eye(3)[IRIS.y[rows]], p[rows], average=None)
            for rows in tested
        ]
        area = np.mean(own, axis=0)
        assert f"worst {IRIS.classes[area.argmin()]} " in text
        numbers = [float(number) for number in re.findall(r"\d\.\d+", text)]
        assert numbers == pytest.approx([area.mean(), area.min()], abs=0.00051)
        assert len(ax.lines) >= 5  # three classes, their mean, guessing


@pytest.mark.parametrize("dataset", ["iris", "digits", "many_classes"])
def test_the_cells_of_confusion_are_the_shares_of_their_row(drawn, dataset):
    results = drawn(dataset)
    study = results.study("confusion")
    figure, _ = results.drawn("confusion")
    for ax, fits in zip(figure.axes, study.results.headlines.values(), strict=False):
        (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
        counts = sklearn.metrics.confusion_matrix(
            DATASETS[dataset].y, study.results.predictions(fits)[0].argmax(axis=1)
        )
        shares = np.asarray(mesh.get_array())
        np.testing.assert_allclose(shares, counts / counts.sum(axis=1, keepdims=True))
        numbers = [int(text.get_text().split()[0]) for text in ax.texts if text.get_text()]
        shown = {"iris": counts.ravel(), "digits": counts[counts > 0], "many_classes": []}[dataset]
        assert numbers == list(shown)


# Names and colours


def test_classes_are_called_by_their_names(drawn):
    assert drawn("iris").study("roc").classes == ("setosa", "versicolor", "virginica")
    assert drawn("virginica").study("roc").classes == ("not is virginica", "is virginica")
    assert drawn("digits").study("roc").classes[3] == "kind 3"
    assert drawn("breast_cancer").study("roc").classes == ("kind no", "kind yes")


@pytest.mark.parametrize("name", OTHERS)
def test_a_hostile_name_is_no_markup_of_a_figure(drawn, name):
    _, svg = drawn("hostile").drawn(name)
    assert xml.etree.ElementTree.fromstring(svg).tag.endswith("svg")
    assert b"<script" not in svg
    assert b"hacked" not in svg


def test_more_classes_than_colours_are_said_to_share_them(drawn):
    names = entries(drawn("many_classes").drawn("decision_boundaries")[0])
    assert "(after 12 classes, colours repeat)" in names
    assert "(the first 20 of 30 classes)" in names
    assert sum(name.startswith("kind ") for name in names) == 20


def test_all_figures_of_a_config_are_drawn_of_several_classes(drawn):
    results, seen = drawn("iris"), set()
    for name, figure in figures(typed({**CONFIG, "datasets": {"iris": {}}}), "iris").items():
        assert set(figure.needs) <= {*results.files, *results.settings}
        seen.add(name)
        if name not in OF_DATA:  # those are seen above, of each data set
            for variant in figure.pictures(typed(CONFIG)):
                check(results.drawn(name, variant)[0])
    assert set(OF_DATA) <= seen
