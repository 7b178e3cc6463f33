"""What is used of Snakemake, and its documentation does not promise, is there, and in one module.

If a test of a name fails, a new version of Snakemake has no such name: see what replaces it in
`snakemake_internals`, and then set the bounds in pyproject.toml.
"""

import inspect
import os
import re
import shlex
import sys
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml
from declared import Declared, shared_workflow
from packaging.specifiers import SpecifierSet
from project import ROOT
from snakemake import api  # first, as its modules import each other in a circle
from snakemake import report as reports
from snakemake.dag import DAG
from snakemake.jobs import Job
from snakemake.logging import LoggerManager
from snakemake.modules import ModuleInfo, WorkflowModifier
from snakemake.persistence import MetadataRecord
from snakemake.persistence.db import DbPersistence
from snakemake.persistence.file import FilePersistence
from snakemake.report import html_reporter
from snakemake.rules import Rule
from snakemake.scheduling.job_scheduler import JobScheduler
from snakemake.settings.types import ConfigSettings, DAGSettings, ResourceSettings, StorageSettings
from snakemake.sourcecache import HostedGitRepo, HostingProviderFile, LocalGitFile
from snakemake_interface_report_plugins.registry import ReportPluginRegistry
from yte import process_yaml

from backprop.report.contents import TABLES
from backprop.report.figures.forest import SIZES
from backprop.workflow.plan.plan import Plan
from backprop.workflow.snakemake_run import snakemake_internals
from backprop.workflow.snakemake_run.snakemake_internals import (
    REPLACES,
    WORKS,
    Session,
    quote_python,
)

INTERNALS = Path(snakemake_internals.__file__)

# The names

OF_WORKFLOW = re.findall(r'_use\("([\w.]+)"\)', INTERNALS.read_text(encoding="utf-8"))
OWNERS = {
    "": [api.Workflow],
    "config_settings": [ConfigSettings],
    "dag": [DAG],
    "dag_settings": [DAGSettings],
    "logger_manager": [LoggerManager],
    "modifier": [WorkflowModifier],
    "persistence": [FilePersistence, DbPersistence],
    "resource_settings": [ResourceSettings],
    "scheduler": [JobScheduler],
    "storage_settings": [StorageSettings],
}
USED = [
    *((owner, n.split(".")[-1]) for n in OF_WORKFLOW for owner in OWNERS[n.rpartition(".")[0]]),
    *((ConfigSettings, n) for n in ("config", "config_args", "configfiles")),
    (ConfigSettings, "replace_workflow_config"),
    *((Rule, name) for name in ("expand_input", "is_producer", "log", "name", "params")),
    *((Job, name) for name in ("benchmark", "input", "log", "output", "params", "rule")),
    *((Job, name) for name in ("threads", "wildcards")),
    *((MetadataRecord, name) for name in ("input", "params")),
    *((html_reporter, name) for name in ("ReportSettings", "Reporter", "rulegraph_spec")),
    *((html_reporter.Reporter, name) for name in ("render", "results", "settings")),
    *(
        (html_reporter.Reporter, n)
        for n in ("dag", "jobs", "mode_embedded", "workflow_description")
    ),
    *((reports.FileRecord, name) for name in ("labels", "path")),
    (reports.JobRecord, "job"),
    *((LocalGitFile, name) for name in ("join", "ref", "repo_path")),  # of library.smk
    *((HostingProviderFile, name) for name in ("hosted_repo", "join", "ref")),
    (HostedGitRepo, "repo_clone"),
]


def has(owner, name):
    """Return whether a class or a module has a name, or a class gives it to its objects."""
    classes = inspect.getmro(owner) if inspect.isclass(owner) else ()
    return hasattr(owner, name) or any(
        name in vars(each).get("__annotations__", {})
        or re.search(rf"\bself\.{name}\b[^=\n]*= ", inspect.getsource(each))
        for each in classes
        if each.__module__ not in ("builtins", "typing")  # these have no such names, nor source
    )


