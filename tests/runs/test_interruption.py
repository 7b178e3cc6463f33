"""Runs that are killed at many moments, and a full disk: finished fits are kept, files are sound.

The moments are drawn at random, from a seed: a kill may come in the first job, in the middle of
training or of writing, or in the last. One that comes too late does not count. With ``--thorough``
there are more ways to kill, and more rounds, at other moments, to the last page of the tables.
"""

import base64
import copy
import os
import random
import re
import resource
import shutil
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from project import SMALL, Project, differing, wait_for

DESIGN = "src/backprop/workflow/plan/design.py"
SCRIPT = re.compile(rb"/\.snakemake/scripts/\S*train")
ROUNDS, THOROUGH_ROUNDS = 1, 3  # each of one kill in every way
SCORES, PAGE = "results/ex4/tables/fits.csv", "results/ex4/provenance.html"
HANGS = 240  # seconds after which a run that a signal did not end is killed

CONFIG = copy.deepcopy(SMALL)
CONFIG["validation"] = {"folds": 2, "repeats": 5}
CONFIG["training"]["epochs"] = 250
CONFIG["vary"] = {"hidden": [[2]], "learning_rate": [0.3]}


def all_of(process, sign):
    """Send a signal to Snakemake and all its jobs, as Ctrl-C in a terminal does."""
    os.killpg(process.pid, sign)
    return True


def only_snakemake(process, sign):
    """Send a signal to Snakemake alone, as `kill` does."""
    os.kill(process.pid, sign)
    return True


def a_training_process(process, sign):
    """Send a signal to one training process, as a system that is out of memory does.

    Return whether there was one.
    """
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = os.getpgid(int(folder.name)) == process.pid
            if mine and SCRIPT.search((folder / "cmdline").read_bytes()):
                os.kill(int(folder.name), sign)
                return True
        except OSError:  # it has just ended
            continue
    return False


WAYS = [
    (all_of, signal.SIGINT),
    (only_snakemake, signal.SIGTERM),
    (a_training_process, signal.SIGKILL),  # early in each round, while there is one
    (all_of, signal.SIGKILL),
]
THOROUGH_WAYS = [
    *WAYS,
    (only_snakemake, signal.SIGKILL),
    (all_of, signal.SIGTERM),
    (only_snakemake, signal.SIGINT),
]


@pytest.fixture(scope="module")
def target(thorough):
    """The last file of the runs that are killed."""
    return PAGE if thorough else SCORES


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, target):
    project = Project(tmp_path_factory.mktemp("undisturbed") / "project", CONFIG)
    project.run(target)
    return project


def finished_fits(project):
    """Return the seconds of the fits in each file that Snakemake has on record as finished.

    No two trainings take exactly the same seconds.
    """
    seconds = {}
    for file in (project.folder / "results/ex4/fits").rglob("*.parquet"):
        name = str(file.relative_to(project.folder))
        key = base64.b64encode(name.encode()).decode()
        if (project.folder / ".snakemake/metadata" / key).exists():
            seconds[name] = pq.read_table(file)["seconds"].to_pylist()
    return seconds


