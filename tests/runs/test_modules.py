"""Another repository uses the workflow as a module: in each way, with its own config and rules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pandas as pd
import pytest
import yaml
from project import ROOT, SMALL, Project

from backprop.workflow.plan.outputs import HANDED_IN

CONFIG = SMALL | {"models": ["logistic", "own"], "vary": {}}
# To try a classifier of scikit-learn, which is imported for it, takes a second.
NO_CLASSIFIER = SMALL | {"vary": {}}
KNN, TREE = "sklearn.neighbors.KNeighborsClassifier", "sklearn.tree.DecisionTreeClassifier"
FOLDS, FITS = "results/ex4/data/folds.csv", "results/ex4/fits/own.parquet"
TABLE = "results/ex4/tables/comparison.csv"


def config_with(classifier, **values):
    return CONFIG | {"estimators": {"own": {"class": classifier}}} | values


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A repository of the workflow, with one commit."""
    folder = tmp_path_factory.mktemp("clone") / "backprop"
    project = Project(folder, NO_CLASSIFIER | {"seed": 3})
    project.keep_figures(HANDED_IN)  # to which the landing page has a link
    (folder / "config").mkdir()
    (folder / "config/config.yaml").symlink_to("../config.yaml")
    identity = ["-c", "user.name=ann", "-c", "user.email=ann@example.org"]
    commit = [*identity, "commit", "-q", "-m", "all"]
    for command in (["init", "-q"], ["add", "-A"], commit, ["tag", "v1.0.0"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return project


def importer(folder, snakefile, config=None, place="Snakefile"):
    """Return another repository, with a Snakefile."""
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    project = Project(folder)
    project.write(place, dedent(snakefile))
    if config is not None:
        project.configure(config)
    return project


TWO = """
    configfile: "config.yaml"

    module first:
        snakefile: "{clone}/Snakefile"
        config: config["first"]
        prefix: "first/logs"

    use rule * from first as first_*

    module second:
        snakefile: "{clone}/workflow/Snakefile"
        config: config["second"]
        prefix: "second"

    use rule * from second as second_*

    rule count:
        input: "second/results/ex4/data/folds.csv"
        output: "count.txt"
        shell: "wc -l <{{input}} >{{output}}"

    assert "count" not in workflow._localrules
    assert "first_split" in workflow._localrules
    assert "first_train" not in workflow._localrules
"""


@pytest.fixture(scope="module")
def used_twice(clone, tmp_path_factory):
    """A repository that uses the workflow with two configs, after a run of one, and of a part."""
    configs = {
        "unrelated": 1,
        "first": config_with(KNN),
        "second": config_with(TREE, seed=2),
    }
    folder = tmp_path_factory.mktemp("twice") / "importer"
    project = importer(folder, TWO.format(clone=clone.folder), configs)
    project.run("first_all", f"second/{FITS}", "count.txt")
    return project


@pytest.fixture
def of_two(used_twice, tmp_path):
    shutil.copytree(used_twice.folder, tmp_path / "importer", symlinks=True)
    return Project(tmp_path / "importer")


def test_each_module_uses_the_config_that_it_was_given(used_twice):
    folds = [used_twice.read(f"{prefix}/{FOLDS}") for prefix in ("first/logs", "second")]
    assert folds[0] != folds[1], "the seeds of both are one"
    assert used_twice.read("count.txt").strip() == str(len(folds[1].splitlines()))


def test_two_classes_of_one_name_are_two_classes(used_twice):
    neighbours, tree = (
        predictions(used_twice.folder / prefix / FITS) for prefix in ("first/logs", "second")
    )
    assert set(tree) <= {0.0, 1.0}, "a tree that is grown to its end is sure"
    assert set(neighbours) - {0.0, 1.0}, "five neighbours are not"


def predictions(file):
    return [p for each in pd.read_parquet(file)["probabilities"] for p in each]


def test_a_module_with_a_prefix_is_done_after_its_run(of_two):
    planned = of_two.planned("first_all")
    assert {job for job in planned if "first" in job} == set()


def test_an_edited_result_of_a_module_is_noticed_and_made_again(of_two):
    table = of_two.folder / "first/logs" / TABLE
    before, time = table.read_bytes(), table.stat().st_mtime_ns
    table.write_bytes(before.replace(b"0.", b"1.", 1))
    os.utime(table, ns=(time, time))
    run = of_two.run("first_all", "--report", "report.html", succeeds=False)
    assert f"first/logs/{TABLE} must be made again" in run.output
    run = of_two.run("first_all")
    assert f"warning: first/logs/{TABLE} must be made again" in run.output
    assert table.read_bytes() == before


def test_the_report_of_an_importer_has_the_landing_page_of_its_module(of_two):
    of_two.run("first_all", "--report", "report.html")
    report = of_two.read("report.html")
    assert "first/logs/results/ex4/tables/comparison.html" in report
    assert " not trained on" in report, "the landing page is another one"


def test_an_edit_of_the_config_of_a_module_reruns_its_jobs_alone(of_two):
    of_two.put("first.comparison.rope", 0.02)
    planned = of_two.planned("first_all", "count.txt", f"second/{FITS}")
    assert "first_compare" in planned
    others = ("first_train own", "first_train logistic", "second", "count")
    assert [job for job in planned if job.startswith(others)] == []


def test_a_module_without_a_config_uses_that_of_the_workflow_and_the_command_line(clone, tmp_path):
    snakefile = f"""
        module study:
            snakefile: "{clone.folder}/Snakefile"

        use rule * from study
    """
    project = importer(tmp_path / "importer", snakefile, {"another": "config"})
    assert {"split", "train logistic"} <= project.planned()
    project.write("more.yaml", "validation: {repeats: 2}\n")
    options = ("-n", FOLDS, "--configfile", "more.yaml", "--config", "validation={folds: 3}")
    assert "2 x 3-fold cross-validation" in project.run(*options).output


# What Snakemake makes if no target is named

OWN = """
    rule own:
        output: "own.txt"
        shell: "echo >{output}"
"""
MODULE = """
    module study:
        snakefile: "{clone}/workflow/Snakefile"
        config: config

    use rule * from study as study_*
"""
FLAGGED = OWN.replace("output:", "default_target: True\n        output:", 1)


@pytest.mark.parametrize(
    ("parts", "makes"),
    [([OWN, MODULE], "own"), ([MODULE, FLAGGED], "own"), ([MODULE, OWN], "study_split")],
    ids=["above", "below with a directive", "below"],
)
def test_the_default_target_is_the_first_rule_or_the_one_that_says_so(
    parts, makes, clone, tmp_path
):
    snakefile = '    configfile: "config.yaml"\n' + "".join(parts).replace(
        "{clone}", str(clone.folder)
    )
    planned = importer(tmp_path / "importer", snakefile, NO_CLASSIFIER).planned()
    assert {job for job in planned if job in ("own", "study_split")} == {makes}


def test_a_module_that_is_named_is_made_alone(of_two):
    for module, other in (("first", "second"), ("second", "first")):
        of_two.put(f"{other}.seed", 5)
        assert f"{other}_split" not in of_two.planned(f"{module}_all")
        assert f"{other}_split" in of_two.planned(f"{other}_all")


# A table that another rule makes

MADE = """
    configfile: "config.yaml"

    module study:
        snakefile: "{clone}/Snakefile"
        config: config
        prefix: "study"

    use rule * from study as study_*

    rule make_table:
        input: "raw.csv"
        output: "made/trees.csv"
        shell: "cp {{input}} {{output}}"
"""
RECOMMENDATION = "study/results/trees/statistics/recommendation.json"


@pytest.fixture(scope="module")
def with_made_table(clone, tmp_path_factory):
    """A repository that compares models on a table that a rule of it makes, after a run."""
    entry = {"source": "./made/trees.csv", "label": "admitted"}
    config = NO_CLASSIFIER | {"datasets": {"trees": entry}}
    folder = tmp_path_factory.mktemp("made") / "importer"
    project = importer(folder, MADE.format(clone=clone.folder), config)
    shutil.copy(ROOT / "resources/ex4.csv", folder / "raw.csv")
    output = project.run("-n", "made/trees.csv").output
    assert "make_table" in output
    assert "study_fetch" not in output
    project.run(RECOMMENDATION)
    return project


@pytest.fixture
def of_made(with_made_table, tmp_path):
    shutil.copytree(with_made_table.folder, tmp_path / "importer", symlinks=True)
    return Project(tmp_path / "importer")


def test_a_table_that_another_rule_makes_is_compared(of_made):
    assert (of_made.folder / RECOMMENDATION).exists()
    assert of_made.planned(RECOMMENDATION) == set()


def test_another_table_of_that_rule_is_compared_again(of_made):
    of_made.change("raw.csv", "55.5,69.5,1", "55.5,69.5,0")
    assert {"make_table", "study_fetch", "study_compare"} <= of_made.planned(RECOMMENDATION)
    of_made.run(RECOMMENDATION)
    assert "55.5,69.5,0" in of_made.read("study/results/trees/data/dataset.csv")
    assert of_made.planned(RECOMMENDATION) == set()


def test_an_edit_of_that_table_with_an_old_time_is_noticed(of_made):
    table = of_made.folder / "made/trees.csv"
    before = table.stat()
    of_made.change("made/trees.csv", "55.5,69.5,1", "55.5,69.5,0")
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    output = of_made.run("-n", RECOMMENDATION).output
    assert "dataset.csv must be made again: it was made from another made/trees.csv" in output


def test_a_table_that_no_rule_makes_is_named_with_the_folders_that_were_searched(of_made):
    of_made.put("datasets.trees.source", "made/tree.csv")
    output = of_made.run("-n", RECOMMENDATION, succeeds=False).output
    assert (
        "error: datasets.trees.source: found made/tree.csv, which no rule makes and is neither a "
        f"file in {of_made.folder} nor in "
    ) in output
    assert "Traceback" not in output


def test_a_made_table_that_cannot_be_used_is_an_error_of_the_job_that_reads_it(of_made):
    of_made.change("raw.csv", "admitted", "label")
    output = of_made.run(RECOMMENDATION, succeeds=False).output
    assert "study/results/trees/logs/fetch.log" in output
    (line,) = of_made.read("study/results/trees/logs/fetch.log").splitlines()
    assert line.startswith("error: made/trees.csv: "), line


def test_two_copies_of_the_workflow_in_one_snakefile_are_refused(clone, tmp_path):
    shutil.copytree(clone.folder, tmp_path / "copy", symlinks=True)
    snakefile = "".join(
        f'module {name}:\n    snakefile: "{folder}/Snakefile"\n    prefix: "{name}"\n\n'
        f"use rule * from {name} as {name}_*\n\n"
        for name, folder in {"one": clone.folder, "two": tmp_path / "copy"}.items()
    )
    project = importer(tmp_path / "importer", snakefile)
    output = project.run("-n", succeeds=False).output
    assert f"error: the workflow in {tmp_path / 'copy'} needs the library beside it" in output
    assert "use one copy of the workflow in a Snakefile" in output


DEPLOYED = """
    configfile: "config/config.yaml"

    module backprop:
        snakefile: {address}
        config: config

    use rule * from backprop
"""
"""As snakedeploy writes it."""


def deployed(clone, folder, address, config=NO_CLASSIFIER):
    """Return a repository with what snakedeploy writes for the address of a host, which is a clone.

    git takes the clone in the place of the host, and what Snakemake keeps of it is in the folder.
    The config has another seed than that of the clone.
    """
    snakefile = DEPLOYED.format(address=address)
    project = importer(folder / "deployed", snakefile, place="workflow/Snakefile")
    for part in ("config", "profiles"):
        shutil.copytree(clone.folder / part, project.folder / part, dirs_exist_ok=True)
    project.write("config/config.yaml", yaml.safe_dump(config))
    project.variables |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{clone.folder}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/ann/backprop",
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    return project


def test_a_deployed_workflow_runs_from_the_address_of_a_host(clone, used_twice, thorough, tmp_path):
    """To its report, on a schedule; in each test, to its tables."""
    address = 'github("ann/backprop", path="workflow/Snakefile", tag="v1.0.0")'
    project = deployed(clone, tmp_path, address, config_with(KNN))
    targets = ["results/ex4/provenance.html", "results/ex4/tables/known_answers.html"]
    project.run(*[] if thorough else targets)
    assert tables(project.folder / "results") == tables(used_twice.folder / "first/logs/results")
    if thorough:
        assert project.planned() == set()
        project.run("--report", "report.html")
        assert "comparison.html" in project.read("report.html")


@pytest.fixture
def of_commit(clone, tmp_path):
    """A repository that uses a commit of the clone."""
    address = f'gitfile("{clone.folder}", path="workflow/Snakefile", tag="v1.0.0")'
    return deployed(clone, tmp_path, address)


def test_a_commit_of_a_clone_is_unpacked_once_for_all_runs(of_commit):
    project = of_commit
    assert {"split", "train logistic"} <= project.planned()
    (commit,) = (project.folder / ".snakemake/backprop/commits").iterdir()
    before = commit.stat()
    project.planned()
    assert list(commit.parent.iterdir()) == [commit]
    assert commit.stat().st_ino == before.st_ino


def test_git_that_cannot_read_a_commit_is_an_error_in_one_message(of_commit, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    fails = "case $* in *' archive '*) echo 'the disk is gone' >&2; exit 128;; esac"
    (programs / "git").write_text(f'#!/bin/sh\n{fails}\nexec {shutil.which("git")} "$@"\n')
    (programs / "git").chmod(0o755)
    of_commit.variables["PATH"] = f"{programs}:{os.environ['PATH']}"
    output = of_commit.run("-n", succeeds=False).output
    assert "error: could not unpack the workflow of git+file:" in output
    assert "the disk is gone" in output
    assert "Traceback" not in output


def tables(results):
    files = (results / "ex4/tables").glob("*.csv")
    return {file.name: file.read_bytes() for file in files if "timing" not in file.name}


def test_the_workflow_uses_its_own_config_in_a_folder_without_one(clone, tmp_path):
    empty = Project(tmp_path)
    for snakefile in ("Snakefile", "workflow/Snakefile"):
        planned = empty.planned("-s", str(clone.folder / snakefile))
        assert {"split", "train logistic"} <= planned
    assert "train logistic" in clone.planned("-d", str(tmp_path))
    assert not Path(tmp_path, "config.yaml").exists()


# An environment with Snakemake, and without what the workflow needs

WITHOUT_GRIMP = """
import sys
from importlib import metadata


class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "grimp":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Block())
installed = metadata.distributions
metadata.distributions = lambda **how: [d for d in installed(**how) if d.name != "grimp"]
"""


def test_a_missing_package_is_named_with_the_line_that_installs_it(clone, tmp_path):
    address = f'"{clone.folder}/workflow/Snakefile"'
    snakefile = DEPLOYED.replace("config/config.yaml", "config.yaml").format(address=address)
    project = importer(tmp_path / "importer", snakefile, CONFIG)
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_GRIMP)
    project.variables = {"PYTHONPATH": str(tmp_path), "PYTHONNOUSERSITE": "1"}
    output = project.run("-n", succeeds=False).output
    assert "error: the Python that runs Snakemake has no grimp>=3.11; install what the" in output
    assert output.splitlines()[-1] == f"{project.python} -m pip install 'grimp>=3.11'"
    assert "Traceback" not in output


CONDA = """\
#!/bin/sh
# A stand-in for conda, with one environment that has no packages.
case "$1 $2" in
"env list") for each in "{folder}"/*; do test -d "$each" && envs="\\"$each\\""; done
    printf '{{"envs": [%s]}}' "$envs";;
"env create") cp "$6" "{folder}/file.yaml"; mkdir -p "{folder}/$4/{packages}";;
*) exit 1;;
esac
"""


def test_an_environment_of_conda_has_the_packages_of_the_workflow_and_its_jobs(clone, tmp_path):
    address = f'"{clone.folder}/workflow/Snakefile"'
    snakefile = DEPLOYED.replace("config/config.yaml", "config.yaml").format(address=address)
    snakefile = f"{dedent(snakefile)}\nprint('path:', os.environ['PYTHONPATH'])\n"
    project = importer(tmp_path / "importer", f"import os\n{snakefile}", NO_CLASSIFIER)
    programs, environments = tmp_path / "programs", tmp_path / "environments"
    programs.mkdir()
    environments.mkdir()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    conda = programs / "conda"
    packages = f"lib/python{version}/site-packages"
    conda.write_text(CONDA.format(folder=environments, packages=packages))
    conda.chmod(0o755)
    project.variables["PATH"] = f"{programs}:{os.environ['PATH']}"
    output = project.run("-n", "--sdm", "conda").output
    (environment,) = (each for each in environments.iterdir() if each.is_dir())
    assert f"path: {clone.folder}/src:{environment}/{packages}" in output
    created = yaml.safe_load((environments / "file.yaml").read_text())
    assert created["dependencies"][-1] == f"python =={version}"
    assert any("grimp==" in pin for pin in created["dependencies"][1]["pip"])


ODD = """
    configfile: "config.yaml"

    wildcard_constraints:
        dataset="nothing"

    design = paths = job = registry = outputs = plan = None

    module study:
        snakefile: "{clone}/Snakefile"
        config: config
        prefix: "it's $(touch ran) `touch ran`"

    use rule * from study as study_*

    config["seed"] = 9
    config["datasets"].clear()
"""


def test_what_an_importer_defines_changes_no_result_of_the_module(clone, used_twice, tmp_path):
    project = importer(tmp_path / "importer", ODD.format(clone=clone.folder), NO_CLASSIFIER)
    folder = "it's $(touch ran) `touch ran`"
    project.run(f"{folder}/{FOLDS}")
    assert project.read(f"{folder}/{FOLDS}") == used_twice.read(f"first/logs/{FOLDS}")
    assert not list(project.folder.rglob("ran"))
