"""What is used of Snakemake, and its documentation does not promise, is there, and in one package.

If a test of a name fails, a new version of Snakemake has no such name: see what replaces it in
`snakemake_internals`, and then set the bounds in pyproject.toml.
"""

import ast
import errno
import inspect
import logging
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
from docutils.core import publish_parts
from docutils.writers import get_writer_class
from packaging.specifiers import SpecifierSet
from snakemake import api  # first, as its modules import each other in a circle
from snakemake import report as reports
from snakemake.dag import DAG
from snakemake.exceptions import WorkflowError, format_exception_to_string, print_exception
from snakemake.jobs import Job
from snakemake.logging import LoggerManager, logger
from snakemake.modules import ModuleInfo, WorkflowModifier
from snakemake.persistence import MetadataRecord
from snakemake.persistence.db import DbPersistence
from snakemake.persistence.file import FilePersistence
from snakemake.report import html_reporter
from snakemake.rules import Rule
from snakemake.settings.types import ConfigSettings, DAGSettings, RerunTrigger, StorageSettings
from snakemake.sourcecache import HostedGitRepo, HostingProviderFile, LocalGitFile
from snakemake_interface_report_plugins.registry import ReportPluginRegistry

from backprop.report.forest import SIZES
from backprop.workflow import snakemake_internals
from backprop.workflow.plan import Plan
from backprop.workflow.snakemake_internals import patches
from backprop.workflow.snakemake_internals.patches import DefaultTarget, report_link
from backprop.workflow.snakemake_internals.session import REPLACES, Session

ROOT = Path(__file__).parents[2]
INTERNALS = Path(snakemake_internals.__file__).parent
FILE = "results/d/tables/fits.csv"

# The names


USED = {
    api.Workflow: [
        "config_settings", "cores", "dag", "dag_settings", "default_target", "dryrun",
        "executor_plugin", "is_main_process", "logger_manager", "modifier", "nodes",
        "non_local_exec", "persistence", "rules", "storage_settings", "touch",
    ],
    WorkflowModifier: [
        "avail_rulename", "is_main_snakefile", "modify_path", "skip_configfile",
    ],
    ConfigSettings: ["config", "config_args", "configfiles", "replace_workflow_config"],
    DAGSettings: ["rerun_triggers", "target_jobs", "targets"],
    RerunTrigger: ["INPUT", "MTIME", "PARAMS"],
    DAG: ["forcefiles", "jobs", "needrun_jobs"],
    Rule: [
        "expand_input", "is_producer", "log", "name", "params",
    ],
    Job: ["input", "log", "output", "params", "rule", "wildcards"],
    StorageSettings: ["default_storage_provider"],
    FilePersistence: ["metadata"],
    DbPersistence: ["metadata"],
    MetadataRecord: ["input", "model_validate", "params"],
    html_reporter: ["ReportSettings", "Reporter"],  # of the plugin that writes the report
    html_reporter.Reporter: ["render", "results", "settings"],
    LoggerManager: ["get_log_handlers"],
    LocalGitFile: ["join", "ref", "repo_path"],  # in library.smk, as those below
    HostingProviderFile: ["hosted_repo", "join", "ref"],
    HostedGitRepo: ["repo_clone"],
}  # fmt: skip
"""What is used, by its class or module."""


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


def test_the_names_of_the_workflow_are_those_that_are_used():
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in INTERNALS.glob("*.py"))
    assert set().union(*map(attributes_of_workflow, trees)) == set(USED[api.Workflow])


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


OF_DOCUTILS = {"section"}  # which writes our text as HTML


def style_of_the_report():
    """Return the classes and ids of Snakemake's that the style of the report names."""
    style = (ROOT / "workflow/report/report.css").read_text(encoding="utf-8")
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", style, flags=re.DOTALL)
    page = (ROOT / "workflow/report/summary.rst.jinja").read_text(encoding="utf-8")
    names = set(re.findall(r"[.#]([a-z][\w-]*)", selectors))
    return sorted(names - set(re.findall(r'class="(\w+)"', page)) - set(SIZES) - OF_DOCUTILS)


def test_docutils_writes_the_class_of_a_section():
    text = "A\n=\n\nB\n-\n\nC\n-\n"
    page = publish_parts(text, writer=get_writer_class("html")())["html_body"]
    assert all(f'class="{name}"' in page for name in OF_DOCUTILS)


def test_the_style_of_the_report_is_read():
    assert {"h-screen", "prose", "rulegraph", "transition-all"} <= set(style_of_the_report())


@pytest.mark.parametrize("name", style_of_the_report())
def test_the_report_still_has_what_its_style_names(name, report_sources):
    assert re.search(rf"(?<![\w-]){name}(?![\w-])", report_sources), (
        f"Snakemake's report: no {name}"
    )


