"""What is used of Snakemake, and its documentation does not promise, is there, and in one module.

If a test of a name fails, a new version of Snakemake has no such name: see what replaces it in
`snakemake_internals`, and then set the bounds in pyproject.toml.
"""

import ast
import asyncio
import errno
import inspect
import json
import os
import re
import shlex
import sys
from html import unescape
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
import yaml
from declared import Declared, shared_workflow
from packaging.specifiers import SpecifierSet
from snakemake import api  # first, as its modules import each other in a circle
from snakemake import report as reports
from snakemake.common import configfile
from snakemake.dag import DAG
from snakemake.exceptions import WorkflowError, format_exception_to_string
from snakemake.io import IOFile
from snakemake.jobs import Job
from snakemake.logging import LoggerManager
from snakemake.modules import ModuleInfo, WorkflowModifier
from snakemake.persistence import MetadataRecord
from snakemake.persistence.db import DbPersistence
from snakemake.persistence.file import FilePersistence
from snakemake.report.html_reporter import ReportSettings
from snakemake.rules import Rule
from snakemake.scheduling.job_scheduler import JobScheduler
from snakemake.settings.types import ConfigSettings, DAGSettings, RerunTrigger, StorageSettings
from snakemake.sourcecache import HostedGitRepo, HostingProviderFile, LocalGitFile
from snakemake.storage import StorageRegistry
from snakemake_interface_executor_plugins.executors.base import SubmittedJobInfo
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor
from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry
from snakemake_interface_executor_plugins.registry.plugin import Plugin
from snakemake_interface_report_plugins.registry.plugin import Plugin as ReportPlugin
from snakemake_interface_storage_plugins.storage_provider import StorageProviderBase
from snakemake_storage_plugin_fs import StorageObject

from backprop.report.forest import SIZES
from backprop.workflow import snakemake_internals
from backprop.workflow.plan import Plan
from backprop.workflow.snakemake_internals import Session, report_link

ROOT = Path(__file__).parents[2]
FILE = "results/d/tables/fits.csv"

# The names


USED = {
    api.Workflow: [
        "config_settings", "cores", "create_report", "dag", "dag_settings", "dryrun", "execute",
        "executor_settings", "is_main_process", "keep_storage_local_at_runtime", "logger_manager",
        "modifier", "nodes", "non_local_exec", "persistence", "rules", "scheduler",
        "storage_registry", "storage_settings", "touch",
    ],
    WorkflowModifier: ["is_main_snakefile", "modify_path", "skip_configfile"],
    ConfigSettings: ["config", "config_args", "configfiles", "replace_workflow_config"],
    DAGSettings: ["rerun_triggers"],
    RerunTrigger: ["INPUT", "MTIME", "PARAMS"],
    DAG: ["forcefiles", "jobs", "needrun_jobs"],
    Rule: [
        "expand_input", "expand_log", "get_wildcards", "is_producer", "log", "name", "params",
        "set_log", "workflow",
    ],
    Job: [
        "input", "is_local", "is_norun", "log", "output", "params", "prepare", "rule", "wildcards",
    ],
    IOFile("x").__class__: [
        "exists_in_storage", "is_storage", "retrieve_from_storage", "storage_object",
    ],
    StorageSettings: [
        "default_storage_prefix", "default_storage_provider", "local_storage_prefix",
        "remote_job_local_storage_prefix",
    ],
    StorageRegistry: ["default_storage_provider"],
    StorageProviderBase: ["object"],
    StorageObject: [
        "exists", "mtime", "print_query", "query", "retrieve_object", "set_local_path",
    ],
    JobScheduler: ["running"],
    FilePersistence: ["_read_record", "metadata"],
    DbPersistence: ["_read_record", "metadata"],
    MetadataRecord: ["input", "params"],
    ExecutorPluginRegistry: ["plugins"],
    Plugin: ["executor"],
    RemoteExecutor: [
        "cancel", "next_seconds_between_status_checks", "report_job_error",
        "report_job_success", "workflow",
    ],
    SubmittedJobInfo: ["aux", "external_jobid"],
    configfile: ["_load_configfile"],  # of the profiles
    LoggerManager: ["get_log_handlers"],
    LocalGitFile: ["join", "ref", "repo_path"],  # in library.smk, as those below
    HostingProviderFile: ["hosted_repo", "join", "ref"],
    HostedGitRepo: ["repo_clone"],
}  # fmt: skip
"""What is used, by its class or module. Those of plugins are in tests/cluster."""


