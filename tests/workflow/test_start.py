"""The sources of the config, and the names that messages give them."""

import os
from types import SimpleNamespace

import pytest
import yaml
from project import ROOT, SMALL

from backprop.config import Training
from backprop.workflow.snakemake_run.start import (
    OF_MODULE,
    check_space,
    make_plan,
    name_grid,
    name_sources,
    read_sources,
    with_hidden_sources,
)


@pytest.fixture(autouse=True)
def here(in_a_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {**os.environ, "PYTHONPATH": ""})
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(SMALL))
    return tmp_path


def settings(*files, values=(), replace=False):
    """Return what Snakemake says about the command line: it makes paths absolute."""
    return SimpleNamespace(
        configfiles=files,
        config=dict.fromkeys(values, ""),
        config_args=list(values),
        replace_workflow_config=replace,
    )


def sources_of(*files, **options):
    return read_sources(settings(*files, **options), str(ROOT))


def refusal(*files, **options):
    with pytest.raises(SystemExit) as ended:
        make_plan(sources_of(*files, **options), str(ROOT))
    return ended.value.code.splitlines()


def test_a_fault_is_listed_under_the_source_that_has_the_last_word(here, tmp_path_factory):
    config = SMALL | {"search": "gird", "seed": -1, "lable": 1}
    (here / "config.yaml").write_text(yaml.safe_dump(config))
    (here / "other.yaml").write_text("seed: -2\nvary: {hidden: [[0]]}\ndatasets: {new: {}}\n")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "third.yaml"
    elsewhere.write_text("training: {epochs: 0}\n")
    values = ["training={patience: x}", "seed=1e3"]
    lines = refusal(here / "other.yaml", elsewhere, values=values)
    assert [line.split(": found")[0] for line in lines if "unknown" not in line] == [
        "error: config.yaml is not valid:",
        "  search",
        "other.yaml is not valid:",
        "  datasets.new.source: missing; it is where the data come from "
        "(the name of a data set, an http(s) URL, or a path)",
        "  vary.hidden, item 1, item 1",
        f"{elsewhere} is not valid:",
        "  training.epochs",
        "--config is not valid:",
        "  seed",
        "  training.patience",
    ]
    assert lines[1].startswith("  lable: unknown key")


def test_a_value_of_the_command_line_is_read_as_in_a_file():
    (line,) = refusal(values=["validation={folds: 010}"])
    assert line == (
        "error: --config validation: line 1, column 9: found 010, which YAML reads as 8; "
        'use 8, or "010" as a text'
    )
    sources = sources_of(values=["training={epochs: 5}", "training={tolerance: 0.5}"])
    assert sources[-1] == ("--config", {"training": {"epochs": 5, "tolerance": 0.5}})


def test_a_replaced_config_yaml_is_checked_and_has_no_effect(here):
    (here / "other.yaml").write_text(yaml.safe_dump(SMALL | {"seed": 5}))
    other = here / "other.yaml"
    assert [name for name, _ in sources_of(other, replace=True)] == ["other.yaml"]
    assert [name for name, _ in sources_of(other)] == ["config.yaml", "other.yaml"]
    (here / "config.yaml").write_text("__use_yte__: true\n")
    (line,) = refusal(other, replace=True)
    assert line.startswith("error: config.yaml: __use_yte__: unknown key")
    (here / "config.yaml").unlink()
    assert [name for name, _ in sources_of(other)] == ["other.yaml"]


def test_a_module_does_not_change_the_config_that_it_was_given(here):
    (here / "config.yaml").write_text("not: ours\n")
    of_importer = SMALL | {"seed": 7}
    plan = make_plan([(OF_MODULE, of_importer)], str(ROOT))
    with_hidden_sources(plan)
    assert plan.config.seed == 7
    assert of_importer == SMALL | {"seed": 7}


