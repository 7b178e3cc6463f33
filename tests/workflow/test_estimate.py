"""The estimate of the time of a training: its arithmetic, and what it says of a run."""

import copy
import dataclasses
import json
import re
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from declared import Declared
from project import ROOT, SMALL

from backprop.models import networks
from backprop.models.registry import MODELS
from backprop.study.configurations import Shape
from backprop.workflow import estimate, paths
from backprop.workflow.dependencies import digest_of_code
from backprop.workflow.estimate import DataSize, forecast, network_seconds, seconds_in_turn
from backprop.workflow.plan import Plan

H2 = Shape((2,), "sigmoid", "squared_error")
SIZE = {"rows": 100, "inputs": 2, "folds": 5}  # so 80 rows are for training


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def round_times(monkeypatch):
    """Give all models the same times, which are easy to calculate with."""
    for name, model in MODELS.items():
        seconds = (2.0, 0.5, 0.25, 0.125, 0.0625)[: len(model.seconds)]
        changed = dataclasses.replace(model, seconds=seconds)
        monkeypatch.setitem(MODELS, name, changed)


def of_scratch(shape, *, fits, epochs, **size):
    return network_seconds(MODELS["scratch"], shape, DataSize(**size), fits=fits, epochs=epochs)


def test_a_stack_takes_its_epochs_its_layers_and_its_parameters(round_times):
    # 2 to start; 10 epochs, each 0.5 and 80 samples of 2 layers and of 4 fits of 9 parameters.
    expected = 2 + 10 * (0.5 + 80 * (2 * 0.25 + 4 * 9 * 0.125))
    assert expected == 4007
    assert of_scratch(H2, fits=4, epochs=10, **SIZE) == pytest.approx(4007)


def test_several_stacks_take_their_epochs_and_layers_several_times(round_times, monkeypatch):
    # 100 rows of 2 features and 9 parameters are 509 floats; a stack may take 8 times as much.
    monkeypatch.setattr(networks, "FASTEST", 0)
    monkeypatch.setattr(networks, "STACK_BYTES", 3 * 509 * 8 * 8)
    expected = 2 + 10 * (2 * 0.5 + 80 * (2 * 2 * 0.25 + 4 * 9 * 0.125))
    assert expected == 4412
    assert of_scratch(H2, fits=4, epochs=10, **SIZE) == pytest.approx(4412)


def test_batches_take_fewer_updates_and_a_time_of_their_own(round_times):
    # 80 samples are 4 batches of 20.
    batches = dataclasses.replace(H2, batch_size=20)
    expected = 2 + 10 * (0.5 + 4 * 2 * 0.25 + 80 * 4 * 9 * 0.0625)
    assert expected == 1827
    assert of_scratch(batches, fits=4, epochs=10, **SIZE) == pytest.approx(1827)
    one_batch = dataclasses.replace(H2, batch_size=1000)
    expected = 2 + 10 * (0.5 + 1 * 2 * 0.25 + 80 * 4 * 9 * 0.0625)
    seconds = of_scratch(one_batch, fits=4, epochs=10, **SIZE)
    assert seconds == pytest.approx(expected)


def test_a_network_of_three_classes_has_three_outputs(round_times):
    # 2-2-3: 6 + 9 parameters.
    expected = 2 + 10 * (0.5 + 80 * (2 * 0.25 + 4 * 15 * 0.125))
    seconds = of_scratch(H2, fits=4, epochs=10, outputs=3, **SIZE)
    assert seconds == pytest.approx(expected)


def test_a_baseline_takes_its_fits_rows_and_pairs_of_parameters(round_times):
    expected = 2 + 3 * (0.5 + 80 * (0.25 + 3 * 3 * 0.125))
    assert expected == 333.5
    assert seconds_in_turn(MODELS["logistic"], DataSize(**SIZE), fits=3) == pytest.approx(333.5)


def test_training_nothing_takes_the_start_of_a_job(round_times):
    assert of_scratch(H2, fits=0, epochs=10, **SIZE) == pytest.approx(2)


def test_an_edit_of_the_times_or_of_what_progress_says_trains_nothing():
    for module, old, new in (
        ("models/registry", r"seconds=\(.*\)", "seconds=(9.0, 9.0, 9.0, 9.0, 9.0)"),
        ("network/training", r'"done": epoch / stop.epochs', '"done": 0.5'),
    ):
        code = (ROOT / f"src/backprop/{module}.py").read_text(encoding="utf-8")
        changed = re.sub(old, new, code)
        assert changed != code
        for words in (True, False):
            assert digest_of_code(changed, words=words) == digest_of_code(code, words=words)


# What is said of a run


@cache
def rules_of(plan):
    """Return the rules of a plan, as Snakemake reads them."""
    return Declared(plan).rules


def job(rule, plan, model="", shape="", folder="no", dataset="ex4"):
    """Return a job as Snakemake has it."""
    wildcards = SimpleNamespace(dataset=dataset, model=model, shape=shape)
    declared = rules_of(plan)[rule].params
    output = paths.NETWORK_FITS if shape else paths.FITS
    return SimpleNamespace(
        rule=SimpleNamespace(name=rule),
        wildcards=wildcards,
        params=SimpleNamespace(
            job=declared.job(wildcards), fits=declared.fits(wildcards) if model else 0
        ),
        output=[f"{folder}/{output.format(**vars(wildcards))}"],
    )


