"""The variables and targets of make that a user types, with a stand-in for Python."""

import configparser
import os
import re
import shutil

import pytest
from processes import python, run
from project import ROOT

NAME = 'it\'s a "b" $HOME #1 `x` c.csv'
PYTHON = """\
#!/bin/sh
case "$*" in *first_config*) echo "a 'config' \\$(shell touch ran).yaml";; esac
for argument; do printf '<%s>' "$argument" >&2; done
echo >&2
"""


@pytest.fixture
def make(tmp_path):
    """Return a function that calls make in a folder where Python prints its arguments."""
    script = tmp_path / "venv/bin/python"
    script.parent.mkdir(parents=True)
    script.write_text(PYTHON)
    script.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in ("run", "excel"):
        (tmp_path / f"requirements/{name}.txt").touch()
    (tmp_path / "venv/place").write_text(f"{tmp_path.resolve()}/venv\n")
    for name in ("run", "excel"):
        (tmp_path / f"venv/{name}").touch()

    def call(*arguments, **environment):
        command = ["make", "--no-print-directory", "VENV=venv", *arguments]
        return run(command, cwd=tmp_path, env=os.environ | environment, check=False)

    return call


def test_a_table_gets_its_config_and_is_run_with_it(make, tmp_path):
    made = make("run", f"TABLE={NAME}", "LABEL=a 'b'", "ROW=tree", "SHEET=1 & 2", "QUICK=1")
    assert made.returncode == 0, made.stderr
    first, *others = re.findall(r"^<-m>.*$", made.stderr, re.MULTILINE)
    assert first == (
        "<-m><backprop.commands.first_config><--row=tree><--sheet=1 & 2><--folder=.><-->"
        f"<{NAME}><a 'b'>"
    )
    (last,) = [line for line in others if line.startswith("<-m><snakemake>")]  # not of the report
    config = "<--configfile><a 'config' $(shell touch ran).yaml><config/quick.yaml>"
    assert last.startswith(f"<-m><snakemake>{config}")
    assert last.endswith("<--logger><backprop>")
    assert not (tmp_path / "ran").exists()
    assert made.stdout.endswith(f"The report: {tmp_path}/results/report.html\n")


def test_a_config_is_written_without_a_run(make):
    made = make("config", "TABLE=~/t.csv", "LABEL=y", "CONFIG=my.yaml", HOME="/a home")
    assert made.returncode == 0, made.stderr
    assert "</a home/t.csv><y>" in made.stderr
    assert "<--config=my.yaml>" in made.stderr
    assert "snakemake" not in made.stderr


def test_new_rows_are_predicted_with_what_is_named(make):
    values = ["MODEL=scratch", "CONFIGURATION=l2=0.5", "CONFIG=it's.yaml"]
    made = make("predict", f"TABLE={NAME}", *values)
    assert made.stderr.splitlines()[-1] == (
        "<-m><backprop.commands.predict><--model=scratch><--configuration=l2=0.5><--sheet="
        f"><--dataset=><--outdated=><--output=><--config=it's.yaml><--folder=.><--><{NAME}>"
    )


def test_an_archive_is_of_the_folder_that_is_named(make):
    made = make("archive", "FOLDER=my run", "OUTPUT=~/it's.zip", HOME="/a home")
    assert made.returncode == 0, made.stderr
    assert made.stderr.splitlines()[-1] == (
        "<-m><backprop.workflow.archive.packing><my run></a home/it's.zip>"
    )
    dry = make("--dry-run", "archive")
    assert "archive.packing '.' ''" in dry.stdout


