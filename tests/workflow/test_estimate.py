"""The estimate of the time of a training: its arithmetic, and what it says of a run."""

import copy
import dataclasses
import re
from types import SimpleNamespace

import pytest
from project import ROOT, SMALL

from backprop.models import networks
from backprop.models.registry import MODELS
from backprop.study.configurations import Shape
from backprop.workflow import estimate, paths
from backprop.workflow.dependencies import digest_of_code
from backprop.workflow.estimate import baseline_seconds, forecast, network_seconds
from backprop.workflow.plan import Plan

H2 = Shape((2,), "sigmoid", "squared_error")
SIZE = {"rows": 100, "features": 2, "folds": 5}  # so 80 rows are for training


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def round_times(monkeypatch):
    """Give all models the same times, which are easy to calculate with."""
    for name, model in MODELS.items():
        changed = dataclasses.replace(model, seconds=(2.0, 0.5, 0.25, 0.125))
        monkeypatch.setitem(MODELS, name, changed)


def test_a_stack_takes_its_epochs_its_layers_and_its_parameters(round_times):
    # 2 to start; 10 epochs, each 0.5 and 80 samples of 2 layers and of 4 fits of 9 parameters.
    expected = 2 + 10 * (0.5 + 80 * (2 * 0.25 + 4 * 9 * 0.125))
    assert expected == 4007
    assert network_seconds("scratch", H2, fits=4, epochs=10, **SIZE) == pytest.approx(4007)


def test_several_stacks_take_their_epochs_and_layers_several_times(round_times, monkeypatch):
    # 100 rows of 2 features and 9 parameters are 509 floats; a stack may take 8 times as much.
    monkeypatch.setattr(networks, "STACK_BYTES", 3 * 509 * 8 * 8)
    expected = 2 + 10 * (2 * 0.5 + 80 * (2 * 2 * 0.25 + 4 * 9 * 0.125))
    assert expected == 4412
    assert network_seconds("scratch", H2, fits=4, epochs=10, **SIZE) == pytest.approx(4412)


def test_a_baseline_takes_its_fits_rows_and_pairs_of_parameters(round_times):
    expected = 2 + 3 * (0.5 + 80 * (0.25 + 3 * 3 * 0.125))
    assert expected == 333.5
    assert baseline_seconds("logistic", fits=3, **SIZE) == pytest.approx(333.5)


def test_training_nothing_takes_the_start_of_a_job(round_times):
    assert network_seconds("scratch", H2, fits=0, epochs=10, **SIZE) == pytest.approx(2)


def test_an_edit_of_the_times_or_of_what_progress_says_trains_nothing():
    for module, old, new in (
        ("models/registry", r"seconds=\(.*\)", "seconds=(9.0, 9.0, 9.0, 9.0)"),
        ("network/training", r'"done": epoch / stop.epochs', '"done": 0.5'),
    ):
        code = (ROOT / f"src/backprop/{module}.py").read_text(encoding="utf-8")
        changed = re.sub(old, new, code)
        assert changed != code
        for words in (True, False):
            assert digest_of_code(changed, words=words) == digest_of_code(code, words=words)


# What is said of a run


def job(rule, plan, model="", shape="", folder="no", dataset="ex4"):
    """Return a job as Snakemake has it."""
    if rule == "train_network":
        params = {"job": plan.training(model, shape), "fits": plan.number_of_fits(model, shape)}
        output = paths.NETWORK_FITS.format(dataset=dataset, model=model, shape=shape)
    else:
        params = {
            "job": plan.fitting(model or "logistic"),
            "fits": plan.number_of_fits(model) if model else 0,
        }
        output = paths.BASELINE_FITS.format(dataset=dataset, model=model)
    return SimpleNamespace(
        rule=SimpleNamespace(name=rule),
        wildcards=SimpleNamespace(dataset=dataset, model=model, shape=shape),
        params=SimpleNamespace(**params),
        output=[f"{folder}/{output}"],
    )


def jobs(plan, **options):
    return [
        *(job("train_network", plan, "scratch", shape, **options) for shape in plan.shapes),
        job("train_baseline", plan, "logistic", **options),
        job("score", plan, **options),
    ]


def planned(**changes):
    return Plan(copy.deepcopy(SMALL) | changes, ROOT)


def test_the_estimate_counts_the_fits_and_the_jobs_that_run_at_once(round_times):
    # ex4 has 80 rows, 40 of them for training. The shape h3 has 13 parameters, two configurations
    # and two splits; the shape h2 has 9 parameters and one configuration; 3 epochs.
    h3 = 2 + 3 * (0.5 + 40 * (2 * 0.25 + 4 * 13 * 0.125))
    h2 = 2 + 3 * (0.5 + 40 * (2 * 0.25 + 2 * 9 * 0.125))
    logistic = 2 + 2 * (0.5 + 40 * (0.25 + 3 * 3 * 0.125))
    assert (h3, h2, logistic) == (843.5, 333.5, 113)
    plan = planned()
    ending = "of training: 8 fits in 3 jobs, at most"
    for at_once, time in ((1, "22 minutes"), (2, "14 minutes"), (3, "14 minutes")):
        expected = f"About {time} {ending} {at_once} at once (a rough estimate)"
        assert forecast(jobs(plan), plan, at_once) == expected


def test_a_short_training_is_not_announced(round_times, monkeypatch):
    plan = planned()
    monkeypatch.setattr(estimate, "SHOWN_SECONDS", 844)
    assert forecast(jobs(plan), plan, 2) is None
    monkeypatch.setattr(estimate, "SHOWN_SECONDS", 843)
    assert forecast(jobs(plan), plan, 2).startswith("About 14 minutes")


def test_the_default_run_is_not_announced():
    plan = planned(
        validation={"folds": 5, "repeats": 10},
        training={"epochs": 500, "patience": None, "tolerance": 0.0},
    )
    assert forecast(jobs(plan), plan, 1) is None


def test_a_run_without_training_is_not_announced(monkeypatch):
    monkeypatch.setattr(estimate, "SHOWN_SECONDS", 1)
    plan = planned()
    assert forecast([job("score", plan)], plan, 2) is None


def test_an_estimate_is_an_upper_limit_if_a_fit_may_end_early(round_times):
    plan = planned(training={"epochs": 3, "patience": 2, "tolerance": 0.0})
    assert forecast(jobs(plan), plan, 1).startswith("At most about 22 minutes")


def test_an_estimate_is_an_upper_limit_if_new_data_may_be_the_same(round_times, tmp_path):
    plan = planned()
    fits = tmp_path / paths.BASELINE_FITS.format(dataset="ex4", model="logistic")
    fits.parent.mkdir(parents=True)
    fits.touch()
    run = [*jobs(plan, folder=tmp_path), job("fetch", plan)]
    assert forecast(run, plan, 1).startswith("At most about 22 minutes")


def test_a_data_set_that_was_never_fetched_is_left_out(round_times):
    config = copy.deepcopy(SMALL)
    config["datasets"]["far"] = {
        "source": "https://example.org/data.csv", "features": ["exam_1"], "label": "admitted",
    }  # fmt: skip
    plan = Plan(config, ROOT)
    far = jobs(plan, dataset="far")
    assert forecast([*jobs(plan), *far], plan, 1) == (
        "About 22 minutes of training: 8 fits in 3 jobs, at most 1 at once "
        "(a rough estimate, without far, which is not fetched yet)"
    )
    assert forecast(far, plan, 1) is None
