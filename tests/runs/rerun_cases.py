"""The rerun table: which jobs run again after an edit, and what is trained again.

`test_reruns.py` proves each row; `docs/rerun_table.py` writes the table into docs/reruns.md.
"""

import ast
import copy
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
from project import SMALL, Project

from backprop.workflow.plan.outputs import HANDED_IN

CONFIG = copy.deepcopy(SMALL)
del CONFIG["datasets"]["ex4"]["known_answers"]  # for the case in which the data change
CONFIG["models"] = ["logistic", "softmax", "scratch"]
CONFIG["vary"] = {"hidden": [[2]], "activation": ["tanh"], "learning_rate": [0.3]}

# Whatever a row below changes, one of these is drawn from it; a first look has the first. One is on
# the page to hand in.
FIGURES = ("confusion", "differences", "importance", "roc", "training_sizes", HANDED_IN)

WITH_ALL = copy.deepcopy(SMALL)
WITH_ALL["models"] = ["logistic", "softmax", "scratch", "tensorflow"]
WITH_ALL["vary"] = {"learning_rate": [0.3]}

KNN = {
    "class": "sklearn.neighbors.KNeighborsClassifier",
    "reference": {"n_neighbors": 5},
    "vary": {"n_neighbors": [1]},
}
WITH_KNN = CONFIG | {"models": ["logistic", "scratch", "knn"], "estimators": {"knn": KNN}}

NESTED = copy.deepcopy(SMALL)
del NESTED["datasets"]["ex4"]["known_answers"]
NESTED["validation"] = {"folds": 2, "repeats": 1, "inner_folds": 2}
NESTED["models"] = ["logistic", "scratch"]
NESTED["vary"] = {"learning_rate": [0.3]}
FIGURE_OF_NESTED = "roc"

WITH_SHARES = copy.deepcopy(NESTED)
WITH_SHARES["validation"] = {"folds": 2, "repeats": 1, "inner_folds": None}
WITH_SHARES["learning"] = {"shares": [0.5]}

# What is trained: four configurations in three shapes, on two splits.
H3, H2, TANH = "h3-sigmoid-squared_error", "h2-sigmoid-squared_error", "h3-tanh-squared_error"
CONFIGURATIONS = [f"{H3}-lr0.1", f"{H3}-lr0.3", f"{H2}-lr0.1", f"{TANH}-lr0.1"]

REGRESSIONS = {"train logistic", "train softmax"}
NETWORKS = {"train_networks_1 scratch"}
IMPLEMENTATIONS = {"parity", "one_step"}
PAGES = {"write_tables", "provenance", "summarise"}
STATISTICS = {"compare", "train_chosen", "every_row"}
OF_NEW_DATA = {"judge_new_data", "write_new_data", "provenance", "summarise"}
AFTER = {"score", *STATISTICS, *PAGES, "plot", "live"}
ALL = {"split", *IMPLEMENTATIONS, *REGRESSIONS, *NETWORKS, *AFTER}


def scratch(*names: str, fits: int = 2) -> dict[str, int]:
    """Return the number of fits that are trained, for some configurations of scratch."""
    return {f"scratch {name}-uniform": fits for name in names}


def everything(fits: int = 2) -> dict[str, int]:
    """Return the number of fits that are trained, for every model and configuration."""
    return {"logistic": fits, "softmax": fits, **scratch(*CONFIGURATIONS, fits=fits)}


def add_knn(project: Project) -> None:
    """Add a classifier of scikit-learn."""
    project.configure({**project.config, **{k: WITH_KNN[k] for k in ("models", "estimators")}})


def add_others(project: Project) -> None:
    """Add both a classifier and the predictions of a file."""
    add_knn(project)
    add_predictions(project)
    project.put("models", ["logistic", "scratch", "knn", "rules"])


def add_shares(project: Project) -> None:
    """Add a share of the training sets."""
    project.put("learning", {"shares": [0.5]})


def without(*names: str) -> dict[str, int]:
    """Return the number of fits that are trained without features."""
    ends = {
        "logistic": "", "softmax": "",
        "scratch": " hidden=[3] activation=sigmoid cost=squared_error learning_rate=0.1"
        " initialisation=uniform",
    }  # fmt: skip
    return {f'{m} without=["{name}"]{end}': 2 for m, end in ends.items() for name in names}


