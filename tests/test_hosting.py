"""The files for hosts of repositories, which do not run here: their form, and what they run."""

import json
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from processes import python, run

import conda
from backprop import __version__
from backprop.commands.command_line import command as backprop

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = sorted(set(GITHUB.glob("ISSUE_TEMPLATE/*.yml")) - {GITHUB / "ISSUE_TEMPLATE/config.yml"})
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "custom.github-workflows-require-timeout": WORKFLOWS,
    "vendor.github-issue-forms": FORMS,
    "vendor.github-issue-config": [GITHUB / "ISSUE_TEMPLATE/config.yml"],
    "vendor.dependabot": [GITHUB / "dependabot.yml"],
    "vendor.citation-file-format": [ROOT / "CITATION.cff"],
}
OWN = [
    *WORKFLOWS, *FORMS, GITHUB / "dependabot.yml", ROOT / ".pre-commit-config.yaml",
    ROOT / ".snakemake-workflow-catalog.yml", ROOT / ".zenodo.json", ROOT / "CITATION.cff",
]  # fmt: skip


def check(schema, *files):
    options = ["--builtin-schema", schema, "--default-filetype", "yaml"]
    return python("-m", "check_jsonschema", *options, *files, check=False)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_files_have_the_form_that_the_host_asks_for(schema):
    assert SCHEMAS[schema]
    checked = check(schema, *SCHEMAS[schema])
    assert checked.returncode == 0, checked.stdout


def jobs(files=WORKFLOWS):
    """Return the jobs of workflows."""
    contents = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return [job for content in contents for job in content["jobs"].values()]


def commands(files=WORKFLOWS):
    """Return every command of workflows, with each value of its matrix."""
    every = []
    for job in jobs(files):
        matrix = job.get("strategy", {}).get("matrix", {})
        for values in product(*matrix.values()):
            for step in job["steps"]:
                text = step.get("run", "")
                for key, value in zip(matrix, values, strict=True):
                    text = text.replace(f"${{{{ matrix.{key} }}}}", value)
                every += text.splitlines()
    return list(dict.fromkeys(every))


def test_the_workflows_lint_test_and_run_what_the_readme_says():
    of_readme = {"make test", "make run", "./backprop run --quick"}
    of_ci = {"make lint", "make test-page", "make test-report", "make test-cluster", "make site"}
    scheduled = {"make image", "make test-storage", "make test-lowest"}
    assert of_readme | of_ci | scheduled <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_every_command_of_a_workflow_is_one_that_make_or_backprop_knows(command):
    program, *arguments = command.split()
    if program == "./backprop":
        backprop.commands[arguments[0]].make_context("backprop", arguments[1:])
        return
    assert program == "make"
    planned = run(["make", "--dry-run", *arguments], cwd=ROOT, check=False)
    assert planned.returncode == 0, planned.stderr


TARGETS = {"browser": "test-report", "cluster": "test-cluster", "storage": "test-storage"}


def test_each_folder_with_a_thorough_test_is_run_on_a_schedule():
    file = GITHUB / "workflows/thorough.yml"
    assert re.search("^  schedule:\n    - cron: ", file.read_text(encoding="utf-8"), re.MULTILINE)
    tests = ROOT / "tests"
    files = [test for test in tests.glob("*/*.py") if "thorough" in test.read_text("utf-8")]
    targets = {TARGETS.get(test.parent.name, "test") for test in files}
    assert targets >= {"test", "test-cluster", "test-report"}
    assert {f"make {target} THOROUGH=1" for target in targets} <= set(commands([file]))


def test_every_python_that_is_supported_is_tested():
    each_time = jobs([GITHUB / "workflows/tests.yml"])
    (test,) = (job for job in each_time if job["steps"][-1].get("run") == "make test")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    supported = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)
    assert test["strategy"]["matrix"]["python"] == supported


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_to_a_commit_and_may_not_write(file):
    text = file.read_text(encoding="utf-8")
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    assert [use for use in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", use)] == []
    images = re.findall(r"(?:container|image): (.*)", text)
    assert [image for image in images if not re.fullmatch(r".+@sha256:[0-9a-f]{64}", image)] == []
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


def test_a_release_is_built_from_a_tag():
    content = yaml.safe_load((GITHUB / "workflows/release.yml").read_text(encoding="utf-8"))
    assert content[True] == {"push": {"tags": ["v*"]}}  # YAML reads `on` as true
    assert commands([GITHUB / "workflows/release.yml"]) == ["make release"]
    (step,) = (step for step in content["jobs"]["build"]["steps"] if "run" in step)
    assert step["env"] == {"TAG": "${{ github.ref_name }}"}  # no text of a command


def test_the_environment_of_conda_has_the_versions_of_the_lock():
    written = conda.environment()
    file = ROOT / "workflow/envs/backprop.yaml"
    assert file.read_text(encoding="utf-8") == written, "`make lock` writes it"
    *_, of_pip = yaml.safe_load(written)["dependencies"]
    names = {re.split("==", pin)[0] for pin in of_pip["pip"]}
    assert {"grimp", "numpy", "scikit-learn", "tensorflow", "openpyxl"} <= names
    assert not {"snakemake", "pytest"} & names


def test_the_recipe_of_conda_has_the_requirements_and_the_version_of_the_project():
    text = (ROOT / "conda/recipe.yaml").read_text(encoding="utf-8")
    assert text == conda.recipe(), "`make lock` writes it"
    recipe = yaml.safe_load(text)
    assert recipe["package"] == {"name": "backprop-study", "version": __version__}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    expected = {Requirement(f"python{project['requires-python']}")}
    expected |= {Requirement(line) for line in project["dependencies"]}
    pip_names = {name: of_pip for of_pip, name in conda.OTHER_NAMES.items()}
    lines = [line.split(" ") for line in recipe["requirements"]["run"]]
    assert {
        Requirement(pip_names.get(name, name) + versions) for name, versions in lines
    } == expected
    (command,) = recipe["build"]["python"]["entry_points"]
    assert command == f"backprop = {project['scripts']['backprop']}"


def test_a_commit_is_checked_by_tools_of_the_environment():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repository,) = config["repos"]
    assert repository["repo"] == "local"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for hook in repository["hooks"]:
        assert hook["entry"].startswith(".venv/bin/python -m ")
        tool = hook["entry"].split()[2]
        assert re.search(rf"^\t\$\(RUN\) {tool}\b", makefile, re.MULTILINE)


def test_the_archive_and_the_citation_say_the_same():
    archive = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert archive["title"] == citation["title"]
    assert archive["license"] == citation["license"]
    assert archive["keywords"] == citation["keywords"]
    assert archive["description"] == citation["abstract"].strip()
    assert archive["creators"] == citation["authors"]


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.name)
def test_no_file_names_a_package_index_or_a_folder_of_a_machine(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"index[-_]url|https?://|/(home|root|tmp|work)/", text, re.IGNORECASE)