def has(owner, name):
    """Return whether a class or a module has a name, or a class gives it to its objects.

    A method that an interface only asks for is none.
    """
    classes = inspect.getmro(owner) if inspect.isclass(owner) else ()
    value = getattr(owner, name, None)
    if hasattr(owner, name) and not getattr(value, "__isabstractmethod__", False):
        return True
    return any(
        name in vars(each).get("__annotations__", {})
        or re.search(rf"\bself\.{name}\b[^=\n]*= ", inspect.getsource(each))
        for each in classes
        if each.__module__ not in ("builtins", "typing")  # these have no such names, nor source
    )


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        pytest.param(owner, name, id=f"{owner.__name__}.{name}")
        for owner, names in USED.items()
        for name in names
    ],
)
def test_snakemake_still_has(owner, name):
    assert has(owner, name), f"Snakemake {version('snakemake')}: no {owner.__name__}.{name}"


@pytest.mark.parametrize("owner", USED)
def test_a_name_that_is_gone_is_noticed(owner):
    assert not has(owner, "no_such_name")
    assert not has(owner, "_read_records")


def test_the_names_of_the_workflow_are_those_that_are_used():
    tree = ast.parse(inspect.getsource(snakemake_internals))
    assert attributes_of_workflow(tree) == set(USED[api.Workflow])


@pytest.fixture(scope="module")
def report_sources():
    """The code of Snakemake's report: its own templates and scripts, and what fills them."""
    folder = Path(reports.__file__).parent
    files = [file for file in folder.rglob("*") if file.suffix in (".js", ".jinja2", ".css", ".py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def names_in_a_link():
    """Return the names of JavaScript in a link to an item of the report."""
    script = unquote(unescape(report_link("PATH", "PART", "TITLE"))).split('"javascript:')[1]
    return sorted(set(re.findall(r"\b[a-z]\w+", script)))


def test_the_names_in_a_link_are_read():
    assert {"app", "setView", "resultPath", "categories", "data_uri"} <= set(names_in_a_link())


@pytest.mark.parametrize("name", names_in_a_link())
def test_the_report_still_has_what_a_link_uses(name, report_sources):
    assert re.search(rf"\b{name}\b", report_sources), f"Snakemake's report: no {name}"


def style_of_the_report():
    """Return the classes and ids that the style of the report names, but that of our own text."""
    style = (ROOT / "workflow/report/report.css").read_text(encoding="utf-8")
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", style, flags=re.DOTALL)
    page = (ROOT / "workflow/report/summary.rst.jinja").read_text(encoding="utf-8")
    names = set(re.findall(r"[.#]([a-z][\w-]*)", selectors))
    return sorted(names - set(re.findall(r'class="(\w+)"', page)) - set(SIZES))


def test_the_style_of_the_report_is_read():
    assert {"h-screen", "prose", "rulegraph", "transition-all"} <= set(style_of_the_report())


@pytest.mark.parametrize("name", style_of_the_report())
def test_the_report_still_has_what_its_style_names(name, report_sources):
    assert re.search(rf"(?<![\w-]){name}(?![\w-])", report_sources), (
        f"Snakemake's report: no {name}"
    )


# What a report gets


def written(settings, style="ours.css", is_shown=lambda file: True):
    """Write a report with our improvements; return what the plugin gets, and what was called."""
    calls = []

    def reporter(rules, results, dag, metadata):
        assert metadata  # else the graph of the rules is on the first page
        return results

    def create_report(report_plugin, report_settings, global_report_settings):
        records = [SimpleNamespace(path=Path(file)) for file in ("a.html", "b.svg")]
        return report_plugin.reporter({}, {"1 Result": {"": records}}, dag=None, metadata={})

    workflow = SimpleNamespace(create_report=create_report)
    Session(workflow).improve_reports(lambda: calls.append("check"), style, is_shown)
    plugin = ReportPlugin(reporter, None, "html")
    results = workflow.create_report(
        report_plugin=plugin, report_settings=settings, global_report_settings=None
    )
    return [str(each.path) for each in results["1 Result"][""]], calls


def test_a_report_has_our_style_unless_another_one_is_named():
    settings = ReportSettings(path=Path("report.html"))
    _, calls = written(settings)
    assert settings.stylesheet_path == "ours.css"
    assert calls == ["check"]
    settings = ReportSettings(path=Path("report.html"), stylesheet_path=Path("own.css"))
    written(settings)
    assert settings.stylesheet_path == Path("own.css")
    written(SimpleNamespace())  # of a plugin that knows no styles


def test_a_report_has_only_the_items_that_are_shown():
    settings = ReportSettings(path=Path("report.html"))
    assert written(settings)[0] == ["a.html", "b.svg"]
    assert written(settings, is_shown=lambda file: file != "a.html")[0] == ["b.svg"]


def test_the_bounds_of_the_version_are_those_that_the_snakefile_asks_for():
    (bounds,) = re.findall(r'"snakemake([<>=][^"]*)"', (ROOT / "pyproject.toml").read_text())
    (least,) = re.findall(r'min_version\("(.*)"\)', (ROOT / "Snakefile").read_text())
    assert f">={least}" in bounds.split(",")
    assert version("snakemake") in SpecifierSet(bounds)
    major = int(least.split(".")[0])
    assert f"{major}.999" in SpecifierSet(bounds)
    assert f"{major + 1}.0" not in SpecifierSet(bounds)


# One module

DOCUMENTED = {
    "snakemake.utils.min_version",
    "snakemake.utils.update_config",
    "snakemake_interface_logger_plugins.base.LogHandlerBase",
    "snakemake_interface_logger_plugins.common.LogEvent",
}
OF_ADDRESS = {"current_basedir"}  # in library.smk, which finds this library
OBJECTS = {"workflow", "dag", "persistence", "scheduler"}


def attributes_of_workflow(tree):
    """Return the names that code uses of objects that are called `workflow`."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and name_of(node.value) == "workflow"
    }


def name_of(node):
    """Return the last name of an expression, without underscores: `dag` for `self._dag`."""
    name = getattr(node, "attr", getattr(node, "id", ""))
    return name.lstrip("_") if isinstance(name, str) else ""


def undocumented(code):
    """Return what code uses of Snakemake that its documentation does not promise."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    imported = {name for name in names if name.startswith("snakemake")}
    used = {
        f"{name_of(node.value)}.{node.attr}"
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Attribute) and name_of(node.value) in OBJECTS
    }
    return (imported - DOCUMENTED) | used


OTHERS = [
    file
    for folder in ("src", "workflow/scripts")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if file != Path(snakemake_internals.__file__)
]


def test_no_other_module_uses_undocumented_names_of_snakemake():
    uses = {str(file): undocumented(file.read_text(encoding="utf-8")) for file in OTHERS}
    assert len(uses) > 100
    assert {file: names for file, names in uses.items() if names} == {}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from snakemake.io import IOFile", "snakemake.io.IOFile"),
        ("def f():\n    import snakemake.dag", "snakemake.dag"),
        ("from snakemake_interface_common.x import Y", "snakemake_interface_common.x.Y"),
        ("workflow.dag", "workflow.dag"),
        ("self._workflow.persistence", "workflow.persistence"),
        ("workflow.dag.forcefiles.update(files)", "dag.forcefiles"),
        ("self.persistence._read_record(key)", "persistence._read_record"),
    ],
)
def test_an_undocumented_name_is_noticed(code, name):
    assert name in undocumented(code)


