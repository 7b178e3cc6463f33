"""The code blocks of the README and docs work when a reader pastes them, page by page.

All pages are pasted into one copy of the project, the README first, each from its top. `make` sets
this copy up. Its studies are small: the values of `SMALL` are in its `config.yaml`, and in the
`~/trees.yaml` that `backprop config` has written.

- A block of the shell runs. It must succeed. What an earlier page made is not made again.
- The Python of a page runs as one program.
- What they print is compared with the block of text that follows.
- A block of YAML is put into this config, of which there must then be a plan. No job runs.

What does not run here is in `NOT_RUN`, with the reason.
"""

import os
import re
import shutil
import sys
import textwrap
from contextlib import chdir

import project
import pytest
import yaml
from own_tables import penguins
from snakemake.utils import update_config
from stand_in import StandIn

from backprop.workflow.plan.plan import Plan

ROOT = project.ROOT
# As in a first look, which then trains nothing again.
SMALL = project.SMALL | {
    "models": ["logistic", "softmax", "scratch"],
    "validation": {"folds": 2, "repeats": 2, "inner_folds": None},
    "training": {"epochs": 100, "patience": 10, "tolerance": 1.0e-5},
}
FENCED = r"^( *)```(\S*).*\n((?s:.*?))^\1```$"
INDENTED = r"^\n((?:    .*\n(?:\n(?=    ))?)+)"  # a block of the shell
DIRECTIVES = "{eval-rst}", "{include}", "{literalinclude}", "{toctree}"  # of `make site`
ENTRY = "tests/runs/test_one_entry.py adds all but the column to a project"
CLUSTER = "needs a cluster: tests/cluster"
IMAGE = "needs Podman: tests/image.py"
NOT_RUN = {
    "CONTRIBUTING.md": {
        "make lint": "checks no page",
        "make test": "runs this test",
        **dict.fromkeys(["python", "js", "rst"], ENTRY),
    },
    "config/README.md": {"pip install": "needs a network; tests/setup/test_install.py installs it"},
    "docs/architecture.md": {"mermaid": "is no code; docs/update_readme.py writes it"},
    "docs/cluster.md": {
        "make .venv/cluster": CLUSTER,
        "sbatch": CLUSTER,
        "snakemake --workflow-profile profiles/slurm": CLUSTER,
        "squeue": CLUSTER,
        "make .venv/storage": "needs a storage: tests/storage",
        "snakemake --workflow-profile profiles/storage": "needs a storage: tests/storage",
    },
    "docs/compare.md": dict.fromkeys(["python", "text"], "tests/report/test_comparing.py"),
    "docs/estimators.md": {"./backprop history": "takes minutes: tests/runs/test_history.py"},
    "docs/image.md": dict.fromkeys(
        ["make image", "podman", "docker", "apptainer", "snakemake --cores 4 --sdm"], IMAGE
    ),
    "docs/in-python.md": dict.fromkeys(["python", "text"], "tests/models/test_in_python.py"),
    "docs/modules.md": {'configfile: "config/config.yaml"': "needs a network"},
    "docs/package.md": dict.fromkeys(["python", "text"], "tests/setup/test_install.py"),
    "docs/reading-the-report.md": {"text": "tests/browser/test_live_teach.py"},
    "docs/verify.md": {"./backprop verify": "trains again: tests/workflow/test_archive.py"},
    "docs/predictions.md": {"r": "needs R", "row,repeat,fold,0,1": "has made-up numbers"},
}  # fmt: skip
"""The beginnings of lines or languages of blocks, by page."""


def blocks(page):
    """Return the language and the text of each code block of a page."""
    matches = re.finditer(f"{FENCED}|{INDENTED}", (ROOT / page).read_text(encoding="utf-8"), re.M)
    texts = [("sh", each[4]) if each[4] else (each[2], each[3]) for each in matches]
    return [(kind, textwrap.dedent(text)) for kind, text in texts if kind not in DIRECTIVES]