@pytest.mark.parametrize(
    ("config", "says"),
    [({}, "  seed: missing"), (SMALL | {"lable": 1}, "  lable: unknown key")],
    ids=["an empty one", "a slip"],
)
def test_a_fault_in_the_config_of_a_module_is_named(config, says):
    with pytest.raises(SystemExit) as ended:
        make_plan([(OF_MODULE, config)], str(ROOT))
    assert ended.value.code.startswith(f"error: {OF_MODULE} is not valid:\n{says}")


def test_the_packages_of_an_added_environment_reach_the_jobs():
    make_plan([(OF_MODULE, SMALL)], str(ROOT), added=["/env/site-packages"])
    assert os.environ["PYTHONPATH"].split(":")[:2] == [f"{ROOT}/src", "/env/site-packages"]


def test_the_plan_is_of_the_merged_sources(here):
    (here / "other.yaml").write_text("training: {epochs: 5}\nvary: {hidden: [[4]]}\n")
    sources = sources_of(here / "other.yaml", values=["seed=3"])
    plan = make_plan(sources, str(ROOT))
    assert plan.config.seed == 3
    assert plan.config.training == Training(**SMALL["training"] | {"epochs": 5})
    varied = {key: values for key, values in vars(plan.config.vary).items() if values}
    assert varied == {**SMALL["vary"], "hidden": [[4]]}


def named(capsys, *files, **options):
    sources = sources_of(*files, **options)
    name_sources(sources, make_plan(sources, str(ROOT)))
    return capsys.readouterr().err


def test_the_config_files_and_data_sets_are_named_unless_it_is_config_yaml_alone(here, capsys):
    assert named(capsys) == ""
    mine = here / "mine.yaml"
    entry = {"source": "iris", "label": "class"}
    mine.write_text(yaml.safe_dump({"datasets": {"flowers": entry}}))
    assert named(capsys, mine) == (
        "config: config.yaml, then mine.yaml; --replace-workflow-config leaves out config.yaml; "
        "data sets: ex4, flowers\n"
    )
    many = {f"d{n}": entry for n in range(12)}
    mine.write_text(yaml.safe_dump(SMALL | {"datasets": many}, sort_keys=False))
    assert named(capsys, mine, replace=True, values=["seed=3"]) == (
        f"config: mine.yaml, then --config; data sets: {', '.join(list(many)[:10])}, and 2 more\n"
    )


QUICK = ROOT / "config/quick.yaml"


@pytest.mark.parametrize("file", ["config.yaml", "config/history.yaml"])
def test_a_first_look_at_a_shipped_config_is_small_and_of_the_same_study(file, here):
    sources = sources_of(ROOT / file, QUICK, replace=True)
    full_run = make_plan(sources_of(ROOT / file, replace=True), str(ROOT)).config
    config = make_plan(sources, str(ROOT)).config
    assert config.first_look
    assert config.validation.repeats == 2
    assert config.validation.inner_folds is None
    assert config.simulation.sets == 0
    assert config.training.epochs < full_run.training.epochs
    assert config.training.patience is not None
    same = ("seed", "datasets", "models", "estimators", "reference", "vary", "comparison")
    assert [getattr(config, key) for key in same] == [getattr(full_run, key) for key in same]
    assert not full_run.first_look


def test_a_first_look_of_a_grid_varies_one_value_at_a_time(here):
    (here / "grid.yaml").write_text(yaml.safe_dump(SMALL | {"search": "grid"}))
    sources = sources_of(here / "grid.yaml", QUICK, replace=True)
    assert make_plan(sources, str(ROOT)).config.search == "one_at_a_time"


def job(rule, model, fits):
    of = SimpleNamespace(model=model, dataset="ex4")
    return SimpleNamespace(
        rule=SimpleNamespace(name=rule), wildcards=of, params=SimpleNamespace(fits=fits)
    )


