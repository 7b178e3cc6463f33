"""Tests of the warm Python, which runs short scripts in the place of a new one."""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backprop.workflow import warm as module
from backprop.workflow.warm import FEWEST, warm_python

NAMES = [f"script{n}.py" for n in range(FEWEST)]
WAIT = 60  # seconds, after which something is wrong


@pytest.fixture
def scripts(tmp_path):
    for name in NAMES:
        (tmp_path / name).write_text("import colorsys\nimport not_there\nimport wave\n")
    return [tmp_path / name for name in NAMES]


@pytest.fixture
def call(scripts, tmp_path, monkeypatch):
    """Return a function that runs a program as a job's script; the warm Python is there."""
    (tmp_path / "warm").mkdir()
    monkeypatch.setattr(module.tempfile, "mkdtemp", lambda **_: str(tmp_path / "warm"))
    processes = []
    started = module.subprocess.Popen
    monkeypatch.setattr(
        module.subprocess,
        "Popen",
        lambda *words, **how: processes.append(started(*words, **how)) or processes[-1],
    )
    python = warm_python(shlex.quote(sys.executable), scripts)
    wait_for((tmp_path / "warm" / module.SOCKET).exists)

    def start(program, name=NAMES[0], **how):
        file = tmp_path / f"tmp1_x.{name}"
        file.write_text(program)
        return subprocess.Popen(
            f"exec {python} {shlex.quote(str(file))}",
            shell=True,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **how,
        )

    start.server = processes[0]
    yield start
    start.server.stdin.close()
    assert start.server.wait(WAIT) == 0
    assert not (tmp_path / "warm").exists()


def wait_for(happens):
    end = time.monotonic() + WAIT
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.01)


IS_WARM = "import os, sys; print('warm' if 'runpy' in sys.modules else 'new', os.getppid())\n"


def test_a_script_has_the_folder_the_variables_and_the_files_of_who_asks(call, tmp_path):
    program = (
        f"{IS_WARM}print(os.getcwd(), os.environ['ONE'], 'HOME' in os.environ, file=sys.stderr)"
    )
    done = call(program, cwd=tmp_path / "warm", env={"ONE": "1\n'ä"})
    printed, errors = done.communicate(timeout=WAIT)
    assert printed.startswith("warm")
    assert errors == f"{tmp_path / 'warm'} 1\n'ä False\n"


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        ("", 0, ""),
        ("sys.exit('error: no')", 1, "error: no\n"),
        ("sys.exit(3)", 3, ""),
        ("os.kill(os.getpid(), 9)", 137, ""),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
    ],
)
def test_a_script_ends_as_in_a_new_python(call, end, code, said):
    done = call(f"import os, sys\n{end}\n")
    _, errors = done.communicate(timeout=WAIT)
    assert done.returncode == code
    assert errors.endswith(said)
    assert errors or not said


def test_it_imports_what_scripts_import_and_no_error_ends_it(call):
    program = "import sys; print({'colorsys', 'wave'} <= sys.modules.keys())"
    wait_for(lambda: call(program).communicate(timeout=WAIT)[0] == "True\n")


def test_a_script_ends_if_who_asked_is_killed(call, tmp_path):
    with call("import os, time; print(os.getpid(), flush=True); time.sleep(1000)") as asking:
        pid = int(asking.stdout.readline())
        asking.send_signal(signal.SIGINT)
    assert asking.returncode == -signal.SIGINT
    wait_for(lambda: not Path(f"/proc/{pid}").exists())


def test_other_scripts_run_in_a_new_python(call):
    started = call("import os; print(os.getppid())", name="train.py")
    assert started.communicate(timeout=WAIT) == (f"{os.getpid()}\n", "")


def test_a_new_python_takes_the_place_of_a_warm_one_that_has_ended(call):
    call.server.stdin.close()
    call.server.wait(WAIT)
    started = call("import os; print(os.getppid())")
    assert started.communicate(timeout=WAIT) == (f"{os.getpid()}\n", "")


def test_a_path_that_is_too_long_for_a_socket_is_no_error(scripts, tmp_path, monkeypatch, capfd):
    folder = tmp_path / ("x" * 200)
    folder.mkdir()
    module.main(str(folder), *map(str, scripts))
    assert not folder.exists()
    assert capfd.readouterr() == ("", "")


def test_few_scripts_are_not_worth_it(scripts):
    assert warm_python("python", scripts[1:]) == "python"
