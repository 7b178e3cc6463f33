"""Runs that are killed at many moments, and a full disk: what was finished is kept, nothing harmed.

The moments are drawn at random, from a seed: a kill may come before the first job, in the middle
of training or of writing, or after the last.
"""

import base64
import copy
import os
import random
import resource
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from project import SMALL, Project, differing

TABLES = ("results/ex4/provenance.html", "results/summary.rst")
ROUNDS, KILLS = 3, 7

CONFIG = copy.deepcopy(SMALL)
CONFIG["validation"] = {"folds": 2, "repeats": 5}
CONFIG["training"]["epochs"] = 250
CONFIG["vary"] = {"hidden": [[2], [4]], "learning_rate": [0.3]}


def all_of(process, sign):
    """Send a signal to Snakemake and all its jobs, as Ctrl-C in a terminal does."""
    os.killpg(process.pid, sign)


def only_snakemake(process, sign):
    """Send a signal to Snakemake alone, as `kill` does; its jobs live on."""
    process.send_signal(sign)


def a_training_process(process, sign):
    """Send a signal to one training process, as a system that is out of memory does."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = os.getpgid(int(folder.name)) == process.pid
            script = b"train_" in (folder / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        if mine and script and b"/.snakemake/scripts/" in (folder / "cmdline").read_bytes():
            os.kill(int(folder.name), sign)
            return


WAYS = [
    (all_of, signal.SIGINT),
    (only_snakemake, signal.SIGTERM),
    (only_snakemake, signal.SIGKILL),
    (a_training_process, signal.SIGKILL),
    (all_of, signal.SIGKILL),
    (all_of, signal.SIGTERM),
    (only_snakemake, signal.SIGINT),
]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("undisturbed") / "project", CONFIG)
    project.run(*TABLES)
    return project


def finished_fits(project):
    """Return the seconds that fits took, which no two trainings have in common, by file.

    Of the files only that Snakemake has on record as finished.
    """
    found = {}
    for file in (project.folder / "results/ex4/fits").rglob("*.parquet"):
        name = str(file.relative_to(project.folder))
        key = base64.b64encode(name.encode()).decode()
        if (project.folder / ".snakemake/metadata" / key).exists():
            found[name] = pq.read_table(file)["seconds"].to_pylist()
    return found


def run_and_kill(project, way, sign, after):
    """Run, kill after so many seconds, and take the one step that Snakemake may ask for."""
    process = project.start(*TABLES)
    timer = threading.Timer(after, lambda: way(process, sign))
    timer.start()
    output, _ = process.communicate()
    timer.cancel()
    if "cannot be locked" in output:
        assert "can be removed with the --unlock argument" in " ".join(output.split())
        project.run("--unlock")
    return output


def round_of_kills(project, seed):
    """Kill a run again and again, then let it finish; return what each kill had to keep."""
    moments = random.Random(seed)
    kept = {}
    for number in range(KILLS):
        way, sign = WAYS[(seed * KILLS + number) % len(WAYS)]
        run_and_kill(project, way, sign, moments.uniform(0.8, 5.0))
        kept |= finished_fits(project)
    output = ""
    try:
        output = project.run(*TABLES).output
    except AssertionError as error:
        if "cannot be locked" not in str(error):
            raise
        project.run("--unlock")
        output = project.run(*TABLES).output
    return kept, output


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    projects = [Project(folder / f"round {seed}", CONFIG) for seed in range(ROUNDS)]
    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(round_of_kills, projects, range(ROUNDS)))
    return list(zip(projects, kept, strict=True))


def test_there_are_twenty_kills():
    assert ROUNDS * KILLS >= 20
    assert len(WAYS) <= ROUNDS * KILLS


def test_tables_after_kills_are_those_of_an_undisturbed_run(rounds, undisturbed):
    for project, _ in rounds:
        assert differing(project.files(), undisturbed.files()) == []


def test_what_was_finished_before_a_kill_is_not_trained_again(rounds):
    for project, (kept, _) in rounds:
        final = finished_fits(project)
        for file, seconds in kept.items():
            assert final[file] == seconds, file
    assert any(kept for _, (kept, _) in rounds)


def test_kills_leave_no_half_written_file(rounds):
    for project, _ in rounds:
        everything = {file.name for file in (project.folder / "results").rglob("*")}
        assert {name for name in everything if name.startswith(".") or ".damaged" in name} == set()


def test_a_full_disk_is_told_and_harms_nothing(undisturbed, tmp_path):
    project = Project(tmp_path / "project", CONFIG)
    files = sorted((undisturbed.folder / "results/ex4/fits/scratch").iterdir())
    limit = min(file.stat().st_size for file in files) // 2  # sizes vary with the seconds in them

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    run = project.run(*TABLES, before=fill, succeeds=False)
    assert "error: [Errno 27] File too large" in run.output
    assert "Traceback" not in run.output
    assert not list((project.folder / "results/ex4/fits/scratch").rglob("*"))
    project.run(*TABLES)
    assert differing(project.files(), undisturbed.files()) == []


OUTLIVING = """
import atexit, os, time
from backprop import training
train = training.train
def held(*arguments, **options):
    trained = train(*arguments, **options)
    if not os.path.exists("held"):
        open("held", "w").close()
        atexit.register(lambda: open("over", "w").close())
        for _ in range(1200):
            if os.path.exists("let go"):
                break
            time.sleep(0.1)
    return trained
training.train = held
"""


def wait_for(file):
    for _ in range(600):
        if file.exists():
            return
        time.sleep(0.1)
    raise TimeoutError(file)


def test_a_job_that_outlives_its_snakemake_does_not_undo_a_later_one(tmp_path):
    project = Project(tmp_path / "project", SMALL)
    script = "workflow/scripts/train_scratch.py"
    project.write(script, OUTLIVING + project.read(script))
    process = project.start(*TABLES, cores=1)
    wait_for(project.folder / "held")
    only_snakemake(process, signal.SIGKILL)
    process.communicate()
    project.put("vary.learning_rate", [0.5])
    project.run("--unlock")
    project.run(*TABLES)
    later = project.files()
    project.write("let go", "")
    wait_for(project.folder / "over")
    assert project.planned(*TABLES) == set()
    project.run(*TABLES, "--forcerun", "gather")
    assert differing(project.files(), later) == []