def test_an_archive_is_verified_with_what_is_named(make):
    made = make("verify", f"ARCHIVE={NAME}", "TABLE=~/t.csv", "CORES=1", HOME="/a home")
    assert made.returncode == 0, made.stderr
    assert made.stderr.splitlines()[-1] == (
        f"<-m><backprop.workflow.archive.verifying><{NAME}></a home/t.csv><1>"
    )
    dry = make("--dry-run", "verify")
    assert "archive.verifying '' '' 'all'" in dry.stdout
    assert "snakemake" not in dry.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "TABEL=t.csv"], "found the variable TABEL= (did you mean TABLE=?); use one of "),
        (["run", "LABEL=y"], "found LABEL=, ROW= or SHEET= without TABLE=; name the table, too"),
        (["config", "LABEL=y"], "found LABEL=, ROW= or SHEET= without TABLE="),
        (["config"], "found no TABLE=; name the table, such as TABLE=~/trees.csv"),
        (["open"], "results/report.html; `make run` writes it"),
        (["open", "FOLDER=nowhere"], "found no nowhere/results/report.html; `make run` writes it"),
    ],
)
def test_a_slip_is_refused_with_what_to_do(make, arguments, message):
    made = make(*arguments, "PYTHON=python3")
    assert made.returncode != 0
    assert message in made.stderr
    assert "<-m>" not in made.stderr


HOSTILE = (
    "$(shell touch PWN)${shell touch PWN}$$(shell touch PWN)`touch PWN`$(touch PWN)"
    "';touch PWN;'\";touch PWN;\"|touch PWN&touch PWN;#\\$(eval PWN:=1)$(error PWN) .xlsx"
).replace("PWN", "ran")
TARGETS = [
    "run", "config", "predict", "archive", "verify", "open", "help", "clean", "history", "image",
    "live",
]  # fmt: skip
OF_TABLES = ("TABLE", "LABEL", "ROW", "SHEET")


def variables():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^# ([A-Z]+)=", text, re.MULTILINE)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("left_out", [(), OF_TABLES])
def test_no_variable_is_run(make, tmp_path, target, left_out):
    names = [name for name in variables() if name not in (*left_out, "PYTHON", "VENV", "OTHER")]
    made = make(target, *(f"{name}={HOSTILE}" for name in names))
    assert not list(tmp_path.rglob("ran*"))
    assert "multiple target" not in made.stderr
    passed = [f"<{HOSTILE}>"] * (target in ("verify", "run"))
    assert all(each in made.stderr for each in passed), made.stderr


@pytest.mark.parametrize("name", [*variables(), "TABEL", "MAKEFLAGS", "SHELL", "a'b", "$$(ran)"])
def test_a_variable_alone_is_not_run_either(make, tmp_path, name):
    for target in ("help", "predict", "lint", "site", "test-versions"):
        make(*(["--dry-run"] if "-" in target or target in "lint site" else []), target,
             f"{name}=$(shell touch ran)${{shell touch ran}}")  # fmt: skip
    assert not list(tmp_path.rglob("ran*"))


@pytest.mark.parametrize("target", ["run", "predict", "verify", "help"])
def test_no_variable_of_the_environment_is_run(make, tmp_path, target):
    names = [name for name in variables() if name not in ("PYTHON", "VENV", "OTHER")]
    make(target, **dict.fromkeys(names, HOSTILE))
    assert not list(tmp_path.rglob("ran*"))


def test_a_folder_that_cannot_be_made_ends_a_run_in_one_line(make, tmp_path):
    (tmp_path / "file").touch()
    made = make("run", "FOLDER=file/mine")
    assert made.returncode == 2
    first, last = made.stderr.splitlines()[-2:]
    assert re.match("mkdir: .*file", first)
    assert re.fullmatch(r"make: \*\*\* \[Makefile:\d+: run\] Error 1", last)
    assert "snakemake" not in made.stderr


@pytest.mark.parametrize("name", ["PYTHON", "VENV", "OTHER"])
@pytest.mark.parametrize("character", "$`'\"\\;&|<>(){}[]*?!#")
def test_what_a_shell_reads_as_it_is_has_no_special_characters(make, name, character):
    made = make("help", f"{name}=python3{character}")
    assert made.returncode == 2
    assert made.stderr.endswith(f"found {character} in {name}=; use a value without it.  Stop.\n")


@pytest.mark.parametrize("target", ["run", "config", "predict", "verify", "help"])
@pytest.mark.parametrize("name", ["TABLE", "ARCHIVE", "FOLDER", "LABEL"])
def test_a_line_break_is_refused_in_one_line(make, tmp_path, target, name):
    made = make(target, "TABLE=t.csv", f"{name}=a\ntouch ran\nb.csv")
    assert made.returncode == 2
    assert re.fullmatch(
        rf"Makefile:\d+: \*\*\* found a line break in {name}=; use a value without one\.  Stop\.\n",
        made.stderr,
    )
    assert not list(tmp_path.rglob("ran*"))


