"""Real runs of Snakemake: an edit reruns exactly the jobs, and trains the fits, that it changes."""

import ast
import functools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import rerun_cases
import warm
from full_config import typed
from processes import python
from project import ROOT, Project, job_name
from rerun_cases import CASES, H3, NETWORKS, WITH_ALL, Case, change_code

from backprop.models.registry import BASELINE, MODELS
from backprop.report.contents import figures

SCORES = "results/ex4/tables/fits.csv"
# The rules whose jobs really run in a case that trains, and what comes before them.
TRAINING = ("train", "train_networks_1", "train_share", "train_without", "train_simulated")
BEFORE = {"fetch", "split", "split_inner"}


def parameters(cases: Iterable[Case], is_for_each_change: Callable[[Case], bool]) -> list[Any]:
    """Return cases as parameters of a test; all others are for a run on a schedule."""
    marks = {True: [], False: pytest.mark.thorough}
    return [
        pytest.param(case, id=case.name, marks=marks[is_for_each_change(case)]) for case in cases
    ]


def training(case: Case) -> set[str]:
    """Return the jobs of a case that train."""
    return {job for job in case.jobs if job.split()[0] in TRAINING}


@pytest.mark.parametrize("case", parameters(CASES, lambda case: not case.thorough))
def test_an_edit_plans_exactly_what_depends_on_it(case, request, tmp_path):
    project = request.getfixturevalue(case.base).copy(tmp_path / "project")
    case.edit(project)
    jobs, fits = project.forecast()
    assert jobs == case.jobs
    if "fetch" not in jobs:  # before which no fit is known to be kept
        planned = {name: n for name, n in case.trained.items() if "without=" not in name}
        assert fits == sum(planned.values())  # without features, only the job knows the fits


def test_edits_that_rerun_nothing_do_so_together(project):
    """Each alone is for a run on a schedule."""
    cases = [case for case in CASES if not case.jobs and case.edit is not rerun_cases.lose_memory]
    whole_files = (rerun_cases.reorder, rerun_cases.reformat)  # which the others would undo
    for case in sorted(cases, key=lambda case: case.edit in whole_files):
        case.edit(project)
    assert len(cases) == 10
    assert project.forecast() == (set(), 0)


@pytest.mark.parametrize("case", parameters(filter(training, CASES), lambda case: case.runs))
def test_an_edit_trains_exactly_what_depends_on_it(case, request, tmp_path):
    project = request.getfixturevalue(case.base).copy(tmp_path / "project")
    case.edit(project)
    run = project.run("--until", *{job.split()[0] for job in training(case)})
    assert run.jobs == training(case) | (case.jobs & BEFORE)
    assert run.trained == case.trained


def test_what_trains_nothing_has_no_job_that_does():
    assert not any(case.trained for case in CASES if not training(case))


def test_what_is_planned_is_what_runs_and_then_nothing_is_left_to_do(project):
    case = next(case for case in CASES if case.name == "a learning rate")
    project.keep_figures("roc")  # which changes results of the same jobs
    case.edit(project)
    run = project.run()
    assert (run.jobs, run.trained) == (case.jobs, case.trained)
    assert project.planned() == set()


def test_a_dry_run_names_what_is_not_as_it_was_made_and_changes_nothing(project, finished):
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
    other.run(SCORES)
    shutil.rmtree(project.folder / "results")
    shutil.copytree(other.folder / "results", project.folder / "results")
    assert project.read(SCORES) != finished.read(SCORES)
    assert project.planned() >= {*NETWORKS, "score", "compare", "write_tables"}
    project.run(SCORES)
    assert project.read(SCORES) == finished.read(SCORES)


# The code that each job imports: each import is really done

MODULES = sorted(
    str(file.relative_to(ROOT).as_posix()) for file in (ROOT / "src/backprop").rglob("*.py")
)


def loaded(job: str) -> set[str]:
    """Return the files of the library that are loaded when a job has run its imports."""
    rule, *what = job.split()
    shared = {"write_known_answers": "write_tables", "train_networks_1": "train"}
    script = shared.get(rule, rule)
    tree = ast.parse((ROOT / f"workflow/scripts/{script}.py").read_text(encoding="utf-8"))
    statements = [s for s in ast.walk(tree) if isinstance(s, ast.Import | ast.ImportFrom)]
    lines = list(map(ast.unparse, statements))
    if rule in ("fetch", "every_row"):  # for a URL
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
import atexit


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
    contents = "src/backprop/report/contents.py"
    shown = "src/backprop/workflow/plan/dependencies.py"
    project.write(contents, (ROOT / contents).read_text(encoding="utf-8"))  # with all figures
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
    table = python(ROOT / "docs/rerun_table.py").stdout
    page = (ROOT / "docs/reruns.md").read_text(encoding="utf-8")
    shown = page.split("<!-- rerun table -->\n")[1].split("<!-- /rerun table -->")[0]
    assert shown == table, "docs/reruns.md is outdated: run `python docs/rerun_table.py --write`"
