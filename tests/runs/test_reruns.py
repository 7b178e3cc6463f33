"""Real runs of Snakemake: an edit reruns exactly the jobs, and trains the fits, that it changes."""

import ast
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import rerun_cases
import warm
from full_config import typed
from project import ROOT, Project, job_name
from rerun_cases import CASES, H3, NETWORKS, WITH_ALL, change_code

from backprop.models.registry import BASELINE, MODELS
from backprop.report.contents import figures

TABLES = ("results/ex4/provenance.html", "results/summary.rst")
# The rules whose jobs really run in every case.
UPSTREAM = ("fetch", "split", "split_inner", "train", "train_shape", "read_predictions", "score")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_edit_reruns_exactly_what_depends_on_it(case, request, tmp_path):
    project = request.getfixturevalue(case.base).copy(tmp_path / "project")
    case.edit(project)
    assert project.planned() == case.jobs
    first = {job for job in case.jobs if job.split()[0] in UPSTREAM}
    # Nothing is scored by these.
    others = {job for job in case.jobs if job.split()[0] in ("train_simulated", "train_share")}
    if first | others:
        run = project.run("--until", "score", *{job.split()[0] for job in others})
        assert run.jobs == first | others
        assert run.trained == case.trained
    else:
        assert case.trained == {}


def test_what_is_planned_is_what_runs_and_then_nothing_is_left_to_do(finished, tmp_path):
    case = next(case for case in CASES if case.name == "a learning rate")
    project = finished.copy(tmp_path / "project")
    case.edit(project)
    run = project.run()
    assert (run.jobs, run.trained) == (case.jobs, case.trained)
    assert project.planned() == set()


def test_a_dry_run_names_what_is_not_as_it_was_made_and_changes_nothing(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    rerun_cases.truncate(project)
    rerun_cases.edit_a_table(project)
    rerun_cases.cut_off("results/ex4/data/folds.csv")(project)
    project.put("vary", {"learning_rate": [0.3]})
    before = everything_in(project.folder)
    output = project.run("--dry-run").output
    reason = "it is not what a finished job left there"
    for name in (f"fits/scratch/{H3}.parquet", "tables/comparison.csv", "data/folds.csv"):
        assert f"warning: results/ex4/{name} must be made again: {reason}" in output
    assert everything_in(project.folder) == before


def everything_in(folder: Path) -> dict[Path, tuple[bytes, int]]:
    """Return the content and the time of each file, but of logs, and of Snakemake's own files."""
    return {
        file: (file.read_bytes(), file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".log" and ".snakemake" not in file.parts
    }


def test_results_of_another_config_that_were_copied_here_are_made_again(finished, tmp_path):
    project, other = (finished.copy(tmp_path / name) for name in ("project", "other"))
    other.put("training.epochs", 4)
    other.run(*TABLES)
    shutil.rmtree(project.folder / "results")
    shutil.copytree(other.folder / "results", project.folder / "results")
    assert project.planned() >= {*NETWORKS, "score", "compare", "write_tables"}
    project.run(*TABLES)
    for name, content in finished.files().items():
        if "plots" not in name:
            assert project.files()[name] == content, name


def test_no_report_shows_a_table_that_was_edited(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    rerun_cases.edit_a_table(project)
    output = project.run("--report", "report.html", succeeds=False).output
    assert "error: run `snakemake` before the report, because" in output
    assert "results/ex4/tables/comparison.csv must be made again: it is not what" in output
    assert not (project.folder / "report.html").exists()
    project.run()
    assert project.files() == finished.files()
    project.run("--report", "report.html")
    assert (project.folder / "report.html").exists()


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: os.truncate(file, 1000)])
def test_only_the_fits_of_the_plain_network_are_trained_again(damage, finished_with_all, tmp_path):
    project = finished_with_all.copy(tmp_path / "project")
    damage(project.folder / f"results/ex4/fits/plain/{H3}.parquet")
    trains = {job for job in project.planned() if job.startswith("train")}
    follows = "train_chosen"  # what is recommended may change
    assert trains == {f"train_shape plain {H3}", follows}
    run = project.run("--until", "parity")
    assert run.jobs == {f"train_shape plain {H3}", "parity"}
    assert project.planned() == set()  # the table is the same


# The code that each job imports: each import is really done

MODULES = sorted(
    str(file.relative_to(ROOT).as_posix()) for file in (ROOT / "src/backprop").rglob("*.py")
)


def loaded(job: str) -> set[str]:
    """Return the files of the library that are loaded when a job has run its imports."""
    rule, *what = job.split()
    shared = {"write_known_answers": "write_tables", "train_shape": "train"}
    script = shared.get(rule, rule)
    tree = ast.parse((ROOT / f"workflow/scripts/{script}.py").read_text(encoding="utf-8"))
    statements = [s for s in ast.walk(tree) if isinstance(s, ast.Import | ast.ImportFrom)]
    lines = list(map(ast.unparse, statements))
    if rule == "fetch":  # for a URL
        lines.append("import backprop.data.downloads")
    if rule.startswith("train") and what:
        lines += imports(MODELS[what[0]].family.trained_by(MODELS[what[0]].implementation))
    if rule == "one_step":  # for a config with TensorFlow
        lines.append("import backprop.network.autodiff")
    if rule == "plot":
        drawn = figures(typed(WITH_ALL), "ex4")
        lines += imports(f"backprop.report.figures.{name}" for name in drawn)
    predicting = {"plot": WITH_ALL["models"], "train_simulated": [BASELINE, "scratch"]}
    for model in WITH_ALL["models"] if rule == "train_chosen" else ():
        lines += imports(MODELS[model].trained_by)
    for model in predicting.get(rule, ()):
        lines += imports(MODELS[model].family.predicted_by(MODELS[model].implementation))
    return loaded_by("\n".join(lines))


def imports(modules: Iterable[str]) -> list[str]:
    """Return the statements that import some modules."""
    return [f"import {module}" for module in modules]


@functools.cache
def loaded_by(code: str) -> set[str]:
    show = "import sys\nprint(*(m.__file__ for n, m in sys.modules.items() if n[:8] == 'backprop'))"
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(f"{code}\n{show}\n")
        script.flush()
        environment = {**warm.clean_environment(), "PYTHONPATH": str(ROOT / "src")}
        ended, shown, errors = warm.server("tensorflow").run(
            [script.name], ROOT, environment, subprocess.PIPE
        )
    assert ended == 0, errors
    return {str(Path(file).relative_to(ROOT).as_posix()) for file in shown.split()}


@pytest.fixture(scope="module")
def followers(finished_with_all):
    """The jobs that use what each job makes."""
    return finished_with_all.followers()


@pytest.fixture(scope="module")
def imported(followers):
    """The files of the library that each job loads."""
    jobs = sorted(followers.keys() - {"all"})
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(jobs, pool.map(loaded, jobs), strict=True))