def weigh_a_feature(project: Project) -> None:
    """Leave a feature out."""
    project.put("importance", {"features": ["exam_1"]})


def add_predictions(project: Project) -> None:
    """Add the predictions of a file in the place of softmax regression, for the folds there."""
    project.configure(
        {**project.config, "models": ["logistic", "scratch", "rules"],
         "predictions": {"rules": "rules.csv"}}
    )  # fmt: skip
    write_predictions(0.5)(project)


def write_predictions(p: float) -> Callable[[Project], None]:
    """Return the edit that writes the file of predictions: p for class 1, everywhere."""

    def edit(project: Project) -> None:
        header, *lines = project.read("results/ex4/data/folds.csv").splitlines()
        rows = [f"{header},0,1", *(f"{line},{1 - p},{p}" for line in lines)]
        project.write("rules.csv", "\n".join(rows) + "\n")

    return edit


def write_new_data(first: str) -> Callable[[Project], None]:
    """Return the edit that writes new rows: the study's, moved a little, and one more."""

    def edit(project: Project) -> None:
        header, *lines = project.read("resources/ex4.csv").splitlines()
        cells = [line.split(",") for line in lines[::2]]
        rows = [f"{float(one) + 1:g},{float(other) - 1:g},{label}" for one, other, label in cells]
        project.write("new.csv", "\n".join([header, *rows, first]) + "\n")

    return edit


def write_new_data_otherwise(project: Project) -> None:
    """Write the same rows as a spreadsheet may, with one more column, in another order."""
    lines = [line.split(",") for line in project.read("new.csv").splitlines()]
    more = [[label, one, "note", other] for one, other, label in lines]
    text = "\r\n".join(",".join(cells) for cells in more)
    (project.folder / "new.csv").write_bytes(text.encode("utf-8-sig"))


def take_out_new_data(project: Project) -> None:
    """Name no file of new rows any more."""
    config = project.config
    del config["datasets"]["ex4"]["test"]
    project.configure(config)


def add_new_data(project: Project) -> None:
    """Name a file of new rows."""
    write_new_data("40.5,50.5,1")(project)
    project.put("datasets.ex4.test", "new.csv")


def add_new_data_and_a_repeat(project: Project) -> None:
    """Name a file of new rows, and repeat the cross-validation once."""
    add_new_data(project)
    project.put("validation.repeats", 2)


@dataclass(frozen=True)
class Case:
    """A row of the table.

    Attributes
    ----------
    name : str
        The edit, in words.
    edit : callable
        Makes the edit, in a project that has been run.
    jobs : set of str
        Exactly the jobs that run after it.
    trained : dict of str to int
        Exactly the models and configurations that are trained after it, with the number of fits.
    base : str
        The fixture whose project is edited.
    runs : bool
        Whether its training really runs in each test: one case of each kind does. All others are
        planned there, with the number of fits, and run on a schedule.
    thorough : bool
        Whether it is planned on a schedule only: because another case or test changes the same, or
        because it reruns nothing, and in each test is planned together with others that do not.
    """

    name: str
    edit: Callable[[Project], None]
    jobs: set[str] = field(default_factory=set)
    trained: Mapping[str, int] = field(default_factory=dict)
    base: str = "finished"
    runs: bool = False
    thorough: bool = False


def put(path: str, value: object) -> Callable[[Project], None]:
    """Return the edit of one value of config.yaml."""
    return lambda project: project.put(path, value)


def change_code(path: str) -> Callable[[Project], None]:
    """Return the edit that adds a statement to a module."""
    return lambda project: project.write(path, f"{project.read(path)}\nedited = True\n")


def change_text(path: str, old: str, new: str) -> Callable[[Project], None]:
    """Return the edit that replaces a text that is in a file once."""
    return lambda project: project.change(path, old, new)


def change_comments(project: Project) -> None:
    """Add a comment to every file of code, and a sentence to every docstring of a module."""
    for file in [*project.folder.glob("src/**/*.py"), *project.folder.glob("workflow/**/*.py")]:
        text = file.read_text(encoding="utf-8")
        assert text.startswith('"""')
        file.write_text(
            text.replace('"""', '"""Edited. ', 1) + "\n# A comment.\n", encoding="utf-8"
        )


