"""What the plan asks for: files, and what each job depends on."""

import copy
import hashlib
import json
import os
import re
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from declared import Declared
from project import ROOT, SMALL

from backprop.data.canonical_form import canonical, columns_of
from backprop.data.dataset import Dataset
from backprop.data.sources import obtain
from backprop.errors import BackpropError
from backprop.models.candidate_lists import read_candidates
from backprop.models.registry import MODELS
from backprop.report.contents import FIGURES, LIVE, PARTS, PROVENANCE, ROWS, TABLES
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.workflow.plan.datasets import pattern_of
from backprop.workflow.plan.design import JOB_ATTEMPTS
from backprop.workflow.plan.outputs import SETTINGS
from backprop.workflow.plan.plan import Plan
from backprop.workflow.records.job_records import digest_of_job, digests

DEFAULT = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
H3 = "h3-sigmoid-squared_error"


pytestmark = pytest.mark.usefixtures("at_the_root")


def plan(**changes):
    return Plan(copy.deepcopy(SMALL) | changes, ROOT)


def fits(planned, model, *shapes):
    """Return how many fits of a model on ex4 are planned."""
    return planned.design.number_of_fits(planned.datasets.data("ex4"), model, shapes)


def declared(**changes):
    """Return what the rules declare for a plan with some changes."""
    return Declared(plan(**changes))


def parameters(job):
    values = json.loads(job)
    assert values.pop("code")
    assert values.pop("versions")["python"]
    return values


def large(rows, columns):
    """Return a data set, whose numbers do not matter and take no memory."""
    x, y = np.broadcast_to(0.5, (rows, columns)), np.arange(rows) % 2
    return Dataset(tuple(f"x{n}" for n in range(columns)), "y", x, y, ("no", "yes"))


@pytest.mark.parametrize(
    ("model", "rows", "columns", "cores"),
    [
        ("forest", 80, 2, 1),
        ("forest", 30_000, 20, 10),  # as many as fits
        ("forest", 100_000, 20, 10),
        ("logistic", 10_000, 20, 1),
        ("logistic", 400_000, 100, 10),
        ("scratch", 80, 2, 1),
        ("scratch", 20_000, 2, 2),  # mostly calls of NumPy: one for each of its shapes
        ("scratch", 2_000, 2_000, 30),
        ("tensorflow", 2_000, 2_000, 1),  # it has threads of its own
    ],
)
def test_a_job_that_trains_long_can_use_several_cores(model, rows, columns, cores):
    forest = {"class": "sklearn.ensemble.RandomForestClassifier"}
    design = plan(
        models=["logistic", "scratch", "tensorflow", "forest"],
        estimators={"forest": forest},
        validation={"folds": 5, "repeats": 2, "inner_folds": None},
        training={"epochs": 500, "patience": None, "tolerance": 0.0},
    ).design
    shapes = [*design.shapes] if model in design.networks else []
    assert design.useful_cores(large(rows, columns), model, shapes) == cores
    assert design.useful_cores(None, model, shapes) == 1


@pytest.mark.parametrize("networks", [["scratch"], ["tensorflow"], ["scratch", "tensorflow"]])
def test_implementations_are_compared_wherever_there_is_a_network(networks):
    outputs = plan(models=["logistic", *networks]).outputs
    assert "results/ex4/tables/parity.csv" in outputs.results()
    files = outputs.fit_files.of_implementations("ex4")
    assert [file for file in files if H3 in file] == [
        f"results/ex4/fits/{network}/{H3}.parquet" for network in networks
    ]
    assert "results/ex4/tables/parity.csv" not in plan(models=["logistic"]).outputs.results()


def test_a_network_trains_all_configurations_of_a_shape_on_all_splits():
    default = Plan(DEFAULT, ROOT)
    shape = "h10-sigmoid-squared_error"
    assert len(default.design.configurations) == 17
    # 50 outer splits; of the first 20, the training sets have 5 inner folds each.
    assert fits(default, "scratch", shape) == 6 * (50 + 20 * 5)
    assert fits(default, "tensorflow", shape) == 6 * 50
    assert fits(default, "logistic") == 50
    values = parameters(Declared(default).job("train_networks_1", model="scratch"))
    own, *others = values["configurations"]
    assert {c["learning_rate"] for c in own} == {0.1, 0.01, 0.03, 0.3, 1.0}
    assert list(map(len, others)) == [1] * 5
    assert values["needs"]["training"] == {
        "epochs": 500,
        "patience": None,
    }  # `tolerance` has no effect
    assert values["implementation"] == "backprop.network.stacked"