def test_documented_names_may_be_used():
    assert undocumented("from snakemake.utils import min_version") == set()


@pytest.mark.parametrize("file", ["Snakefile", *sorted((ROOT / "workflow/rules").iterdir())])
def test_the_rules_use_no_undocumented_name_of_the_workflow(file):
    code = (ROOT / file).read_text(encoding="utf-8")
    allowed = OF_ADDRESS if Path(file).name == "library.smk" else set()
    assert set(re.findall(r"(?<![.\w`])workflow\.(\w+)", code)) <= allowed
    imports = re.findall(r"^\s*(?:from|import) (snakemake\S*)", code, re.MULTILINE)
    assert set(imports) <= {"snakemake.utils"}


# What is done with them


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"[1]", b'{"params": 3}', b"", b"{", b"3", b'"text"'],
    ids=["no UTF-8", "list", "other type", "empty", "cut off", "number", "text"],
)
def test_a_damaged_part_of_snakemakes_memory_is_a_missing_one(content, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    persistence = FilePersistence(path=tmp_path / ".snakemake")
    workflow = SimpleNamespace(persistence=persistence)
    persistence._io_write(persistence._metadata_path, {}, FILE)
    (stored,) = (tmp_path / ".snakemake/metadata").iterdir()
    stored.write_bytes(content)
    Session(workflow).forget_damage()
    assert persistence._read_record(FILE) is None


def test_a_sound_part_of_snakemakes_memory_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    persistence = FilePersistence(path=tmp_path / ".snakemake")
    Session(SimpleNamespace(persistence=persistence)).forget_damage()
    persistence._io_write(persistence._metadata_path, {"params": ["4"], "input": ["a"]}, FILE)
    assert json.loads(next((tmp_path / ".snakemake/metadata").iterdir()).read_text())
    assert persistence._read_record(FILE).params == ["4"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_is_named_and_not_permissions(code):
    async def fail(job):
        raise OSError(code, os.strerror(code), ".snakemake/metadata/x")

    persistence = SimpleNamespace(finished=fail, _read_record=None)
    Session(SimpleNamespace(persistence=persistence)).forget_damage()
    with pytest.raises(WorkflowError) as caught:
        asyncio.run(persistence.finished(None))
    assert str(caught.value).startswith(f"{os.strerror(code)}: .snakemake/metadata/x")
    has_hint = re.search(r"has [\d,]+ bytes and room for [\d,]+ files left\.", str(caught.value))
    assert bool(has_hint) == (code == errno.ENOSPC)


def test_an_error_of_a_file_becomes_one_message():
    def fail():
        raise OSError(errno.ENOSPC, "No space left on device", "results/x.csv")

    workflow = SimpleNamespace(execute=fail)
    Session(workflow).shorten_errors()
    with pytest.raises(WorkflowError, match=r"^No space left on device: results/x") as caught:
        workflow.execute()
    shown = format_exception_to_string(caught.value, {})
    assert shown.startswith("FileError:\nNo space left on device: results/x.csv\nThe disk has ")
    assert 'File "' not in shown


def test_the_jobs_of_a_run_are_none_if_snakemake_has_none_or_only_touches_files():
    dag = SimpleNamespace(needrun_jobs=lambda exclude_finished: iter([exclude_finished]))
    for workflow, jobs in (
        (SimpleNamespace(dag=None), []),
        (SimpleNamespace(dag=dag, touch=True), []),
        (SimpleNamespace(dag=dag, touch=False), [False]),
    ):
        assert Session(workflow).jobs_to_run == jobs


def test_jobs_elsewhere_leave_config_yaml_out_if_the_run_does():
    def settings(args, replace):
        return SimpleNamespace(config_args=args, replace_workflow_config=replace)

    for replace in (True, False):
        run, values = settings(["seed=3"], replace), ["seed=3"]
        Session(SimpleNamespace(config_settings=run)).pass_config_on()
        of_job = settings([*run.config_args], False)  # all that Snakemake passes on
        session = Session(SimpleNamespace(config_settings=of_job))
        assert session.config_settings == settings(values, replace)


@pytest.mark.parametrize(("nodes", "cores", "at_once"), [(None, 2, 2), (100, 2, 100)])
def test_as_many_jobs_run_side_by_side_as_there_are_cores_or_places_in_a_queue(
    nodes, cores, at_once
):
    assert Session(SimpleNamespace(nodes=nodes, cores=cores)).jobs_at_once == at_once


@pytest.mark.parametrize(
    ("scheduler", "runs"),
    [(None, False), (SimpleNamespace(running=[]), False), (SimpleNamespace(running=["j"]), True)],
)
def test_a_run_has_jobs_if_its_scheduler_has(scheduler, runs):
    assert Session(SimpleNamespace(scheduler=scheduler)).runs_jobs() == runs


def test_a_shell_reads_the_path_of_python(monkeypatch, tmp_path):
    python = tmp_path / "my folder" / "$python"
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr("sys.executable", str(python))
    for _ in range(2):  # two modules of one Snakefile do so
        snakemake_internals.quote_python()
        assert shlex.split(f"{sys.executable} -m snakemake") == [str(python), "-m", "snakemake"]


def test_only_training_is_submitted_to_a_cluster(monkeypatch):
    monkeypatch.chdir(ROOT)
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    rules = Declared(Plan(shipped, ROOT)).rules
    assert {"train", "train_shape", "train_chosen", "split"} <= rules.keys()
    submitted = {name for name, rule in rules.items() if not rule.ruleinfo.localrule}
    assert submitted == {name for name in rules if name.startswith("train")}


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


def started(provider="fs", submits_jobs=True, **settings):
    """Start a run with results in storage, without rules."""
    workflow = SimpleNamespace(
        storage_settings=StorageSettings(default_storage_provider=provider, **settings),
        storage_registry=SimpleNamespace(default_storage_provider=None),
        is_main_process=True,
        non_local_exec=submits_jobs,
        rules=[],
    )
    Session(workflow).use_storage(str)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "--default-storage-prefix: missing; name the place"),
        ({"default_storage_prefix": "stored"}, "found stored; use an absolute path"),
        (
            {"default_storage_prefix": "/s", "local_storage_prefix": Path("/scratch")},
            "found /scratch and /scratch; leave them out",
        ),
    ],
)
def test_a_storage_that_jobs_would_not_find_is_refused(settings, message, monkeypatch):
    monkeypatch.setattr(Job, "prepare", Job.prepare)
    with pytest.raises(SystemExit, match=message):
        started(**settings)
    started(provider=None, **settings)


@pytest.mark.parametrize(
    ("prefix", "options"),
    [("/stored", {}), ("stored", {"submits_jobs": False}), ("s3://bucket", {"provider": "s3"})],
)
def test_a_storage_that_jobs_find_is_used(prefix, options, monkeypatch):
    monkeypatch.setattr(Job, "prepare", Job.prepare)
    before = Job.prepare
    for _ in range(2):  # two modules of one Snakefile do so
        started(default_storage_prefix=prefix, **options)
    assert Job.prepare.__wrapped__ is before