# What a report gets


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
def reporter(monkeypatch, tmp_path):
    """A function that makes a reporter as Snakemake does, for watches and a stylesheet."""
    monkeypatch.chdir(tmp_path)
    for name in ("ours.css", "own.css"):
        (tmp_path / name).write_text(name)
    (tmp_path / "first_page.yaml").write_text("A heading: []")
    plugin = ReportPluginRegistry().get_plugin("backprop")

    def make(*watches, stylesheet=None):
        monkeypatch.setattr("backprop.workflow.housekeeping.WATCHES", list(watches))
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
        raise PermissionError(errno.EACCES, "Permission denied", "report.html")

    monkeypatch.setattr(html_reporter.Reporter, "render", fail)
    with pytest.raises(WorkflowError, match=r"^Permission denied: report\.html$") as caught:
        reporter().render()
    assert 'File "' not in format_exception_to_string(caught.value, {})


@pytest.mark.parametrize(
    ("words", "writes"),
    [
        (["--report", "a.html"], True),
        (["--report=a.html"], True),
        (["--report-html-stylesheet-path", "a.css"], False),
        (["--report", "a.html", "--report-after-run"], False),
        (["--reporter", "backprop"], False),
    ],
)
def test_the_command_line_asks_for_a_report_of_snakemake(words, writes, monkeypatch):
    monkeypatch.setattr("sys.argv", ["snakemake", *words])
    assert Session(SimpleNamespace()).writes_report == writes


def test_the_bounds_of_the_version_are_those_that_the_snakefile_asks_for():
    (bounds,) = re.findall(r'"snakemake([<>=][^"]*)"', (ROOT / "pyproject.toml").read_text())
    (least,) = re.findall(r'min_version\("(.*)"\)', (ROOT / "Snakefile").read_text())
    assert f">={least}" in bounds.split(",")
    assert version("snakemake") in SpecifierSet(bounds)
    major = int(least.split(".")[0])
    assert f"{major}.999" in SpecifierSet(bounds)
    assert f"{major + 1}.0" not in SpecifierSet(bounds)


# One package

DOCUMENTED = {
    "snakemake.utils.min_version",
    "snakemake.utils.update_config",
    "snakemake_interface_logger_plugins.base.LogHandlerBase",
    "snakemake_interface_logger_plugins.common.LogEvent",
}
OF_REPORT = {"snakemake.report.html_reporter"}  # which the plugin of the report extends
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
    if file.parent != INTERNALS
]


def test_no_other_module_uses_undocumented_names_of_snakemake():
    uses = {str(file): undocumented(file.read_text(encoding="utf-8")) for file in OTHERS}
    assert len(uses) > 100
    plugin = str(ROOT / "src/snakemake_report_plugin_backprop/__init__.py")
    assert uses.pop(plugin) == OF_REPORT
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


@pytest.mark.parametrize("file", ["Snakefile", *sorted((ROOT / "workflow/rules").iterdir())])
def test_the_rules_use_no_undocumented_name_of_the_workflow(file):
    code = (ROOT / file).read_text(encoding="utf-8")
    allowed = OF_ADDRESS if Path(file).name == "library.smk" else set()
    assert set(re.findall(r"(?<![.\w`])workflow\.(\w+)", code)) <= allowed
    imports = re.findall(r"^\s*(?:from|import) (snakemake\S*)", code, re.MULTILINE)
    assert set(imports) <= {"snakemake.utils"}


# What is done with them


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """Snakemake's memory of a file, and the file that it is in."""
    monkeypatch.chdir(tmp_path)
    persistence = FilePersistence(path=tmp_path / ".snakemake")
    persistence._io_write(persistence._metadata_path, {"params": ["4"], "input": ["a"]}, FILE)
    (stored,) = (tmp_path / ".snakemake/metadata").iterdir()
    return persistence, stored


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"[1]", b'{"params": 3}', b"", b"{", b"3", b'"text"'],
    ids=["no UTF-8", "list", "other type", "empty", "cut off", "number", "text"],
)
def test_a_damaged_part_of_snakemakes_memory_is_a_missing_one(content, memory):
    persistence, stored = memory
    stored.write_bytes(content)
    patches.forget_damage()
    assert persistence._read_record(FILE) is None


def test_a_sound_part_of_snakemakes_memory_is_read(memory):
    persistence, stored = memory
    before = stored.read_bytes()
    patches.forget_damage()
    assert stored.read_bytes() == before
    assert persistence._read_record(FILE).params == ["4"]


def test_what_a_run_writes_at_this_moment_is_left_to_it(memory):
    _, stored = memory
    stored.write_bytes(b'{"params": ["4"')
    patches.forget_damage()
    assert stored.exists()


def shown(error, text=None):
    """Return what Snakemake prints of an error, which it logs as it does."""
    lines, handler = [], logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger.addHandler(handler)
    try:
        patches.shorten_errors()
        if text is None:
            print_exception(error)
        else:
            logger.error(text)
    finally:
        logger.removeHandler(handler)
        for each in list(logger.filters):
            logger.removeFilter(each)
    return lines[-1]