@pytest.mark.parametrize("first_look", [False, True])
def test_one_job_draws_all_figures_and_gets_what_their_entries_name(first_look):
    more = {
        "learning": {"shares": [0.5, 1]},
        "comparison": {**DEFAULT["comparison"], "threshold": 0.3},
    }  # without which some figures have nothing to draw
    default = Plan({**DEFAULT, **more, "first_look": first_look}, ROOT)
    figures = default.outputs.figures()
    assert set(figures) == {
        name
        for name, entry in FIGURES.items()
        if entry.pictures(default.config) and (entry.at_first or not first_look)
    }
    needs = {need for entry in figures.values() for need in entry.needs}
    assert default.outputs.inputs_of_figures().keys() == needs - set(SETTINGS)
    values = parameters(Declared(default).job("plot"))
    assert set(values["settings"]) == needs & set(SETTINGS)
    drawn = {name: [variant for variant, _ in pictures] for name, _, pictures in values["figures"]}
    assert drawn == {name: list(each.pictures(default.config)) for name, each in figures.items()}
    handed_in = [] if first_look else ["results/ex4/plots/decision_boundaries.png"]
    assert default.outputs.handed_in("ex4") == handed_in
    assert set(handed_in) <= set(default.outputs.results())


def test_the_figures_of_another_data_set_call_its_rows_otherwise():
    ex4 = SMALL["datasets"]["ex4"]
    both = declared(datasets={"ex4": {**ex4, "row": "student"}, "other": ex4})
    one, other = (parameters(both.job("plot", d)) for d in ("ex4", "other"))
    assert (one["settings"]["row"], other["settings"]["row"]) == ("student", "row")
    assert "The students that models get wrong" in str(one["figures"])
    assert "The rows that models get wrong" in str(other["figures"])


def test_no_two_items_of_a_part_of_the_report_have_one_title():
    """Snakemake's report would show only one of them."""
    pages = {name: table for name, table in TABLES.items() if table.page is None}
    alone = {"live": LIVE, "rows": ROWS, "provenance": PROVENANCE}
    items = [*pages.items(), *FIGURES.items(), *alone.items()]
    names = {name for name, _ in items}
    assert not names - {*PARTS}, f"add {sorted(names - {*PARTS})} to PARTS in report/contents.py"
    assert not {*PARTS} - names, f"{sorted({*PARTS} - names)} of PARTS are no items"
    assert len({(PARTS[name], item.title) for name, item in items}) == len(items)


@pytest.mark.parametrize("models", [["logistic"], ["softmax", "logistic"], ["logistic", "scratch"]])
def test_data_sets_may_differ_in_their_features_and_known_answers(models):
    ex4 = SMALL["datasets"]["ex4"]
    narrow = {**ex4, "features": ["exam_2"]}
    del narrow["known_answers"]
    both = plan(models=models, datasets={"narrow": narrow, "ex4": ex4})
    assert both.outputs.written_together().keys() == {"write_tables", "write_known_answers"}
    assert {f"results/{name}/plots/decision_boundaries.svg" for name in ("narrow", "ex4")} <= set(
        both.outputs.results()
    )
    for part in ("known_answers.csv", "known_answers.html"):
        folders = {file.split("/")[1] for file in both.outputs.results() if file.endswith(part)}
        assert folders == {"ex4"}


def test_a_path_is_looked_for_here_and_then_beside_the_snakefile(
    in_a_folder, tmp_path, monkeypatch
):
    (tmp_path / "mine.csv").write_text("")
    elsewhere = plan().datasets
    assert str(elsewhere.locate("mine.csv")) == "mine.csv"
    assert elsewhere.locate("resources/ex4.csv") == ROOT / "resources/ex4.csv"
    monkeypatch.chdir(ROOT)
    for root in (ROOT, ROOT / "docs" / "..", Path("docs/..")):
        assert str(Plan(SMALL, root).datasets.locate("resources/ex4.csv")) == "resources/ex4.csv"


