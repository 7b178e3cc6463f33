"""One run at a time holds a folder of results, and its end lets go, however it ends."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from processes import OF_LIBRARY

from backprop.errors import BackpropError
from backprop.workflow.records import job_records
from backprop.workflow.records.lock import LOCK, hold

HOLDER = (
    "import sys; from pathlib import Path; from backprop.workflow.records.lock import hold; "
    "hold(Path('results')); print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def holder(in_a_folder, tmp_path):
    """A process in the folder `clone` that holds the results, which a link there leads to."""
    clone = tmp_path / "clone"
    clone.mkdir()
    Path("results").mkdir()
    (clone / "results").symlink_to("../results")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=clone, env=os.environ | OF_LIBRARY,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_run_is_told_who_holds_the_folder_and_what_to_do(holder):
    where = f"{Path.cwd()}/results is in use by a run"
    who = f"process {holder.pid} on {os.uname().nodename}, in {Path.cwd()}/clone, since 20"
    for remedy in ("wait until it ends", "--folder", f"remove results/{LOCK}"):
        with pytest.raises(BackpropError, match=rf"^{where} \({who}.*{remedy}"):
            hold(Path("results"))


def test_make_clean_waits_for_a_run(holder):
    Path("results/ex4").mkdir()
    with pytest.raises(SystemExit, match="is in use by a run"):
        job_records.remove_all()
    assert {file.name for file in Path("results").iterdir()} == {LOCK, "ex4"}


def test_a_run_that_is_killed_holds_nothing_any_more(holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    hold(Path("results"))
    assert f"process {os.getpid()} on" in Path("results", LOCK).read_text()


def test_a_file_system_without_locks_is_warned_of(tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", fail)
    hold(tmp_path / "results")
    assert "without locks (No locks available); start no second" in capsys.readouterr().err