@pytest.mark.parametrize(("owner", "name"), dict.fromkeys(USED))
def test_snakemake_still_has(owner, name):
    assert has(owner, name), f"Snakemake {version('snakemake')}: no {owner.__name__}.{name}"


@pytest.mark.parametrize("owner", dict(USED))
def test_a_name_that_is_gone_is_noticed(owner):
    assert not has(owner, "no_such_name")


def test_a_name_that_a_new_version_lacks_ends_in_one_message_with_the_versions_that_work():
    message = rf"error: Snakemake \d.*no attribute 'forcefiles'; use snakemake{re.escape(WORKS)}$"
    with pytest.raises(SystemExit, match=message):
        Session(SimpleNamespace(dag=SimpleNamespace())).force(["a"])


def test_the_versions_that_work_are_those_of_the_package_up_to_that_of_the_tests():
    assert f'"snakemake{WORKS}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (least,) = re.findall(r'min_version\("(.*)"\)', (ROOT / "Snakefile").read_text())
    major, minor, *_ = map(int, version("snakemake").split("."))
    works = SpecifierSet(WORKS)
    assert f"{major}.{minor}.999" in works
    assert f"{major}.{minor + 1}" not in works
    assert least in works


DOCUMENTED = r"snakemake\.utils|snakemake_interface_logger_plugins\.(base|common)"
OTHERS = [
    file
    for pattern in ("src/**/*.py", "workflow/scripts/*.py", "Snakefile", "workflow/rules/*.smk")
    for file in sorted(ROOT.glob(pattern))
    if file != INTERNALS
]
ALLOWED = {
    "src/snakemake_report_plugin_backprop/__init__.py": {"snakemake.report"},
    "workflow/rules/library.smk": {"workflow.current_basedir"},
}


def undocumented(code):
    """Return what code uses of Snakemake that its documentation does not promise."""
    imported = re.findall(r"^\s*(?:from|import) (snakemake[\w.]*)", code, re.MULTILINE)
    used = re.findall(r"(?<![.\w`/])(?:self\._)?(workflow\.[a-z]\w*)\b(?!\.smk|/)", code)
    return {n for n in imported if not re.fullmatch(DOCUMENTED, n)} | {
        n for n in used if n not in ("workflow.basedir", "workflow.persistence")
    }


def test_no_other_file_uses_undocumented_names_of_snakemake():
    uses = {
        str(file.relative_to(ROOT)): undocumented(file.read_text(encoding="utf-8"))
        for file in OTHERS
    }
    assert len(uses) > 100
    assert {file: names for file, names in uses.items() if names} == ALLOWED
    for code in ("    from snakemake.io import IOFile", "self._workflow.dag", "workflow.dag"):
        assert undocumented(code)


# The report