def test_a_path_is_looked_for_beside_the_config_first(in_a_folder, tmp_path):
    every = {tmp_path / "mine/t.csv", tmp_path / "t.csv", tmp_path / "here.csv"}
    for file in (*every, tmp_path / "run/here.csv", tmp_path / "run/t.csv"):
        file.parent.mkdir(exist_ok=True)
        file.write_text("")

    def located(path, config="mine/my.yaml"):
        return str(Plan(SMALL, ROOT, [(config, SMALL)]).datasets.locate(path))

    assert located("t.csv") == "mine/t.csv"
    assert located("here.csv") == "here.csv"
    assert located("t.csv", "my.yaml") == "t.csv"
    assert located("none.csv") == "mine/none.csv"  # which the message says
    with chdir(tmp_path / "run"):  # with which its parent can be moved
        assert located("t.csv", str(tmp_path / "mine/my.yaml")) == str(tmp_path / "mine/t.csv")
        assert located("t.csv", str(tmp_path / "my.yaml")) == "../t.csv"


def test_the_files_of_the_workflow_are_not_those_of_an_importer(in_a_folder, tmp_path):
    (tmp_path / "workflow/report").mkdir(parents=True)
    for name in ("report.css", "summary.rst.jinja"):
        (tmp_path / "workflow/report" / name).write_text("of the importer")
    assert {plan().style.parent, plan().template.parent} == {ROOT / "workflow/report"}


# Two fits of a network 2-1000-1000-1, of 1,005,001 parameters of 8 bytes: 8 times the two that are
# trained, and 8 times the two that are written, is 245 MB.
@pytest.mark.parametrize(
    ("of_machine", "of_job", "allowed"),
    [(244, 61, False), (245, 61, True), (244, 62, True)],
)
def test_a_network_must_fit_into_this_machine_or_a_cluster_job(
    monkeypatch, of_machine, of_job, allowed
):
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 2**20, "SC_PHYS_PAGES": of_machine}.get)
    monkeypatch.setitem(MODELS, "scratch", replace(MODELS["scratch"], megabytes=of_job))
    changes = {"reference": SMALL["reference"] | {"hidden": [1000, 1000]}, "vary": {}}
    if allowed:
        assert fits(plan(**changes), "scratch", "h1000x1000-sigmoid-squared_error") == 2
    else:
        message = r"hidden: found \[1000, 1000\], 2 fits of scratch .* 245 MB .* at most 244 MB"
        with pytest.raises(BackpropError, match=rf"^reference\.{message}"):
            plan(**changes)
        with pytest.raises(BackpropError, match=rf"^vary\.{message}"):
            plan(vary={"hidden": [[1000, 1000]]})