def reformat(project: Project) -> None:
    """Write all code of the library as Python itself would: other line breaks and quotes."""
    for file in project.folder.glob("src/**/*.py"):
        text = file.read_text(encoding="utf-8")
        file.write_text(ast.unparse(ast.parse(text)) + "\n", encoding="utf-8")


def upgrade(package: str) -> Callable[[Project], None]:
    """Return the edit that makes a package look upgraded."""

    def edit(project: Project) -> None:
        newer = project.folder / "newer"
        metadata = newer / f"{package.replace('-', '_')}-99.0.dist-info/METADATA"
        metadata.parent.mkdir(parents=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 99.0\n")
        project.variables["PYTHONPATH"] = str(newer)

    return edit


def exclude(project: Project) -> None:
    """Exclude a column, in place of the list of the features."""
    config = project.config
    del config["datasets"]["ex4"]["features"]
    config["datasets"]["ex4"]["exclude"] = ["exam_2"]
    project.configure(config)


def nothing(project: Project) -> None:
    """Leave everything as it is."""


def reorder(project: Project) -> None:
    """Reverse the order of all keys, and add comments."""

    def reversed_keys(value: object) -> object:
        if isinstance(value, dict):
            return {key: reversed_keys(item) for key, item in reversed(value.items())}
        return value

    project.configure(reversed_keys(project.config))
    project.write("config.yaml", "# A comment.\n" + project.read("config.yaml") + "# Another.\n")


def swap(project: Project) -> None:
    """Swap the learning rate of the reference and the one to try."""
    project.put("reference.learning_rate", 0.3)
    project.put("vary.learning_rate", [0.1])


def make_old(file: Path) -> None:
    """Give a file the time of 2020, as a copy from an archive has it."""
    os.utime(file, (1_577_836_800, 1_577_836_800))


def change_a_digit(project: Project) -> None:
    """Change one score in the last digit, in a file that is older than the results."""
    first = project.read("resources/ex4.csv").splitlines()[1]
    score, rest = first.split(",", 1)
    changed = f"{score[:-1]}{(int(score[-1]) + 1) % 10},{rest}"
    text = project.read("resources/ex4.csv")
    project.write("resources/ex4.csv", text.replace(first, changed, 1))
    make_old(project.folder / "resources/ex4.csv")


def write_table_otherwise(project: Project) -> None:
    """Write the table as a spreadsheet may, with one more column."""
    lines = project.read("resources/ex4.csv").splitlines()
    more = [f"{line},{'note' if row == 0 else row}" for row, line in enumerate(lines)]
    (project.folder / "resources/ex4.csv").write_bytes("\r\n".join(more).encode("utf-8-sig"))


def name_rows(project: Project) -> None:
    """Take a further column of the table as the names of the rows."""
    write_table_otherwise(project)
    put("datasets.ex4.id", "note")(project)


def check_out_again(project: Project) -> None:
    """Write all code and data again, with the same content, so that they are newer."""
    for name in ("workflow", "src", "resources"):
        for file in (project.folder / name).rglob("*.*"):
            if file.is_file() and file.suffix != ".pyc":
                content = file.read_bytes()
                file.unlink()
                file.write_bytes(content)
                assert (
                    file.stat().st_mtime > (project.folder / "results/summary.rst").stat().st_mtime
                )


def fits_file(project: Project) -> Path:
    """Return the file of fits that is damaged: two configurations of one shape."""
    return project.folder / f"results/ex4/fits/scratch/{H3}.parquet"


def delete(project: Project) -> None:
    """Delete a file of fits."""
    fits_file(project).unlink()


def truncate(project: Project) -> None:
    """Cut a file of fits off in the middle, like an interrupted copy."""
    os.truncate(fits_file(project), fits_file(project).stat().st_size // 2)


def flip(project: Project) -> None:
    """Change one bit in the last probability of a file of fits that is older than its results."""
    content = bytearray(fits_file(project).read_bytes())
    metadata = pq.read_metadata(fits_file(project))
    columns = map(metadata.row_group(0).column, range(metadata.num_columns))
    column = next(c for c in columns if c.path_in_schema.startswith("probabilities"))
    end = (column.dictionary_page_offset or column.data_page_offset) + column.total_compressed_size
    content[end - 1] ^= 1
    fits_file(project).write_bytes(content)
    make_old(fits_file(project))


def change_old_code(path: str) -> Callable[[Project], None]:
    """Return the edit that adds a statement to a module that is older than the results."""

    def edit(project: Project) -> None:
        change_code(path)(project)
        make_old(project.folder / path)

    return edit


def exchange(project: Project) -> None:
    """Put the fits of another shape in the place of a shape's own."""
    other = fits_file(project).with_name(f"{H2}.parquet")
    shutil.copy(other, fits_file(project))
    make_old(fits_file(project))


def forget_a_prediction(project: Project) -> None:
    """Write a file of fits again, with one probability that is not a number."""
    table = pq.read_table(fits_file(project))
    probabilities = table["probabilities"].to_pylist()
    probabilities[0][0] = float("nan")
    place = table.schema.get_field_index("probabilities")
    pq.write_table(
        table.set_column(place, table.schema.field(place), [probabilities]), fits_file(project)
    )


def cut_off(path: str) -> Callable[[Project], None]:
    """Return the edit that cuts a text file off in the middle, and makes it old."""

    def edit(project: Project) -> None:
        file = project.folder / path
        os.truncate(file, file.stat().st_size // 2)
        make_old(file)

    return edit


def edit_a_table(project: Project) -> None:
    """Change a number of a table of the report."""
    file = "results/ex4/tables/comparison.csv"
    project.write(file, project.read(file).replace("0.", "1.", 1))


def lose_memory(project: Project) -> None:
    """Delete Snakemake's own memory of the results."""
    shutil.rmtree(project.folder / ".snakemake")


def lose_memory_and(edit: Callable[[Project], None]) -> Callable[[Project], None]:
    """Return an edit after which Snakemake's own memory of the results is gone."""

    def both(project: Project) -> None:
        edit(project)
        lose_memory(project)

    return both


def lose_records(project: Project) -> None:
    """Delete the records of the jobs."""
    for folder in project.folder.glob("results/**/records"):
        shutil.rmtree(folder)


def move(project: Project) -> None:
    """Move the whole project to another directory."""
    elsewhere = project.folder.with_name(f"{project.folder.name}-elsewhere")
    shutil.move(project.folder, elsewhere)
    project.folder = elsewhere


SHA256 = "762a7281f19f075ca06aff6a368a7d7217d6b62d7846ca8042e5f398decf5af9"
FUNCTIONS = "src/backprop/network/functions.py"
REGISTRY = "src/backprop/models/registry.py"
OF_NESTED = {*NETWORKS, "parity", "score", *STATISTICS, *PAGES, "plot", "live"}
OF_SHARES = {"compare_sizes", *PAGES, "plot"}
OF_IMPORTANCE = {"weigh_features", *PAGES, "plot"}
RETRAINED = {*NETWORKS, "parity", *AFTER}
BOTH = scratch(f"{H3}-lr0.1", f"{H3}-lr0.3")

Another = partial(Case, thorough=True)

CASES = [
    Another("nothing", nothing),
    Another("the order of keys, or comments, in `config.yaml`", reorder),
    Another("all files checked out again", check_out_again),
    Another("the path of the data, written as `./resources/ex4.csv`",
            put("datasets.ex4.source", "./resources/ex4.csv")),
    Another("the folder, moved elsewhere", move),
    Another("a learning rate", put("vary.learning_rate", [0.5]),
            {*RETRAINED, "candidates"}, scratch(f"{H3}-lr0.5")),
    Case("the learning rates of the reference and to try, swapped", swap,
         {*NETWORKS, *IMPLEMENTATIONS, "candidates", *AFTER},
         scratch(f"{H2}-lr0.3", f"{TANH}-lr0.3")),
    Case("hidden layers to try", put("vary.hidden", [[2], [4]]),
         {*NETWORKS, "parity", "candidates", *AFTER},
         scratch("h4-sigmoid-squared_error-lr0.1")),
    Another("hidden layers to try, removed",
            lambda project: project.put("vary", {"activation": ["tanh"], "learning_rate": [0.3]}),
            {*NETWORKS, "parity", "candidates", *AFTER}),
    Another("an optimiser to try", put("vary.optimiser", ["adam"]),
            {*NETWORKS, "parity", "candidates", *AFTER},
            scratch(f"{H3}-adam-lr0.1")),
    Another("a batch size to try", put("vary.batch_size", [8]),
            {*NETWORKS, "parity", "candidates", *AFTER},
            scratch(f"{H3}-b8-lr0.1")),
    Another("weight decay of networks to try", put("vary.l2", [0.01]),
            {*RETRAINED, "candidates"},
            {f"scratch {H3}-lr0.1-uniform-l20.01": 2}),
    Case("weight decay of logistic regression to try",
         put("baselines", {"logistic": {"vary": {"l2": [0.1]}}}),
         {"train logistic", "candidates", *AFTER}, {"logistic l2=0.1": 2}, runs=True),
    Case("a classifier in place of softmax regression", add_knn,
            {"train knn", "candidates", *AFTER}, {"knn n_neighbors=5": 2, "knn n_neighbors=1": 2}),
    Case("a value of the classifier to try",
         put("estimators.knn.vary.n_neighbors", [3]), {"train knn", "candidates", *AFTER},
         {"knn n_neighbors=3": 2}, base="finished_with_others", runs=True),
    Another("the class of the classifier",
            put("estimators.knn", {"class": "sklearn.naive_bayes.GaussianNB"}),
            {"train knn", "candidates", *AFTER}, {"knn": 2}, base="finished_with_others"),
    Case("a file of predictions in place of softmax regression", add_predictions,
         {"read_predictions rules", "candidates", *AFTER}),
    Case("the predictions in that file", write_predictions(0.25),
         {"read_predictions rules", *AFTER} - {"live"}, base="finished_with_others"),
    Case("`test`, a file of new rows", add_new_data, {"train_rival", *OF_NEW_DATA}),
    Case("the rows of that file", write_new_data("40.5,50.5,0"), OF_NEW_DATA,
         base="finished_with_new_data"),
    Another("its line ends, the order of its columns, an unused column",
            write_new_data_otherwise, OF_NEW_DATA, base="finished_with_new_data"),
    Another("`test`, removed", take_out_new_data, {"provenance", "summarise"},
            base="finished_with_new_data"),
    Case("the number of epochs", put("training.epochs", 4), {*NETWORKS, "parity", *AFTER},
         scratch(*CONFIGURATIONS)),
    Case("the tolerance, while `patience` is null", put("training.tolerance", 1.0e-3),
         {"provenance", "summarise"}),
    Another("the number of folds", put("validation.folds", 4), ALL, everything(fits=4)),
    Another("one more repeat: the first is kept", put("validation.repeats", 2),
            ALL, everything(fits=2)),
    Case("one more inner fold: outer fits are kept",
         put("validation.inner_folds", 3), {"split_inner", *OF_NESTED},
         scratch(f"{H3}-lr0.1", f"{H3}-lr0.3", fits=2 * 3), base="finished_nested"),
    Case("no inner folds", put("validation.inner_folds", None),
         OF_NESTED, base="finished_nested"),
    Another("more inner repeats than repeats",
            put("validation.inner_repeats", 7), {"provenance", "summarise"},
            base="finished_nested"),
    Case("one more repeat, with inner folds: the first is kept",
         put("validation.repeats", 2),
         {"split", "split_inner", "one_step", "train logistic", *OF_NESTED},
         {"logistic": 2, **scratch(f"{H3}-lr0.1", f"{H3}-lr0.3", fits=2 + 2 * 2)},
         base="finished_nested", runs=True),
    Another("the seed", put("seed", 2), ALL, everything()),
    Case("one digit of the data", change_a_digit, {"fetch", *ALL},
         everything(), runs=True),
    Case("a model, removed", put("models", ["logistic", "scratch"]), {"candidates", *AFTER}),
    Case("`rope`", put("comparison.rope", 0.02),
         {*STATISTICS, *PAGES, "plot"}),
    Case("`costs`, added", put("comparison.costs", {"missed": 3, "false_alarm": 1}),
         {*STATISTICS, *PAGES, "plot"}),
    Another("`costs`, of the names of classes", put("comparison.costs", {"0": {"1": 3}}),
         {*STATISTICS, *PAGES, "plot"}),
    Case("`row`", put("datasets.ex4.row", "pupil"),
         PAGES | {"plot", "every_row"}),
    Another("`order`, added",
            put("datasets.ex4.order", "exam_1"), {"fetch", *ALL}, everything()),
    Case("`rows`, fewer than there are", put("datasets.ex4.rows", 60),
            {"fetch", *ALL}, everything()),
    Another("`rows`, no fewer than there are", put("datasets.ex4.rows", 80),
            {"provenance", "summarise"}),
    Another("`most_cells`", put("datasets.ex4.most_cells", 1000), {"provenance", "summarise"}),
    Another("`missing_values`, with a mark that no cell has",
            put("datasets.ex4.missing_values", ["k.A."]),
            {"train_chosen", "provenance", "summarise"}),
    Case("`cells`, how those of a column are read",
         put("datasets.ex4.cells", {"exam_1": {"missing": [999]}}), {"fetch", *ALL}, everything()),
    Another("of the table: line ends, an unused column",
            write_table_otherwise),
    Case("`id`, a column that names the rows", name_rows,
         {"every_row", "provenance", "summarise"}),
    Another("`sha256` of the data, added", put("datasets.ex4.sha256", SHA256),
            {"provenance", "summarise"}),
    Another("one feature less, by `exclude`", exclude, {"fetch", *ALL},
            everything()),
    Case("`first_look`", put("first_look", True),
         {"plot", "provenance", "summarise"}),
    Case("`learning.shares`, added", put("learning", {"shares": [0.5, 1]}),
         {*(f"train_share {model} 0.5" for model in CONFIG["models"]), *OF_SHARES},
         {"logistic": 2, "softmax": 2, **scratch(f"{H3}-lr0.1")}, runs=True),
    Case("another share in `learning.shares`", put("learning.shares", [0.25, 0.5]),
         {*(f"train_share {model} 0.25" for model in CONFIG["models"]), *OF_SHARES},
         {"logistic": 2, "softmax": 2, **scratch(f"{H3}-lr0.1")}, base="finished_with_shares"),
    Another("a share of 1 in `learning.shares`",
            put("learning.shares", [1, 0.5]), {"provenance", "summarise"},
            base="finished_with_shares"),
    Case("a learning rate, with `learning.shares`",
         put("vary.learning_rate", [0.5]),
         {*RETRAINED, "candidates", "compare_sizes"},
         scratch(f"{H3}-lr0.5"), base="finished_with_shares"),
    Case("`importance`, turned on", put("importance", {"features": "all"}),
         {*(f"train_without {model}" for model in CONFIG["models"]), *OF_IMPORTANCE},
         without("exam_1", "exam_2"), runs=True),
    Case("one more feature in `importance.features`",
         put("importance.features", ["exam_1", "exam_2"]),
         {*(f"train_without {model}" for model in CONFIG["models"]), *OF_IMPORTANCE},
         without("exam_2"), base="finished_with_importance", runs=True),
    Case("`simulation.sets`", put("simulation.sets", 3), {"train_simulated", *PAGES}, runs=True),
    Another("comments and docstrings", change_comments),
    Another("the formatting of code", reformat),
    Case("a formula for readers",
         change_text(FUNCTIONS, 'formula="max(a, 0)"', 'formula="max(0, a)"'),
         {"one_step", *PAGES, "plot", "live", "every_row"}),
    Another("the label of a model", change_text(REGISTRY, 'label="Network"', 'label="By hand"'),
            {*PAGES, "plot", "live", "every_row"}),
    Another("the label of a metric",
            change_text("src/backprop/study/metrics.py", 'label="Accuracy"', 'label="Share right"'),
            {"one_step", *PAGES, "plot", "live", "every_row"}),
    Another("the memory of a cluster job",
            change_text(REGISTRY, "megabytes=3000", "megabytes=4000")),
    Another("an error message",
            change_text("src/backprop/study/splits.py", "s of the smallest class",
                        "s of a small class")),
    Another("the message of a job",
            change_text("workflow/rules/train.smk", "Train {wildcards.model} {",
                        "Fit {wildcards.model} {"),
            {"provenance"}),
    Case("a sentence of the tables",
         change_text("src/backprop/report/wording/comparison.py", "is the baseline",
                     "is the yardstick"),
         PAGES),
    Another("the title of a figure",
            change_text("src/backprop/report/contents.py", '"ROC curves"', '"ROC"'),
            {"plot", "summarise"}),
    Another("the title of a table",
            change_text("src/backprop/report/contents.py", '"All configurations"',
                        '"Configurations"'),
            PAGES),
    Another("what a page says of a column",
            change_text("src/backprop/statistics/tables.py", "The confidence of the interval",
                        "How sure it is"),
            {*PAGES, "every_row"}),
    Case("the style of the pages",
         change_text("src/backprop/report/templates/pages.css", "--ink: #222;", "--ink: #111;"),
         {*PAGES, "every_row"}),
    Another("the style of the page that trains networks",
            change_text("src/backprop/report/live/page.html", "max-width: 1900px;",
                        "max-width: 900px;"),
            {"live"}),
    Another("the forest plot",
            change_code("src/backprop/report/figures/forest.py"), {"summarise"}),
    Another("the code that fits the recommended model",
            change_code("src/backprop/models/chosen.py"), {"train_chosen"}),
    Another("the code of a plot", change_code("src/backprop/report/figures/roc.py"),
            {"plot", "summarise"}),
    Case("the code that fetches the data",
         change_code("src/backprop/data/sources.py"), {"fetch", *ALL}, runs=True),
    Another("the code that draws folds",
            change_code("src/backprop/study/cross_validation.py"), ALL),
    Another("the code that draws inner folds",
            change_code("workflow/scripts/split_inner.py"), {"split_inner", *OF_NESTED},
            base="finished_nested"),
    Another("the code of the hand-written network", change_code("src/backprop/network/stacked.py"),
            {*NETWORKS, *IMPLEMENTATIONS, *AFTER}, scratch(*CONFIGURATIONS)),
    Another("an activation function", change_text(FUNCTIONS, "1.0 - b * b", "1.0 - b**2"),
            {*NETWORKS, *IMPLEMENTATIONS, *AFTER}, scratch(*CONFIGURATIONS)),
    Another("the network that checks the others", change_code("src/backprop/network/plain.py"),
            {*IMPLEMENTATIONS, *PAGES}),
    Another("a metric",
            change_text("src/backprop/study/metrics.py", "METRICS: dict",
                        "edited = True\nMETRICS: dict"),
            {*IMPLEMENTATIONS, *AFTER}),
    Another("the t-test",
            change_old_code("src/backprop/inference/tests.py"), {*STATISTICS, *PAGES, "plot"}),
    Case("the version of scikit-learn", upgrade("scikit-learn"), {"fetch", *ALL}, {"logistic": 2},
         runs=True),
    Case("the version of TensorFlow", upgrade("tensorflow"),
         {"train_networks_1 tensorflow", *IMPLEMENTATIONS, *AFTER},
         {f"tensorflow {H3}-lr{rate}-uniform": 2 for rate in (0.1, 0.3)}, base="finished_with_all"),
    Another("a file of fits deleted", delete, RETRAINED, BOTH),
    Another("a file of fits cut off", truncate, RETRAINED, BOTH),
    Another("a bit of a file of fits", flip, RETRAINED, BOTH),
    Case("the fits of another shape in its place", exchange, RETRAINED, BOTH),
    Case("a prediction of one fit", forget_a_prediction, RETRAINED,
         scratch(f"{H3}-lr0.1", fits=1), runs=True),
    Case("the folds, cut off", cut_off("results/ex4/data/folds.csv"), ALL),
    Another("the data as used, cut off", cut_off("results/ex4/data/dataset.csv"), {"fetch", *ALL}),
    Another("the table of all fits, cut off", cut_off("results/ex4/tables/fits.csv"),
            AFTER - {"live"}),
    Another("a number of a table", edit_a_table, PAGES),
    Another("`.snakemake`, deleted", lose_memory),
    Case("a learning rate, and `.snakemake` deleted",
         lose_memory_and(put("vary.learning_rate", [0.5])),
         {*RETRAINED, "candidates"}, scratch(f"{H3}-lr0.5")),
    Another("a model and `.snakemake`, removed",
            lose_memory_and(put("models", ["logistic", "scratch"])), {"candidates", *AFTER}),
    Case("the records of the jobs, deleted", lose_records, {"fetch", "candidates", *ALL}),
]  # fmt: skip