def jobs(plan, **options):
    return [
        *(job("train_shape", plan, "scratch", shape, **options) for shape in plan.design.shapes),
        job("train", plan, "logistic", **options),
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


@pytest.fixture
def large(tmp_path):
    """A data set of 20,000 rows of 30 features."""
    path = tmp_path / "large.csv"
    generator = np.random.default_rng(0)
    x = generator.normal(size=(20_000, 30)).round(3)
    names = [f"x{column}" for column in range(30)]
    table = pd.DataFrame(x, columns=names).assign(y=(x[:, 0] > 0).astype(int))
    table.to_csv(path, index=False)
    return {"large": {"source": str(path), "features": names, "label": "y"}}


def test_a_long_training_of_many_rows_names_the_batch_size(large):
    default = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    config = default | {"datasets": large}
    plan = Plan(config, ROOT)
    networks_of = jobs(plan, dataset="large")
    networks_of += [
        job("train_shape", plan, "tensorflow", shape, dataset="large")
        for shape in plan.design.shapes
    ]
    text = forecast(networks_of, plan, 2)
    assert re.fullmatch(
        r"About \d hours of training: 3,450 fits in 25 jobs, at most 2 at once "
        r"\(a rough estimate\); a larger `reference.batch_size` takes fewer updates",
        text,
    )
    for each in networks_of:
        parameters = json.loads(each.params.job)
        parameters["configurations"] = [
            values | {"batch_size": 32} for values in parameters.get("configurations", [{}])
        ]
        each.params.job = json.dumps(parameters)
    in_batches = forecast(networks_of, plan, 2)
    assert in_batches.endswith("at once (a rough estimate)")
    size = {"fits": 50, "epochs": 500, "rows": 20_000, "inputs": 30, "folds": 5}
    one, many = (Shape((10,), "sigmoid", "squared_error", batch) for batch in (1, 32))
    assert of_scratch(many, **size) < 0.6 * of_scratch(one, **size)


def test_few_rows_are_not_said_to_need_batches(monkeypatch):
    monkeypatch.setattr(estimate, "LONG_SECONDS", 1)
    monkeypatch.setattr(estimate, "SHOWN_SECONDS", 1)
    plan = planned()
    assert forecast(jobs(plan), plan, 2).endswith("(a rough estimate)")
    monkeypatch.setattr(estimate, "MANY_ROWS", 80)
    assert "`reference.batch_size`" in forecast(jobs(plan), plan, 2)


def test_a_run_without_training_is_not_announced(monkeypatch):
    monkeypatch.setattr(estimate, "SHOWN_SECONDS", 1)
    plan = planned()
    assert forecast([job("score", plan)], plan, 2) is None


def test_an_estimate_is_an_upper_limit_if_a_fit_may_end_early(round_times):
    plan = planned(training={"epochs": 3, "patience": 2, "tolerance": 0.0})
    assert forecast(jobs(plan), plan, 1).startswith("At most about 22 minutes")


def test_an_estimate_is_an_upper_limit_if_new_data_may_be_the_same(round_times, tmp_path):
    plan = planned()
    fits = tmp_path / paths.FITS.format(dataset="ex4", model="logistic")
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


def test_the_simulation_is_part_of_the_estimate(monkeypatch):
    monkeypatch.setattr(estimate, "SHOWN_SECONDS", 0)
    plan = planned(simulation={"sets": 1000}, models=["logistic"])
    simulated = SimpleNamespace(
        rule=SimpleNamespace(name="train_simulated"),
        wildcards=SimpleNamespace(dataset="ex4"),
        params=SimpleNamespace(job=Declared(plan).job("train_simulated")),
        output=["no/error_rates.csv"],
    )
    # 1,000 data sets and two fits of each, twice, each of 1 ms and 40 rows x 9 pairs x 1 ns: 4 s.
    assert "2,000 fits in 1 jobs" in forecast([simulated], plan, 1)
    assert "About 10 seconds" in forecast([simulated], plan, 1)


def test_fits_on_a_share_of_the_training_sets_take_their_share(round_times, monkeypatch, tmp_path):
    monkeypatch.setattr(estimate, "SHOWN_SECONDS", 0)
    plan = planned(learning={"shares": [0.25, 0.5, 1]}, models=["logistic"], vary={})
    rule = rules_of(plan)["train_share"].params
    size = estimate.size_of(plan, plan.datasets.data("ex4"))

    def expected_of(share, folder):
        wildcards = SimpleNamespace(dataset="ex4", model="logistic", share=str(share))
        output = paths.SHARE_FITS.format(**vars(wildcards))
        own = SimpleNamespace(
            rule=SimpleNamespace(name="train_share"),
            wildcards=wildcards,
            params=SimpleNamespace(job=rule.job(wildcards), fits=rule.fits(wildcards)),
            input=SimpleNamespace(data=[]),
            output=[str(folder / output)],
        )
        splits = plan.splits("ex4", plan.datasets.data("ex4"))
        return estimate._training(own, plan.design.registry, size, splits)

    # 2 to start; 2 fits, each 0.5 and 20 or 10 of 40 training rows of 0.25 and 9 pairs of 0.125.
    for share, rows in ((0.5, 20), (0.25, 10)):
        own = expected_of(share, tmp_path)
        assert (own.fits, own.seconds) == (2, 2 + 2 * (0.5 + rows * (0.25 + 9 * 0.125)))