@pytest.mark.parametrize("profile", ["slurm", "generic"])
def test_the_plan_knows_the_attempts_of_a_cluster_job(profile):
    text = (ROOT / f"profiles/{profile}/profile.v9+.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["retries"] + 1 == JOB_ATTEMPTS


def with_data(**datasets):
    """Return a plan with more data sets than ex4."""
    return plan(datasets={"ex4": SMALL["datasets"]["ex4"], **datasets})


def test_a_data_set_by_name_needs_nothing_but_its_name():
    several = with_data(
        xor={"source": "xor"}, flowers={"source": "iris"}, old={"source": "bundled"}
    ).datasets
    assert several.source("xor") == several.source("flowers") == []
    assert several.source("old") == [Path("resources/ex4.csv")]
    assert [several.data(name).x.shape for name in ("xor", "flowers")] == [(200, 2), (150, 4)]
    assert several.data("old").features == ("exam_1", "exam_2")


def test_an_edit_of_a_data_set_changes_its_own_jobs_and_no_others():
    before = Declared(with_data(mine={"source": "iris"}))
    for changes in ({"features": ["petal width (cm)", "petal length (cm)"]}, {"missing": "impute"}):
        after = Declared(with_data(mine={"source": "iris", **changes}))
        assert after.job("fetch", "mine") != before.job("fetch", "mine")
        for rule in ("fetch", "split", "provenance"):
            assert after.job(rule) == before.job(rule)
        networks = {"rule": "train_networks_1", "model": "scratch"}
        assert after.job(**networks) == before.job(**networks)
    together = Declared(with_data(mine={"source": "iris", "duplicates": "together"}))
    assert together.job("fetch", "mine") == before.job("fetch", "mine")
    assert together.job("split", "mine") != before.job("split", "mine")
    assert together.job("split") == before.job("split")


def test_only_xor_is_drawn_again_if_the_seed_changes():
    entries = {name: {"source": name} for name in ("xor", "iris")}
    plans = [plan(datasets=entries, seed=seed).datasets for seed in (1, 2)]
    assert plans[0].fetching("xor") != plans[1].fetching("xor")
    assert plans[0].fetching("iris") == plans[1].fetching("iris")
    assert (plans[0].data("xor").x != plans[1].data("xor").x).all()


def test_a_path_may_begin_with_the_home_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.csv").write_bytes((ROOT / "resources/ex4.csv").read_bytes())
    home = plan(datasets={"mine": {"source": "~/mine.csv", "label": "admitted"}}).datasets
    assert home.source("mine") == [tmp_path / "mine.csv"]
    assert home.data("mine").features == ("exam_1", "exam_2")


FAR = {"source": "https://example.org/data.csv", "label": "admitted"}
FETCHED = ["results/far/data/dataset.csv", "results/far/data/columns.json"]


@pytest.fixture
def fetched(in_a_folder, tmp_path):
    """The folder of a data set that was fetched from a server, and the data set."""
    far = plan(datasets={"far": FAR}).datasets
    assert far.data("far") is None
    folder = tmp_path / "results/far"
    for name in ("data", "records"):
        (folder / name).mkdir(parents=True)
    ex4 = obtain("bundled", file=ROOT / "resources/ex4.csv")
    (folder / "data/dataset.csv").write_bytes(canonical(ex4))
    (folder / "data/columns.json").write_text(json.dumps(columns_of(ex4)))
    record = {
        "file": "results/far/records/fetch.json", "rule": "fetch", "wildcards": {"dataset": "far"},
        "job": digest_of_job(far.fetching("far")), "inputs": {}, "outputs": digests(FETCHED),
    }  # fmt: skip
    (folder / "records/fetch.json").write_text(json.dumps(record))
    return folder, ex4


def test_a_data_set_on_a_server_is_known_after_it_was_fetched_for_this_config(fetched):
    _, ex4 = fetched
    assert plan(datasets={"far": FAR}).datasets.data("far").y.tolist() == ex4.y.tolist()
    assert plan(datasets={"far": {**FAR, "features": ["exam_2"]}}).datasets.data("far") is None
    with pytest.raises(BackpropError, match=r"^datasets\.far: validation\.folds: found 41"):
        plan(datasets={"far": FAR}, validation={"folds": 41, "repeats": 1})


@pytest.mark.parametrize("damaged", FETCHED)
@pytest.mark.parametrize("damage", ["other", "gone", "pipe", "folder"])
def test_a_damaged_data_set_of_a_server_is_fetched_again(fetched, damaged, damage):
    file = Path(damaged)
    sound = file.read_bytes()
    file.unlink()
    if damage == "other":  # of the right form, as edited by hand
        file.write_bytes(sound.replace(b"0", b"7"))
    elif damage == "pipe":
        os.mkfifo(file)
    elif damage == "folder":
        file.mkdir()
    assert plan(datasets={"far": FAR}).datasets.data("far") is None


def test_one_file_has_one_path():
    entry = {**SMALL["datasets"]["ex4"], "known_answers": ".//resources/./ex4-known-answers.yaml"}
    same = plan(datasets={"ex4": {**entry, "source": "./resources//ex4.csv"}})
    assert same.config == plan().config
    assert same.datasets.fetching("ex4") == plan().datasets.fetching("ex4")


@pytest.mark.parametrize("source", ["./bundled", "resources/../resources/ex4.csv", "ex4.csv/"])
def test_a_path_that_is_not_the_same_without_its_dots_stays(source):
    with pytest.raises(BackpropError, match=re.escape(source)):
        plan(datasets={"new": {**SMALL["datasets"]["ex4"], "source": source, "sha256": "0" * 64}})


@pytest.mark.parametrize(
    "path", ["results/new/data/dataset.csv", "./results/x/../new/data/dataset.csv"]
)
def test_a_result_is_no_source_since_the_run_that_reads_it_would_first_delete_it(path):
    datasets = {"new": {**SMALL["datasets"]["ex4"], "source": path}}
    with pytest.raises(BackpropError, match=r"datasets\.new\.source: found .*, which is a result"):
        plan(datasets=datasets)


def test_what_is_shown_of_the_config_has_no_secret():
    url = "https://ann:pa55word@example.org/data.csv?key=t0ken"
    datasets = {"far": {**SMALL["datasets"]["ex4"], "source": url}}
    del datasets["far"]["known_answers"]
    far = plan(datasets=datasets)
    jobs = [Declared(far).job(rule, "far") for rule in ("provenance", "fetch", "summarise")]
    for shown in (*jobs, json.dumps(far.shown_config.as_json())):
        assert "https://example.org/data.csv" in shown
        assert "pa55word" not in shown
        assert "t0ken" not in shown
    other = {"far": {**datasets["far"], "source": url.replace("t0ken", "other")}}
    assert plan(datasets=other).datasets.fetching("far") != far.datasets.fetching("far")


def test_the_simulation_depends_on_the_reference_and_the_seed_but_not_on_what_is_varied():
    def simulated(**changes):
        return declared(**{"simulation": {"sets": 5}, **changes}).job("train_simulated")

    first = simulated()
    for same in (
        {"vary": {"hidden": [[7]]}},
        {"models": ["logistic", "softmax", "scratch"]},
        {"search": "grid"},
    ):
        assert simulated(**same) == first
    for other in (
        {"seed": 2},
        {"reference": {**SMALL["reference"], "learning_rate": 0.2}},
        {"training": {**SMALL["training"], "epochs": 4}},
        {"validation": {**SMALL["validation"], "repeats": 2}},
        {"comparison": {"rope": 0.02}},
        {"simulation": {"sets": 7}},
        {"models": ["logistic"]},
    ):
        assert simulated(**other) != first


def test_the_networks_are_simulated_as_one_model():
    for models, simulated in (
        (["logistic", "tensorflow", "scratch"], ["logistic", "scratch"]),
        (["logistic", "tensorflow"], ["logistic", "tensorflow"]),
        (["logistic", "softmax"], ["logistic"]),
    ):
        values = declared(models=models, simulation={"sets": 5}).values("train_simulated")
        assert list(read_candidates(values["candidates"])) == simulated


@pytest.mark.parametrize(("simulation", "shown"), [({"sets": 0}, False), ({"sets": 5}, True)])
def test_no_data_sets_give_no_table_of_error_rates(simulation, shown):
    planned = plan(simulation=simulation).outputs
    assert ("error_rates" in planned.written_together()["write_tables"]) is shown
    assert ("results/ex4/statistics/error_rates.csv" in planned.results()) is shown


# Tables that rules of another workflow make


def test_a_table_that_a_rule_makes_is_left_to_its_job(in_a_folder, tmp_path):
    entry = {"source": "./made/t.csv", "label": "admitted"}
    config = SMALL | {"datasets": {"t": entry, "ex4": SMALL["datasets"]["ex4"]}}
    asked = []
    made = Plan(config, ROOT, made=lambda path: asked.append(path) or path)
    assert not made.is_checked
    assert asked == [], "not all rules are known yet"
    made.datasets._made = {"made/t.csv": "made/t.csv"}.get
    made.check()
    assert made.datasets.data("t") is None
    assert made.datasets.source("t") == [Path("made/t.csv")]
    before = made.datasets.fetching("t")
    (tmp_path / "made").mkdir()
    (tmp_path / "made/t.csv").write_text("exam_1,admitted\n1,2\n")
    assert made.datasets.fetching("t") == before, "the table decides, when it is there"
    assert made.datasets.data("t") is None
    assert made.datasets.unchanging("ex4") is made.datasets.data("ex4")
    assert made.datasets.unchanging("t") is None


def test_the_faults_of_a_module_are_named_together(in_a_folder, tmp_path):
    (tmp_path / "one.csv").write_text("a,y\n1,0\n2,1\n")
    entries = {name: {"source": "one.csv", "label": name} for name in ("u", "v")}
    ex4 = {"ex4": SMALL["datasets"]["ex4"]}
    made = Plan(SMALL | {"datasets": ex4 | entries}, ROOT, made=lambda _: None)
    with pytest.raises(BackpropError) as caught:
        made.check()
    assert [line[:35] for line in str(caught.value).splitlines()] == [
        "one.csv: found no column 'u', only ", "one.csv: found no column 'v', only ",
    ]  # fmt: skip


# Predictions of models that were trained elsewhere


OUTER = {key: SMALL["validation"][key] for key in ("folds", "repeats")}


@pytest.fixture
def rules(tmp_path):
    """The changes of a config that compares a file with the right predictions, and the file."""
    names, splits = (
        ["logistic", "rules"],
        splits_of(draw_folds(plan().datasets.data("ex4").y, seed=SMALL["seed"], **OUTER)),
    )
    lines = ["row,repeat,fold,0,1"]
    for split in splits:
        lines += [f"{row + 1},{split.repeat + 1},{split.fold + 1},0.25,0.75" for row in split.test]
    file = tmp_path / "rules.csv"
    file.write_text("\n".join(lines) + "\n")
    return {"models": names, "vary": {}, "predictions": {"rules": str(file)}}, file


def test_predictions_are_read_by_a_job_that_its_file_decides(rules):
    changes, file = rules
    planned = plan(**changes)
    assert (
        planned.computes("rules", "ex4")["content"] == hashlib.sha256(file.read_bytes()).hexdigest()
    )
    assert planned.design.simulated.keys() == {"logistic"}
    assert planned.design.choosers == {}
    assert planned.shown_config.predictions == {"rules": "rules.csv"}  # without its folder
    before = planned.computes("rules", "ex4")
    file.write_text(file.read_text().replace("0.25,0.75", "0.75,0.25"))
    assert plan(**changes).computes("rules", "ex4") != before


def test_a_file_of_other_predictions_is_refused_before_any_job(rules):
    changes, file = rules
    file.write_text(file.read_text().replace("0.25,0.75", "0.25,0.7", 1))
    message = rf"predictions\.rules: {re.escape(str(file))}, line 2: the probabilities have the sum"
    with pytest.raises(BackpropError, match=message):
        plan(**changes)
    file.unlink()
    with pytest.raises(BackpropError, match=r"which is not a file; .* `backprop folds` writes"):
        plan(**changes)


def test_each_of_several_data_sets_has_a_file_of_its_own(rules, tmp_path):
    changes, file = rules
    two = {"ex4": SMALL["datasets"]["ex4"], "other": SMALL["datasets"]["ex4"]}
    other = tmp_path / "other.csv"
    other.write_text(file.read_text().replace("0.25,0.75", "0.5,0.5"))
    files = {"ex4": str(file), "other": str(other)}
    planned = plan(**{**changes, "predictions": {"rules": files}}, datasets=two)
    contents = [planned.computes("rules", name)["content"] for name in files]
    assert contents == [hashlib.sha256(each.read_bytes()).hexdigest() for each in (file, other)]
    other.write_text(other.read_text().replace("0.5,0.5", "0.5,0.6", 1))
    without = plan(**{**changes, "predictions": {"rules": files}}, datasets=two)
    assert [*without.config.datasets] == ["ex4"]
    assert without.config.predictions == {"rules": {"ex4": str(file)}}
    assert "other.csv, line 2: the probabilities have the sum" in without.left_out["other"]


def test_a_file_without_probabilities_does_for_a_metric_that_counts(rules):
    changes, file = rules
    text = file.read_text().replace(",0,1\n", ",predicted\n").replace("0.25,0.75", "1")
    file.write_text(text)
    plan(**changes)
    with pytest.raises(BackpropError, match=r"without probabilities, which log_loss needs"):
        plan(**changes, comparison={"rope": 0.01, "metric": "log_loss"})


def test_a_file_is_of_one_model_and_one_data_set(rules):
    changes, _ = rules
    two = {"ex4": SMALL["datasets"]["ex4"], "iris": {"source": "iris"}}
    with pytest.raises(BackpropError, match=r"predictions\.rules: found 2 data sets, and a file"):
        plan(**changes, datasets=two)
    with pytest.raises(BackpropError, match=r"predictions\.rules: found files of ex4; use one of"):
        plan(**{**changes, "predictions": {"rules": {"ex4": "rules.csv"}}}, datasets=two)
    bayes = {"rules": {"class": "sklearn.naive_bayes.GaussianNB"}}
    with pytest.raises(BackpropError, match=r"predictions\.rules: is in `estimators`, too"):
        plan(**changes, estimators=bayes)
    with pytest.raises(BackpropError, match=r"predictions\.rules: not in `models`; add it there"):
        plan(**{**changes, "models": ["logistic"]})


@pytest.mark.parametrize(
    "names",
    [["a"], ["a", "ab", "abc"], ["d1", "d10", "d100", "d2"], ["x-y", "x_y", "x", "Ax", "ax"]],
    ids=" ".join,
)
def test_the_pattern_of_names_matches_them_and_nothing_else(names):
    others = {name[:n] for name in names for n in range(len(name))} | {f"{n}0" for n in names}
    others |= {name.replace("-", "_").upper() for name in names}
    matched = {each for each in {*names, *others} if re.fullmatch(pattern_of(names), each)}
    assert matched == {*names}