JOBS = [
    job("train", "logistic", 2), job("train_networks_1", "scratch", 8),
    job("train_share", "scratch", 5), job("score", "none", 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("at_once", "longest"),
    [(1, "6 minutes"), (2, "3 minutes"), (100, "3 minutes")],  # no job is divided
)
def test_a_grid_takes_as_long_as_its_networks_side_by_side_or_the_longest_of_them(
    at_once, longest, here, capsys, monkeypatch
):
    (here / "config.yaml").write_text(yaml.safe_dump(SMALL | {"search": "grid"}))
    plan = make_plan(sources_of(), str(ROOT))
    monkeypatch.setattr(plan.design, "seconds", lambda data, model, shapes: 180)
    name_grid(plan, [*JOBS, job("train_networks_1", "scratch", 1000)], at_once)
    assert capsys.readouterr().err == (
        "grid: 4 configurations of scratch; up to 1,010 fits to train; the networks take about "
        f"{longest} with {at_once} at once\n"
    )


def test_without_a_grid_or_with_nothing_to_train_nothing_is_said(here, capsys):
    name_grid(make_plan(sources_of(), str(ROOT)), JOBS, 2)
    (here / "config.yaml").write_text(yaml.safe_dump(SMALL | {"search": "grid"}))
    name_grid(make_plan(sources_of(), str(ROOT)), JOBS[2:], 2)
    assert capsys.readouterr().err == ""


def test_the_time_of_networks_grows_with_the_rows_and_the_fits(here):
    (here / "config.yaml").write_text(yaml.safe_dump(SMALL | {"search": "grid"}))
    plan = make_plan(sources_of(), str(ROOT))
    data = plan.datasets.data("ex4")
    names = list(plan.design.shapes)
    seconds = plan.design.seconds(data, "scratch", names)
    # 3 epochs of 80 rows; of 3 and 2 nodes, each with two rates and two splits
    by_hand = 3 * 80 * (2 * 2e-5 * 2 + 2e-9 * 4 * ((3 * 3 + 4) + (2 * 3 + 3)))
    assert seconds == pytest.approx(by_hand)
    assert seconds == pytest.approx(0.8 * plan.design.seconds(None, "scratch", names))


def test_a_first_look_is_named_without_advice_to_leave_out_the_config(here, capsys):
    assert named(capsys, here / "config.yaml", QUICK, replace=True) == (
        f"config: config.yaml, then {QUICK}; data sets: ex4\n"
    )


def test_snakemakes_config_has_no_secret_of_a_url_and_a_job_can_read_it(here):
    urls = {
        name: f"https://ann:pa55word@example.org/{name}/t%C3%A4ble.csv?key=t\u00f6ken"
        for name in "ab"
    }
    entries = {name: {"source": url, "label": "y"} for name, url in urls.items()}
    plan = make_plan([("config.yaml", {**SMALL, "datasets": entries})], str(ROOT))
    config = with_hidden_sources(plan)
    assert plan.config.datasets["a"].source == urls["a"]
    for name, url in urls.items():
        variable = config["datasets"][name]["source"]
        assert os.environ[variable] == url
        assert not any(part in variable for part in ("ann", "pa55", "example", "t\u00f6k"))


@pytest.mark.parametrize(
    ("free", "message"),
    [
        ({"f_bavail": 100}, "error: the disk with this folder is full; it needs 1,000,000 bytes"),
        ({"f_favail": 99}, "error: the disk with this folder is full; it needs room for 100 files"),
        ({"f_bavail": 300, "f_favail": 100}, None),
        ({"f_blocks": 0, "f_files": 0, "f_bavail": 0, "f_favail": 0}, None),  # it does not count
    ],
)
def test_a_full_disk_ends_the_run_with_one_message(free, message, monkeypatch):
    room = {"f_blocks": 9e9, "f_frsize": 4096, "f_bavail": 8e9, "f_files": 9e9, "f_favail": 8e9}
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(**(room | free)))
    if message is None:
        check_space()
    else:
        with pytest.raises(SystemExit, match=message):
            check_space()