@pytest.fixture(scope="module")
def planned(finished_with_all, tmp_path_factory):
    """Return the jobs that would run after an edit of some modules."""
    project = finished_with_all.copy(tmp_path_factory.mktemp("edited") / "project")

    def plan(modules: Iterable[str]) -> set[str]:
        before = {module: (project.folder / module).stat() for module in modules}
        texts = {module: project.read(module) for module in modules}
        for module in modules:
            change_code(module)(project)
        jobs = project.planned()
        for module, times in before.items():
            project.write(module, texts[module])
            os.utime(project.folder / module, ns=(times.st_atime_ns, times.st_mtime_ns))
        return jobs

    return plan


def test_an_edit_of_modules_reruns_what_imports_them_and_what_follows(
    planned, imported, followers, thorough
):
    """Those that the same jobs import are edited together: which module counts is tested below.

    Fewest jobs first, an edit is planned if it shows for the first time that some job runs by
    itself, and not because it follows another. In a thorough run, every edit is planned.
    """
    alike: dict[frozenset[str], list[str]] = {}
    for module in MODULES:
        alike.setdefault(importing(module, imported), []).append(module)
    shown: set[str] = set()
    for jobs, modules in sorted(alike.items(), key=lambda item: (len(item[0]), item[1])):
        following = set().union(*(followers[job] for job in jobs))
        if not jobs or jobs - following - shown or thorough:
            assert planned(modules) == jobs | following, modules
            shown |= jobs - following
    assert shown == imported.keys()
    assert planned([]) == set()  # each edit was undone


def importing(module: str, imported: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the jobs to whose results a module can contribute."""
    if module.startswith("src/backprop/workflow/"):
        return frozenset()  # it decides when a job runs, not what it computes
    return frozenset(job for job, files in imported.items() if module in files)


# In a copy of the project, the parameters of a job have the digest of each file, in place of one of
# all, and a run shows them.
EACH_DIGEST = """

def _joined(digests):
    return dict(digests)
"""
SHOW = """

def show():
    import json
    for job in workflow.dag.jobs:
        if job.params:
            code = json.loads(job.params.job)["code"]
            print("code of", json.dumps([job.rule.name, job.wildcards_dict, code]))


atexit.register(show)
"""


def test_each_module_that_a_job_imports_counts_for_it_and_no_other(
    finished_with_all, imported, tmp_path
):
    project = finished_with_all.copy(tmp_path / "project")
    shown = "src/backprop/workflow/dependencies.py"
    project.write(shown, project.read(shown) + EACH_DIGEST)
    project.write("Snakefile", project.read("Snakefile") + SHOW)

    def digests() -> dict[str, dict[str, str]]:
        lines = re.findall("^code of (.*)$", project.run("--dry-run").output, re.MULTILINE)
        return {
            job_name(rule, *(f"{key}: {value}" for key, value in wildcards.items())): {
                str(file.relative_to(project.folder)): digest
                for name, digest in code.items()
                if (file := file_of(name, project)) is not None
            }
            for rule, wildcards, code in map(json.loads, lines)
        }

    before = digests()
    for module in MODULES:
        change_code(module)(project)
    after = digests()
    assert before.keys() == after.keys() == imported.keys()
    for job, files in imported.items():
        counting = {file for file in files if importing(file, imported)}
        assert before[job].keys() == after[job].keys() == counting, job
        for file in counting:
            assert before[job][file] != after[job][file], (job, file)


def file_of(name: str, project: Project) -> Path | None:
    """Return the file of a module of the library; None for a script or a template."""
    path = project.folder / "src" / Path(*name.split("."))
    files = [path / "__init__.py", path.with_suffix(".py")]
    return next((file for file in files if file.is_file()), None)


def test_the_table_in_the_documentation_is_the_one_that_is_proven_here():
    command = [sys.executable, ROOT / "docs/rerun_table.py"]
    table = subprocess.run(command, text=True, capture_output=True, check=True).stdout
    page = (ROOT / "docs/reruns.md").read_text(encoding="utf-8")
    shown = page.split("<!-- rerun table -->\n")[1].split("<!-- /rerun table -->")[0]
    assert shown == table, "docs/reruns.md is outdated: run `python docs/rerun_table.py --write`"