@pytest.mark.parametrize("kind", [OSError, PermissionError, FileNotFoundError])
def test_an_error_of_a_file_becomes_one_line(kind):
    error = kind(errno.EACCES, "Permission denied", "results/x.csv")
    assert shown(error) == "Permission denied: 'results/x.csv'"


@pytest.fixture
def said_last(monkeypatch):
    """What is said when the process ends."""
    calls = []
    monkeypatch.setattr(patches, "SAID", [])
    monkeypatch.setattr(patches.atexit, "register", lambda *call, **_: calls.append(call[1]))
    return calls


ROOM = r"; this disk has [\d,]+ bytes and room for [\d,]+ files left\. Free some, and run the same"


def test_a_full_disk_is_named_last_with_the_room_that_is_left_and_not_permissions(said_last):
    full = OSError(errno.ENOSPC, "No space left on device", "results/x.csv")
    of_memory = (
        f"WorkflowError:\nError recording metadata for finished job ({full}). Please ensure write "
        "permissions for the directory .snakemake"
    )
    for text in (shown(full), shown(None, of_memory)):
        assert "No space left on device: 'results/x.csv'" in text
        assert "permissions" not in text
    (last,) = said_last
    assert re.match(f"error: No space left on device: results/x.csv{ROOM}", last)


def failed(log):
    """Log what Snakemake does of a job that failed."""
    patches.shorten_errors()
    try:
        logger.error("Error in rule score", extra={"log": [str(log)]})
    finally:
        logger.removeFilter(patches._shorten)


@pytest.mark.parametrize("text", ["Disk quota exceeded: b.csv; this disk has 3 bytes left", None])
def test_a_disk_that_a_job_found_full_is_named_last(text, said_last, tmp_path, monkeypatch):
    log = tmp_path / "score.log"
    log.write_text(f"training\nerror: {text}\n" if text else "training\n")
    if not text:  # as the log had no room, either
        monkeypatch.setattr(patches, "lacking", {str(log): "1,000,000 bytes"}.get)
    for _ in range(2):
        failed(log)
    (last,) = said_last
    beginning = f"error: {text}" if text else f"error: No space left on device: {log}{ROOM}"
    assert re.match(beginning, last)


def test_of_a_job_that_failed_on_a_disk_with_room_nothing_is_said_last(said_last, tmp_path):
    (tmp_path / "score.log").write_text("error: no such column\n")
    failed(tmp_path / "score.log")
    failed(tmp_path / "missing.log")
    assert said_last == []


def test_another_error_stays_as_it_is():
    text = "WorkflowError:\nPlease ensure write permissions"
    assert shown(None, text) == text
    assert shown(RuntimeError("x")).strip() == "RuntimeError: x"


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
        assert replaces(is_main=False, by_flag=False) == by_flag, (
            "of a job, to which nothing is passed"
        )
    monkeypatch.delenv(REPLACES)
    assert not replaces(is_main=False, by_flag=False)
    assert os.environ[REPLACES] == "", "Snakemake refuses to pass on what it lacks"


# What another Snakefile gets


@pytest.mark.parametrize("name", [None, "bp_all"], ids=["rule left out", "own target"])
def test_the_default_target_of_an_importer_stays(name):
    before = "own" if name else None
    modifier = SimpleNamespace(avail_rulename=lambda _: name, modify_path=str)
    workflow = SimpleNamespace(default_target=before, modifier=modifier)
    target = DefaultTarget(workflow)
    workflow.default_target = "fetch"
    target.offer("all", ["a"])
    assert workflow.default_target == before


def test_a_file_is_made_if_a_rule_of_any_snakefile_makes_it():
    rule = SimpleNamespace(is_producer=lambda file: file == "made/t.csv")
    session = Session(SimpleNamespace(rules=[rule]))
    assert session.made("made/t.csv") == "made/t.csv"
    assert session.made("made/t.csv").flags == {"local": True}, "a prefix would change it"
    assert session.made("t.csv") is None


def made_job(rule, log, benchmark=None, fits=None, **wildcards):
    params = {} if fits is None else {"fits": fits}
    return SimpleNamespace(
        rule=SimpleNamespace(name=rule), log=[log] if log else [], benchmark=benchmark,
        params=params, wildcards=wildcards,
    )  # fmt: skip


@pytest.mark.parametrize(("nodes", "cores", "at_once"), [(None, 2, 2), (100, 2, 100)])
def test_the_progress_knows_what_trains_and_how_much_runs_side_by_side(nodes, cores, at_once):
    said = []
    jobs = [
        made_job("train", "a.log", "a.tsv", 5, model="logistic", dataset="ex4"),
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
    fits = {"a.log": ("logistic", 5), "b.log": ("train_simulated", 1), "c.log": ("", 1)}
    assert said == [(fits, at_once)]


def test_a_shell_reads_the_path_of_python(monkeypatch, tmp_path):
    python = tmp_path / "my folder" / "$python"
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr("sys.executable", str(python))
    for _ in range(2):  # two modules of one Snakefile do so
        patches.quote_python()
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