def test_a_name_with_a_leading_dash_is_no_option(make):
    made = make("config", "TABLE=-x.csv", "LABEL=-y", "FOLDER=-f", "CONFIG=--c.yaml")
    assert made.stderr.endswith("<--folder=./-f><--config=./--c.yaml><--><./-x.csv><-y>\n"), (
        made.stderr
    )
    made = make("run", "FOLDER=-f", "CONFIG=--c.yaml", "CORES=-2")
    assert "<--configfile><./--c.yaml><--replace-workflow-config><--directory><./-f>" in made.stderr
    made = make("predict", "TABLE=-x.csv", "OUTPUT=-o.csv")
    assert "<--output=./-o.csv>" in made.stderr
    assert made.stderr.endswith("<--><./-x.csv>\n"), made.stderr


def test_without_a_home_the_cache_is_in_the_folder(make, tmp_path):
    python = tmp_path / "venv/bin/python"
    python.write_text('#!/bin/sh\necho "cache: $XDG_CACHE_HOME"\n')
    no_home, home = tmp_path / "none", tmp_path / "home"
    home.mkdir()

    def cache(**environment):
        made = make("predict", "TABLE=t.csv", **{"XDG_CACHE_HOME": "", **environment})
        return made.stdout.removeprefix("cache: ").rstrip("\n")

    assert cache(HOME=str(no_home)) == f"{tmp_path}/.snakemake/cache"
    assert cache(HOME=os.devnull) == f"{tmp_path}/.snakemake/cache"
    assert cache(HOME=str(home)) == ""
    assert cache(HOME=str(no_home), XDG_CACHE_HOME=str(home)) == str(home)


def test_every_target_and_variable_is_in_the_help(make):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())
    variables = set(re.findall(r"\$\(call (?:quoted|path),([A-Z]+)\)|\$\(value ([A-Z]+)\)", text))
    made = make("help")
    named = set(re.findall(r"^make ([a-z-]+)", made.stdout, re.MULTILINE))
    assert named == targets - {"buildah", "rsync", "chromium", "node"}
    listed = set(re.findall(r"^([A-Z]+)=", made.stdout, re.MULTILINE))
    assert listed >= {one or other for one, other in variables}
    assert listed >= {"CORES", "PYTHON", "QUICK", "VENV", "OTHER"}


def test_the_report_is_opened_by_what_the_machine_has(make, tmp_path):
    report = tmp_path / "a 'folder'/results/report.html"
    report.parent.mkdir(parents=True)
    report.touch()
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "xdg-open").write_text('#!/bin/sh\necho "opened $1"\n')
    (programs / "xdg-open").chmod(0o755)
    folder = f"FOLDER={report.parents[1]}"
    path = os.environ["PATH"]
    assert make("open", folder, PATH=f"{programs}:{path}").stdout == f"opened {report}\n"
    (programs / "xdg-open").write_text("#!/bin/sh\nexit 1\n")
    made = make("open", folder, PATH=f"{programs}:{path}")
    assert made.stdout.endswith(f"Open this file in a browser: {report}\n")


def test_the_pip_of_an_image_gets_what_that_of_this_machine_needs(tmp_path):
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://first.example\ncert = /etc/own.pem\nquiet = 1\n"
        "[install]\nindex-url = https://second.example\n"
        "extra-index-url =\n    https://one.example\n    https://it's.example\n"
    )
    environment = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "PIP_PROXY": "http://p.example"}

    def printed(*arguments):
        return python(ROOT / "requirements/pip_settings.py", *arguments, env=environment)

    assert printed("certificates").stdout == "/etc/own.pem\n"
    parser = configparser.ConfigParser()
    parser.read_string(printed().stdout)
    assert dict(parser["global"]) == {
        "index-url": "https://second.example",
        "extra-index-url": "\nhttps://one.example\nhttps://it's.example",
        "proxy": "http://p.example",
        "cert": "/run/secrets/certificates",
    }