def run_and_kill(project, way, sign, moments, kills, target):
    """Run, and kill within a second after some job began; return whether that ended the run.

    It is an early job, so that the others last for all `kills` that are left. If Snakemake asks
    for `--unlock`, do so and try again.
    """
    rules, begins = "total", "Job "
    if way is a_training_process:
        rules, begins = "train_networks_1", r"Job \d+: Train scratch "
    output, hits, timer, due = "", [], None, 0
    with project.start(target) as process:
        # Snakemake can wait for itself for ever if a signal comes while it holds its own lock.
        hanging = threading.Timer(HANGS, all_of, [process, signal.SIGKILL])
        hanging.start()
        for line in process.stdout:
            output += line
            if planned := re.match(rf"{rules} +(\d+)", line):
                due = moments.randint(1, -(-int(planned[1]) // kills))
            elif re.match(begins, line):
                due -= 1
                if not due:
                    timer = threading.Timer(
                        moments.random(), lambda: hits.append(way(process, sign))
                    )
                    timer.start()
        hanging.cancel()
    if timer:
        timer.cancel()
        timer.join()
    if "cannot be locked" in output:
        assert "can be removed with the --unlock argument" in " ".join(output.split())
        project.run("--unlock")
        return run_and_kill(project, way, sign, moments, kills, target)
    hung = process.returncode == -signal.SIGKILL and sign != signal.SIGKILL
    return hits == [True] and process.returncode != 0 and not hung


def round_of_kills(project, seed, ways, target):
    """Kill a run in every way, then let it finish; return the kills, and the finished fits."""
    moments = random.Random(seed)
    kills, kept = [], {}
    for way, sign in ways[seed:] + ways[:seed]:
        for _ in range(10):
            left = 1 if way is a_training_process else len(ways) - len(kills)
            if run_and_kill(project, way, sign, moments, left, target):
                break
            shutil.rmtree(project.folder / "results")  # the run was over; from the start again
            kept.clear()
        else:
            raise AssertionError(f"{way.__name__} with {sign.name} ended no run")
        kills.append((way, sign))
        kept |= finished_fits(project)
    try:
        project.run(target)
    except AssertionError as error:
        if "cannot be locked" not in str(error):
            raise
        project.run("--unlock")
        project.run(target)
    return kills, kept


@pytest.fixture(scope="module")
def ways(thorough):
    return THOROUGH_WAYS if thorough else WAYS


@pytest.fixture(scope="module")
def rounds(tmp_path_factory, thorough, ways, target):
    folder = tmp_path_factory.mktemp("killed")
    seeds = range(THOROUGH_ROUNDS if thorough else ROUNDS)
    projects = [Project(folder / f"round {seed}", CONFIG) for seed in seeds]
    with ThreadPoolExecutor(len(seeds)) as pool:
        kill = partial(round_of_kills, ways=ways, target=target)
        done = list(pool.map(kill, projects, seeds))
    return [(project, *outcome) for project, outcome in zip(projects, done, strict=True)]


def test_each_way_to_kill_ended_a_run_in_each_round(rounds, thorough, ways):
    assert len(rounds) >= (3 if thorough else 1)
    for _, kills, _ in rounds:
        assert set(kills) == set(ways)
        assert len(kills) == len(ways) >= (7 if thorough else 4)


def test_tables_after_kills_are_those_of_an_undisturbed_run(rounds, undisturbed):
    for project, *_ in rounds:
        assert differing(project.files(), undisturbed.files()) == []


def test_what_was_finished_before_a_kill_is_not_trained_again(rounds):
    for project, _, kept in rounds:
        final = finished_fits(project)
        for file, seconds in kept.items():
            assert final[file] == seconds, file
    assert any(kept for _, _, kept in rounds)


def processes_in(folder):
    """Return the numbers of the processes that work in a folder."""

    def works_there(process):
        try:
            return (process / "cwd").readlink() == folder
        except OSError:  # it has just ended
            return False

    return {each.name for each in Path("/proc").glob("[0-9]*") if works_there(each)}


# A job ends with its Snakemake, and what works for it ends with it.
@pytest.mark.parametrize(("cores", "kill"), [(1, all_of), (2, only_snakemake)])
def test_a_killed_training_of_one_model_goes_on_where_it_was(tmp_path, cores, kill):
    trees = {"class": "sklearn.ensemble.RandomForestClassifier", "reference": {"n_estimators": 400}}
    settings = {"models": ["logistic", "forest"], "estimators": {"forest": trees}, "vary": {}}
    project = Project(tmp_path / "project", {**CONFIG, **settings})
    file = "results/ex4/fits/forest.parquet"
    if cores > 1:  # as if each job took long
        project.change(DESIGN, "CHUNK_SHAPES = 60,", "CHUNK_SHAPES = 0,")
    parts = project.folder / "results/ex4/fits/forest.parts"
    with project.start(file) as process:
        wait_for(lambda: len(list(parts.glob("*.parquet"))) > 1)
        assert len(processes_in(project.folder)) >= (2 if cores == 1 else 4)
        kill(process, signal.SIGKILL)
        process.wait()
    wait_for(lambda: not processes_in(project.folder))
    kept = sum(pq.read_metadata(part).num_rows for part in parts.glob("*.parquet"))
    project.run("--unlock")
    project.run(file)
    log = (project.results / "ex4/logs/train/forest.log").read_text()
    assert f"10 fits: {kept} kept, 0 dropped, {10 - kept} to train" in log
    assert re.findall(r"fit (\d+) of (\d+)$", log, re.MULTILINE) == [
        (str(number), str(10 - kept)) for number in range(1, 11 - kept)
    ]
    assert not parts.exists()


def test_kills_leave_nothing_beside_the_results(rounds, undisturbed):
    # A file that was being written may leave its first part under a hidden name. Only a job that
    # ran to its end under one Snakemake has a log or a benchmark.
    def names(project):
        files = (project.folder / "results").rglob("[!.]*")
        return {file.name for file in files if file.suffix not in (".log", ".tsv")}

    for project, *_ in rounds:
        assert names(project) == names(undisturbed)


def limited(size):
    """Return what limits the files that a process writes to a number of bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_reported_and_damages_nothing(undisturbed, tmp_path):
    project = undisturbed.copy(tmp_path / "project")
    shutil.rmtree(project.results / "ex4/fits")
    fits = "results/ex4/fits/scratch/h3-sigmoid-squared_error.parquet"  # the first that is written
    limit = (undisturbed.folder / fits).stat().st_size // 2
    run = project.run(fits, before=limited(limit), succeeds=False)
    assert re.search(rf"^error: File too large: {fits}$", run.output, re.MULTILINE)
    assert "Traceback" not in run.output
    # On a busy machine, fits are kept in parts before they are joined: whole parts stay.
    assert not list((project.folder / "results/ex4/fits/scratch").glob("*.parquet"))
    project.run(SCORES)
    assert project.read(SCORES) == undisturbed.read(SCORES)


def test_a_disk_that_gets_full_is_named_in_the_last_line(tmp_path):
    project = Project(tmp_path / "project", CONFIG)
    full = 'raise OSError(28, "No space left on device")'
    project.change("src/backprop/files.py", "temporary.write_bytes(content)", full)
    file = "results/ex4/data/dataset.csv"
    *_, last = project.run(file, "--logger", "backprop", succeeds=False).output.splitlines()
    assert re.fullmatch(
        rf"error: No space left on device: {file}; this disk has [\d,]+ bytes and room for [\d,]+ "
        "files left. Free some, and run the same command again", last
    )  # fmt: skip


def test_a_disk_that_is_too_full_for_snakemake_is_reported_without_a_traceback(
    undisturbed, tmp_path
):
    project = undisturbed.copy(tmp_path / "project")
    project.put("seed", 2)
    # Bytes of a file: more than the rules and scripts, which Snakemake copies to run them, and
    # fewer than the fits, of which it keeps a copy.
    options = {"before": limited(9500), "succeeds": False}
    output = project.run(SCORES, "--logger", "backprop", **options).output
    assert "\nFile too large: 'results/ex4/fits/" in output
    assert "Traceback" not in output


HELD = """
import os, time
if not os.path.exists("held"):
    with open("held.new", "w") as file:
        file.write(str(os.getpid()))
    os.rename("held.new", "held")
    while not os.path.exists("let go"):
        time.sleep(0.1)
"""


def test_a_job_ends_with_its_snakemake(undisturbed, tmp_path):
    project = undisturbed.copy(tmp_path / "project")
    script = "workflow/scripts/score.py"
    project.write(script, f"{HELD}{project.read(script)}\n    time.sleep(600)")
    process = project.start(SCORES)
    held = project.folder / "held"
    wait_for(held.exists)
    only_snakemake(process, signal.SIGKILL)
    process.wait()
    project.write("let go", "")  # as Snakemake may be killed while a job still imports
    process.communicate()

    def gone():
        try:  # a process that has ended, but was not waited for, has an empty command
            return not Path(f"/proc/{held.read_text()}/cmdline").read_bytes()
        except OSError:
            return True

    wait_for(gone)