@pytest.fixture(scope="module")
def report_sources():
    """The code of Snakemake's report: its own templates and scripts, and what fills them."""
    folder = Path(reports.__file__).parent
    files = [file for file in folder.rglob("*") if file.suffix in (".js", ".jinja2", ".css", ".py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_the_report_still_has_the_classes_and_ids_that_its_style_names(report_sources):
    style = (ROOT / "workflow/report/report.css").read_text(encoding="utf-8")
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", style, flags=re.DOTALL)
    pages = (ROOT / "workflow/report").glob("*.rst.jinja")
    page = "".join(each.read_text(encoding="utf-8") for each in pages)
    ours = {*re.findall(r'(?:class="|:class: )([\w-]+)', page), *SIZES}
    ours.add("section")  # which docutils writes
    names = set(re.findall(r"[.#]([a-z][\w-]*)", selectors)) - ours
    assert {"h-screen", "prose", "rulegraph", "transition-all"} <= names
    gone = [n for n in names if not re.search(rf"(?<![\w-]){n}(?![\w-])", report_sources)]
    assert gone == []


class FakeWatch:
    """What the plugin of the report asks, see `housekeeping.Watch`."""

    style = "ours.css"

    def __init__(self, left_out=()):
        self._left_out, self.checked = left_out, 0

    def refuse_stale(self):
        self.checked += 1

    def is_shown(self, file):
        return file not in self._left_out


@pytest.fixture
def reporter(in_a_folder, monkeypatch, tmp_path):
    """A function that makes a reporter as Snakemake does, for watches and a stylesheet."""
    for name in ("ours.css", "own.css"):
        (tmp_path / name).write_text(name)
    (tmp_path / "first_page.yaml").write_text("A heading: []")
    plugin = ReportPluginRegistry().get_plugin("backprop")

    def make(*watches, stylesheet=None):
        monkeypatch.setattr("backprop.workflow.snakemake_run.housekeeping.WATCHES", list(watches))
        settings = plugin.settings_cls(path=Path("report.html"), stylesheet_path=stylesheet)
        records = [SimpleNamespace(path=Path(file)) for file in ("a.html", "b.svg")]
        return plugin.reporter({}, {"1 Result": {"": records}}, [], [], settings, "", dag=None)

    return make


def test_a_report_is_checked_and_has_our_style_unless_another_one_is_named(reporter):
    watch = FakeWatch()
    assert reporter(watch).custom_stylesheet == "ours.css"
    assert reporter(watch, stylesheet=Path("own.css")).custom_stylesheet == "own.css"
    assert watch.checked == 2
    assert reporter(watch).metadata == {"A heading": []}  # beside the style
    assert reporter().custom_stylesheet is None


def test_a_report_has_only_the_items_that_are_shown(reporter):
    def items(*watches):
        return [str(each.path) for each in reporter(*watches).results["1 Result"][""]]

    assert items(FakeWatch()) == ["a.html", "b.svg"]
    assert items(FakeWatch(), FakeWatch(["a.html"])) == ["b.svg"]


def test_a_report_that_cannot_be_written_is_an_error_in_one_message(reporter, monkeypatch):
    def fail(self):
        raise PermissionError(13, "Permission denied", "report.html")

    monkeypatch.setattr(html_reporter.Reporter, "render", fail)
    with pytest.raises(SystemExit, match=r"^error: Permission denied: report\.html$"):
        reporter().render()


@pytest.mark.parametrize(
    ("words", "writes", "asks"),
    [
        (["--report", "a.html"], True, True),
        (["--reporter", "html", "--report-html-path", "a.html"], True, True),
        (["--reporter=html"], True, True),
        (["--report=a.html"], True, True),
        (["--report-html-stylesheet-path", "a.css"], False, False),
        (["--report", "a.html", "--report-after-run"], False, False),
        (["--reporter", "backprop"], False, True),
        (["--profile", "by_plugin"], False, True),
        (["--profile", "by_html"], True, True),
        (["--profile", "by_html", "--report-after-run"], False, False),
        (["--not-of-snakemake"], False, False),
    ],
)
def test_a_report_alone_is_asked_for_by_the_command_line_or_a_profile(
    words, writes, asks, monkeypatch, in_a_folder, tmp_path, capfd
):
    for name, says in {"by_plugin": "reporter: backprop", "by_html": "report: a.html"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.yaml").write_text(says)
    (tmp_path / "results").mkdir()
    monkeypatch.chdir("results")
    monkeypatch.setattr("sys.argv", ["snakemake", *words])
    session = Session(SimpleNamespace(workdir_init=str(tmp_path)))
    assert (session.writes_report, session.asks_for_report) == (writes, asks)
    assert "".join(capfd.readouterr()) == ""


# What is done with the names


def test_the_jobs_of_a_run_are_none_if_snakemake_has_none_or_only_touches_files():
    dag = SimpleNamespace(needrun_jobs=lambda exclude_finished: iter([exclude_finished]))
    for workflow, jobs in (
        (SimpleNamespace(dag=None), []),
        (SimpleNamespace(dag=dag, touch=True), []),
        (SimpleNamespace(dag=dag, touch=False), [False]),
    ):
        assert Session(workflow).jobs_to_run == jobs


def test_jobs_elsewhere_leave_config_yaml_out_if_the_run_does(monkeypatch):
    def replaces(is_main, by_flag):
        settings = ConfigSettings(config={"seed": 3}, replace_workflow_config=by_flag)
        run = SimpleNamespace(is_main_process=is_main, config_settings=settings)
        return Session(run).config_settings.replace_workflow_config

    monkeypatch.setenv(REPLACES, "left over from another run")
    for by_flag in (True, False):
        assert replaces(is_main=True, by_flag=by_flag) == by_flag
        assert replaces(is_main=False, by_flag=False) == by_flag, "nothing is passed to a job"
    monkeypatch.delenv(REPLACES)
    assert not replaces(is_main=False, by_flag=False)
    assert os.environ[REPLACES] == "", "Snakemake refuses to pass on what it lacks"


@pytest.mark.parametrize(
    ("is_main", "nodes", "profile", "storage", "most"),
    [
        (True, None, None, None, sys.maxsize),
        (True, None, 4, None, sys.maxsize),  # Snakemake itself has this limit
        (True, 100, 4, None, 4),
        (True, 100, None, None, 1),  # a profile that names none may have nodes of any size
        (False, None, 4, None, 4),
        (False, None, None, None, 1),
        (True, 100, 4, "fs", 1),
    ],
)
def test_a_job_that_is_submitted_has_as_many_cores_as_a_profile_says(
    is_main, nodes, profile, storage, most
):
    workflow = SimpleNamespace(
        is_main_process=is_main,
        nodes=nodes,
        resource_settings=ResourceSettings(max_threads=profile),
        storage_settings=StorageSettings(default_storage_provider=storage),
    )
    assert Session(workflow).cores_of_job == most


def test_a_file_is_made_if_a_rule_of_any_snakefile_makes_it():
    rule = SimpleNamespace(is_producer=lambda file: file == "made/t.csv")
    session = Session(SimpleNamespace(rules=[rule]))
    assert session.made("made/t.csv") == "made/t.csv"
    assert session.made("made/t.csv").flags == {"local": True}, "a prefix would change it"
    assert session.made("t.csv") is None


@pytest.mark.parametrize(
    ("keeps_going", "ended_by_user", "failed"),
    [(True, None, [1]), (False, None, []), (True, "graceful", [])],
)
def test_jobs_have_failed_if_the_run_goes_on_and_nobody_has_ended_it(
    keeps_going, ended_by_user, failed
):
    scheduler = SimpleNamespace(keepgoing=keeps_going, _user_kill=ended_by_user, failed={1})
    assert Session(SimpleNamespace(scheduler=scheduler)).failed_jobs == failed


@pytest.mark.parametrize(("nodes", "cores", "at_once"), [(None, 4, 4), (100, 4, 100)])
def test_the_progress_knows_what_trains_and_how_much_runs_side_by_side(nodes, cores, at_once):
    def made_job(rule, log, benchmark=None, params=(), **wildcards):
        rule, log = SimpleNamespace(name=rule), [log] * bool(log)
        values = {"rule": rule, "log": log, "benchmark": benchmark, "wildcards": wildcards}
        return SimpleNamespace(**values, params=dict(params), threads=3)

    said = []
    jobs = [
        made_job("train", "a.log", "a.tsv", {"fits": 5}, model="logistic", dataset="ex4"),
        made_job("train_simulated", "b.log", "b.tsv", dataset="ex4"),
        made_job("read_predictions", "c.log", model="rules", dataset="ex4"),
        made_job("all", None),
    ]
    dag = SimpleNamespace(needrun_jobs=lambda exclude_finished: jobs)
    shows = SimpleNamespace(expect=lambda *values: said.append(values))
    manager = SimpleNamespace(get_log_handlers=lambda: [object(), shows])
    workflow = SimpleNamespace(
        dag=dag, touch=False, nodes=nodes, cores=cores, logger_manager=manager
    )
    Session(workflow).expect_jobs()
    own = 1 if nodes else 3  # a job in a queue counts as one
    fits = {"a.log": ("logistic", 5, own), "b.log": ("train_simulated", 1, own)}
    fits["c.log"] = ("", 1, 1)
    assert said == [(fits, at_once)]


@pytest.mark.parametrize("is_local", [True, False])
def test_what_does_not_train_is_run_warm_on_this_machine(is_local, tmp_path, monkeypatch):
    for name in ("split.py", "score.py", "train.py"):
        (tmp_path / name).touch()
    jobs = [
        SimpleNamespace(rule=SimpleNamespace(script=script), benchmark=benchmark)
        for script, benchmark in (
            ("../scripts/split.py", None),
            ("../scripts/split.py", None),
            ("../scripts/score.py", None),
            ("../scripts/train.py", "a.tsv"),
            ("scripts/of_another_snakefile.py", None),
            (None, None),
        )
    ]
    dag = SimpleNamespace(needrun_jobs=lambda exclude_finished: jobs)
    monkeypatch.setattr("sys.executable", "python")
    monkeypatch.setattr(snakemake_internals, "warm_python", lambda *arguments: arguments)
    Session(SimpleNamespace(dag=dag, touch=False, local_exec=is_local)).warm_up(str(tmp_path))
    warm = ("python", [tmp_path / "score.py", tmp_path / "split.py"])
    assert snakemake_internals.sys.executable == (warm if is_local else "python")


def test_a_shell_reads_the_path_of_python(monkeypatch, tmp_path):
    python = tmp_path / "my folder" / "$python"
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr("sys.executable", str(python))
    for _ in range(2):  # two modules of one Snakefile do so
        quote_python()
        assert shlex.split(f"{snakemake_internals.sys.executable} -m snakemake")[0] == str(python)


def test_only_training_is_submitted_to_a_cluster(at_the_root):
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    rules = Declared(Plan(shipped, ROOT)).rules
    assert {"train", "train_networks_1", "train_chosen", "split"} <= rules.keys()
    submitted = {name for name, rule in rules.items() if not rule.ruleinfo.localrule}
    assert submitted == {name for name in rules if name.startswith("train")}


def test_the_profile_for_many_data_sets_names_each_rule_with_a_data_set():
    text = (ROOT / "profiles/data-sets/profile.v9+.yaml").read_text(encoding="utf-8")
    named = {entry.removesuffix("=data_set") for entry in process_yaml(text)["groups"]}
    rules = "".join(path.read_text("utf-8") for path in ROOT.glob("workflow/rules/*.smk"))
    declared = {*re.findall(r"^ *(?:use rule \w+ as|rule) (\w+)", rules, re.MULTILINE)}
    written = {f"write_{entry.page or name}" for name, entry in TABLES.items() if entry.by_dataset}
    numbered = {name for name in named if re.fullmatch(r"train_networks_\d+", name)}
    of_all = {"candidates", "across", "index", "folds"}
    assert named - numbered == declared - of_all | written | {"write_tables"}
    assert len(numbered) == 30


def test_parameters_are_remembered_as_by_snakemake_without_an_import_of_pandas(monkeypatch):
    class Memory(FilePersistence):
        """One to change."""

    memory = Memory.__new__(Memory)
    values = ["a", 1, {"b": (2.5, None)}, Path("c"), pd.DataFrame({"a": [1, 2]}), pd.Series([3.0])]
    expected = [memory._serialize_param(value) for value in values]
    Session(SimpleNamespace(persistence=memory)).do_without_pandas()
    assert [memory._serialize_param(value) for value in values] == expected
    monkeypatch.delitem(sys.modules, "pandas")
    assert [memory._serialize_param(value) for value in values[:4]] == expected[:4]
    assert "pandas" not in sys.modules


def test_a_module_is_known_from_a_workflow_of_its_own_and_has_its_prefix():
    workflow = shared_workflow()
    session = Session(workflow)
    assert not session.is_module
    assert session.on_disk()("results/x.csv") == "results/x.csv"
    module = ModuleInfo(workflow, "bp", pathvars=workflow.pathvars, prefix="study")
    modifier = WorkflowModifier(
        workflow,
        base_snakefile="Snakefile",
        path_modifier=module.path_modifier,
        pathvars=workflow.pathvars,
    )
    with modifier:
        assert session.is_module
        on_disk = session.on_disk()
    assert on_disk("results/x.csv") == "study/results/x.csv"