FOLDERS = ROOT, ROOT / "docs", ROOT / "docs/gallery", ROOT / "config", ROOT / "resources"
FILES = sorted(str(file.relative_to(ROOT)) for each in FOLDERS for file in each.glob("*.md"))
PAGES = sorted(filter(blocks, FILES), key=lambda page: page != "README.md")


class Pasted:
    """What a page has to run, and what it has not.

    Attributes
    ----------
    programs : list of [str, str, str]
        The language, the code, and what the page shows of its output.
    left_out : set of str
        The entries of `NOT_RUN` that the page has.
    """

    def __init__(self, page):
        self._listed, self.left_out, self.programs = NOT_RUN.get(page, {}), set(), []
        for language, text in blocks(page):
            lines = text.splitlines(keepends=True)
            if language != "sh" and not (self._runs(language) and self._runs(lines[0])):
                continue
            code = "".join(filter(self._runs, lines)) if language == "sh" else text
            if language == "text":
                self.programs[-1][2] += text
            elif self.programs and self.programs[-1][0] == language != "yaml":
                self.programs[-1][1] += code
            else:
                self.programs.append([language, code, ""])

    def _runs(self, line):
        own = {each for each in self._listed if re.match(rf"{re.escape(each)}(\s|$)", line)}
        self.left_out |= own
        return not own


def run(copy, made, language, code, shown):
    """Run a program of a page in a copy of the project; `made` has what was given to make."""
    if language == "sh":
        commands = [line.partition("#")[0].strip() for line in code.splitlines()]
        printed = copy.shell("\n".join(each for each in commands if each not in made))
        made |= {each for each in commands if each.startswith(("make ", "./backprop "))}
        assert not shown or printed == shown
    elif language == "python" and "\nmodule " in code:
        (copy.folder / "another").mkdir()
        copy.write("another/Snakefile", code.replace("path/to/this/folder", ".."))
        copy.write("another/config.yaml", copy.read("config.yaml"))
        assert "train_chosen" in copy.shell("cd another; ../.venv/bin/snakemake -n")
    elif language == "python":
        copy.write("pasted.py", code)
        assert copy.shell(".venv/bin/python pasted.py") == shown
    else:
        assert language == "yaml", f"a block of {language!r} is neither run nor listed"
        config = copy.config
        update_config(config, yaml.safe_load(code))
        with chdir(copy.folder):
            Plan(config, ROOT)


@pytest.fixture(scope="module")
def failures(tmp_path_factory, wheels):
    """What failed on each page, or None."""
    home, opens = tmp_path_factory.mktemp("home"), '#!/bin/sh\ntest -s "$1"\n'
    copy = StandIn(tmp_path_factory.mktemp("pasted") / "project", wheels, SMALL)
    path = f"{home}{os.pathsep}{os.environ['PATH']}"
    own = {"HOME": str(home), "PATH": path, "PYTHON": sys.executable}
    copy.variables |= own | {"PYTHONPATH": str(copy.folder / "src")}
    (home / "xdg-open").write_text(opens)
    (home / "xdg-open").chmod(0o755)
    for name in ("penguins.csv", "new.csv"):
        copy.write(name, penguins())
    complete = [line for line in penguins().splitlines() if "NA" not in line]
    (home / "trees.csv").write_text("\n".join([*complete, ""]))
    shutil.copy(copy.folder / "config.yaml", copy.folder / "mine.yaml")
    copy.make(".venv/run")
    copy.warm_up()
    copy.backprop("config", "~/trees.csv", "--label", "species")
    datasets = yaml.safe_load((home / "trees.yaml").read_text())["datasets"]
    (home / "trees.yaml").write_text(yaml.safe_dump({**SMALL, "datasets": datasets}))
    errors, made = dict.fromkeys(PAGES), set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        for page in PAGES:
            try:
                for program in Pasted(page).programs:
                    run(copy, made, *program)
            except Exception as error:
                errors[page] = error
    return errors


@pytest.mark.parametrize("page", PAGES)
def test_each_code_block_of_a_page_works_and_prints_what_the_page_shows(failures, page):
    if failures[page]:
        raise failures[page]
    assert Pasted(page).left_out == set(NOT_RUN.get(page, {}))  # and no more is listed
