"""The variables and targets of make, and the words of `./backprop`, with a stand-in for Python."""

import configparser
import os
import re
import shutil

import pytest
from processes import python, run
from project import ROOT

PYTHON = """\
#!/bin/sh
case "$*" in *needed.py*) exit;; esac
for argument; do printf '<%s>' "$argument" >&2; done
echo >&2
"""


@pytest.fixture
def called(tmp_path):
    """Return a function that calls a program in a folder where Python prints its arguments."""
    script = tmp_path / "venv/bin/python"
    script.parent.mkdir(parents=True)
    script.write_text(PYTHON)
    script.chmod(0o755)
    for name in ("Makefile", "backprop"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/run.txt").touch()
    (tmp_path / "venv/place").write_text(f"{tmp_path.resolve()}/venv\n")
    (tmp_path / "venv/run").touch()

    def call(*command, folder=tmp_path, **environment):
        return run([*command], cwd=folder, env=os.environ | environment, check=False)

    return call


@pytest.fixture
def make(called):
    """Return a function that calls make there."""
    return lambda *arguments, **environment: called(
        "make", "--no-print-directory", "VENV=venv", *arguments, **environment
    )


HOSTILE = (
    "$(shell touch PWN)${shell touch PWN}$$(shell touch PWN)`touch PWN`$(touch PWN)"
    "';touch PWN;'\";touch PWN;\"|touch PWN&touch PWN;#\\$(eval PWN:=1)$(error PWN) .xlsx"
).replace("PWN", "ran")


@pytest.mark.parametrize("command", ["run", "predict", "open", "archive"])
def test_no_word_of_a_command_is_run_and_each_arrives_as_it_is(called, tmp_path, command):
    words = [command, HOSTILE, f"--folder={HOSTILE}", "-x.csv", "a\nb", "", "--", "~/t.csv", "*"]
    here = tmp_path / "in another folder"
    here.mkdir()
    made = called(tmp_path / "backprop", *words, folder=here, VENV="venv")
    assert made.returncode == 0, made.stderr
    assert made.stderr == "".join(f"<{word}>" for word in ["-m", "backprop", *words]) + "\n"
    assert not list(tmp_path.rglob("ran*"))


def test_a_command_works_by_a_link_to_it(called, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/backprop").symlink_to(tmp_path / "backprop")
    made = called(tmp_path / "bin/backprop", "open", folder="/", VENV="venv")
    assert made.stderr == "<-m><backprop><open>\n"


def variables():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^# ([A-Z]+)=", text, re.MULTILINE)


@pytest.mark.parametrize("name", [*variables(), "TABLE", "TABEL", "SHELL", "a'b", "$$(ran)"])
@pytest.mark.parametrize("target", ["help", "run", "image", "release", "lint"])
def test_no_variable_is_run(make, tmp_path, target, name):
    made = make("--dry-run", target, f"{name}={HOSTILE}")
    assert made.returncode == 2
    assert not list(tmp_path.rglob("ran*"))
    make("help", **{name: HOSTILE})
    assert not list(tmp_path.rglob("ran*"))


@pytest.mark.parametrize("name", ["TABLE", "LABEL", "QUICK", "PYTHO"])
def test_a_variable_that_is_not_of_make_is_refused_with_what_to_do(make, name):
    made = make("run", f"{name}=t.csv")
    assert made.returncode == 2
    assert f"found the variable {name}=; use one of PYTHON VENV " in made.stderr
    assert made.stderr.endswith("or a command: ./backprop --help.  Stop.\n")
    assert "<-m>" not in made.stderr


@pytest.mark.parametrize("name", ["PYTHON", "VENV", "OTHER"])
@pytest.mark.parametrize("character", "$`'\"\\;&|<>(){}[]*?!#")
def test_what_a_shell_reads_as_it_is_has_no_special_characters(make, name, character):
    made = make("help", f"{name}=python3{character}")
    assert made.returncode == 2
    assert made.stderr.endswith(f"found {character} in {name}=; use a value without it.  Stop.\n")


def test_every_target_and_variable_is_in_the_help(make):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())
    made = make("help")
    named = set(re.findall(r"^make ([a-z-]+)", made.stdout, re.MULTILINE))
    assert named == targets - {"buildah", "rsync", "chromium", "node", "stale"}
    listed = re.findall(r"^([A-Z]+)=", made.stdout, re.MULTILINE)
    assert listed == re.search(r"^variables := (.*)$", text, re.MULTILINE)[1].split()


def test_the_pip_of_an_image_gets_what_that_of_this_machine_needs(tmp_path):
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://first.example\ncert = /etc/own.pem\nquiet = 1\n"
        "[install]\nindex-url = https://second.example\n"
        "extra-index-url =\n    https://one.example\n    https://it's.example\n"
    )
    builder = tmp_path / "podman"
    builder.write_text('#!/bin/sh\nprintf "<%s>" "$@" >&2\nprintf %s "$PIP_CONF"\nexit 7\n')
    builder.chmod(0o755)
    environment = {
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
        "PIP_PROXY": "http://p.example",
        "PATH": str(tmp_path),
    }
    words = ["BASE=", "SETUP=run"]
    built = python(ROOT / "requirements/image.py", *words, env=environment, check=False)
    assert built.returncode == 7
    options = (
        "<--secret><id=pip.conf,env=PIP_CONF><--secret><id=certificates,src=/etc/own.pem>"
        "<--build-arg><SETUP=run><.>"
    )
    assert built.stderr.endswith(options)
    parser = configparser.ConfigParser()
    parser.read_string(built.stdout)
    assert dict(parser["global"]) == {
        "index-url": "https://second.example",
        "extra-index-url": "\nhttps://one.example\nhttps://it's.example",
        "proxy": "http://p.example",
        "cert": "/run/secrets/certificates",
    }
