"""The workflow on a real Slurm: `make test-cluster`. It needs root, and is no part of `make test`.

A project here is a copy of the workflow; its results are compared with those of a run without a
cluster. A small study is run in each way. With ``--thorough`` the default study is, too, and jobs
fail, are killed and are interrupted: that takes half an hour, most of it waiting.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
import slurm
from project import SMALL, Project, wait_for

from backprop.models.registry import MODELS

ROOT = Path(__file__).parents[2]

DESIGN = "src/backprop/workflow/plan/design.py"
PROFILES = ("slurm", "generic")
COMPARISON = "results/ex4/tables/comparison.csv"  # needs all fits, and no pictures
TABLES = ("results/ex4/provenance.html", "results/ex4/model/model.json")  # every job of a cluster
STUDY = {
    **SMALL, "models": ["logistic", "scratch", "tensorflow"], "vary": {}, "simulation": {"sets": 3},
}  # fmt: skip
THREE = ["logistic", "softmax", "scratch"]


class OnSlurm(Project):
    """A project that is run through one of the profiles, by the command of docs/cluster.md."""

    is_warm = False  # its jobs are started by Slurm

    def __init__(self, folder, profile, config=None):
        super().__init__(folder, config)
        self.profile = profile

    def command(self, *options, cores=None):
        snakemake = [sys.executable, "-m", "snakemake"]
        return [*snakemake, "--workflow-profile", f"profiles/{self.profile}", *options]

    def before(self, model, *lines):
        """Put lines at the start of the script that trains a model, for that model alone."""
        script = "workflow/scripts/train.py"
        condition = f"if snakemake.wildcards.model == {model!r}:"
        block = [condition, *(f"    {line}" for line in lines)]
        self.write(script, "\n".join([*block, self.read(script)]))


def tables(project):
    """Return the content of every table but the timings."""
    files = (project.folder / "results/ex4/tables").glob("*.csv")
    return {file.name: file.read_text() for file in files if file.name != "timings.csv"}


def model_of(job):
    """Return what a job trains, from its comment: a model, or on simulated data sets."""
    return re.search("|".join([*MODELS, "simulated", "chosen"]), job["Comment"])[0]


def models(jobs):
    """Return the models that some jobs train, sorted."""
    return sorted(map(model_of, jobs.values()))


@pytest.fixture(scope="module", autouse=True)
def cluster():
    with slurm.cluster(memory=8000):
        yield


@pytest.fixture
def new_jobs():
    """Return the jobs that were submitted to Slurm since the test began; cancel what it leaves."""
    before = slurm.jobs().keys()
    yield lambda: {number: job for number, job in slurm.jobs().items() if number not in before}
    subprocess.run(["scancel", "--me"], check=True)


def run_here(folder, config, *targets):
    """Return a project that is run without a cluster."""
    project = Project(folder / "project", config)
    project.run(*targets)
    return project


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A small study that trains each kind of model, run without a cluster."""
    return run_here(tmp_path_factory.mktemp("local"), STUDY, *TABLES)


@pytest.fixture(scope="module")
def default(tmp_path_factory):
    """The default study, run without a cluster."""
    return run_here(tmp_path_factory.mktemp("default"), Project(ROOT).config)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The tables of a small workflow, made without a cluster."""
    return run_here(tmp_path_factory.mktemp("small"), SMALL, COMPARISON)


def test_nothing_listens_beyond_loopback():
    def listening():
        lines = slurm.ask("ss", "-Hltnp").splitlines()
        return [line for line in lines if "slurm" in line or "srun" in line]

    def all_listen():
        names = {re.search(r'\("(\w+)"', line)[1] for line in listening()}
        return {"slurmctld", "slurmd", "srun"} <= names

    step = subprocess.Popen(["srun", "sleep", "600"])
    wait_for(all_listen)
    lines = listening()
    step.terminate()
    step.wait()
    assert {line.split()[3].rsplit(":", 1)[0] for line in lines} == {"127.0.0.1"}


# A whole study


@pytest.mark.parametrize("profile", PROFILES)
def test_a_study_through_a_profile_has_the_tables_of_one_machine(
    profile, local, tmp_path, new_jobs
):
    project = compare_through(profile, local, tmp_path, new_jobs, *TABLES)
    before = set(new_jobs())
    project.put("vary", {"learning_rate": [0.5]})
    fits = ("logistic", "scratch/h3-sigmoid-squared_error")
    run = project.run(*(f"results/ex4/fits/{name}.parquet" for name in fits))
    after = {number: job for number, job in new_jobs().items() if number not in before}
    assert models(after) == ["scratch"], "a changed configuration submits its own stack alone"
    assert run.trained == {"scratch h3-sigmoid-squared_error-lr0.5-uniform": 2}


def compare_through(profile, local, tmp_path, new_jobs, *targets):
    """Run through a profile; each job is submitted once and completed, and the tables are equal."""
    project = OnSlurm(tmp_path / "a folder", profile, local.config)
    project.run(*targets)
    trains = [job.split() for job in local.logs() if job.startswith("train")]
    trained = [what[0] if what else rule.removeprefix("train_") for rule, *what in trains]
    assert models(new_jobs()) == sorted(trained)
    assert {job["JobState"] for job in new_jobs().values()} == {"COMPLETED"}
    assert tables(project) == tables(local)
    return project


@pytest.mark.parametrize("profile", PROFILES)
def test_a_job_that_trains_long_has_the_processors_that_it_asked_for(
    profile, small, tmp_path, new_jobs
):
    project = OnSlurm(tmp_path / "a folder", profile, small.config)
    project.change(DESIGN, "CHUNK_SHAPES = 60,", "CHUNK_SHAPES = 0,")
    project.before("logistic", "print('threads:', snakemake.threads, file=open('threads', 'w'))")
    project.run(COMPARISON, "--max-threads", "2")  # the node has 2
    asked = {model_of(job): (job["NumCPUs"], job["JobState"]) for job in new_jobs().values()}
    assert asked == {"logistic": ("2", "COMPLETED"), "scratch": ("1", "COMPLETED")}  # one shape
    assert project.read("threads") == "threads: 2\n"
    assert tables(project) == tables(small)


def test_a_study_in_one_allocation_has_the_tables_of_one_machine(local, tmp_path, new_jobs):
    project = Project(tmp_path / "a folder", local.config)
    (project.folder / "results").mkdir()
    (project.folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    script = ["--cpus-per-task=2", "profiles/slurm/allocation.sh", *TABLES]  # the node has 2
    subprocess.run(["sbatch", "--wait", *script], cwd=project.folder, check=True)
    [job] = new_jobs().values()
    assert job["JobState"] == "COMPLETED"
    assert "--cores 2" in Path(job["StdOut"]).read_text()
    assert tables(project) == tables(local)


class WithOwnProfile(Project):
    """A project that is run through a profile of the user, by plain Snakemake, on a Slurm."""

    is_warm = False
    profile = ("executor: slurm", "jobs: 10", "local-cores: 2", "slurm-status-command: squeue")

    def command(self, *options, cores=None):
        return [sys.executable, "-m", "snakemake", "--profile", "mine", *options]


def test_a_profile_of_the_user_needs_no_more_than_the_executor(
    local, tmp_path, new_jobs, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "of the user"))
    profile = tmp_path / "of the user/snakemake/mine/config.yaml"
    profile.parent.mkdir(parents=True)
    profile.write_text("\n".join(WithOwnProfile.profile))
    project = WithOwnProfile(tmp_path / "a folder", local.config)
    project.run(*TABLES)
    assert models(new_jobs()) == ["chosen", "logistic", "scratch", "simulated", "tensorflow"]
    assert {job["JobState"] for job in new_jobs().values()} == {"COMPLETED"}
    assert tables(project) == tables(local)


def note_where(project):
    """Let each script note its name and the job of Slurm it runs in, if it runs in one."""
    for script in sorted((project.folder / "workflow/scripts").glob("*.py")):
        line = f"print({script.stem!r}, os.environ.get('SLURM_JOB_ID'), file=open('where', 'a'))"
        script.write_text(f"import os\n{line}\n{script.read_text()}")


def noted(project):
    """Return how often each script ran, by the job of Slurm; then forget it."""
    ran = {}
    for line in project.read("where").splitlines():
        script, job = line.split()
        ran.setdefault(job, Counter())[script] += 1
    (project.folder / "where").unlink()
    return ran


def test_with_many_data_sets_the_login_node_makes_only_what_is_of_all_together(tmp_path, new_jobs):
    entry = SMALL["datasets"]["ex4"]
    config = {**SMALL, "models": ["logistic", "scratch"],
              "datasets": {f"data_{n}": entry for n in range(6)}}  # fmt: skip
    project = OnSlurm(tmp_path / "a folder", "slurm", config)
    note_where(project)
    run = partial(project.run, "results/across.csv", "--profile", "profiles/data-sets")

    run()
    each = Counter(fetch=1, split=1, train=2, score=1, compare=1)
    ran = noted(project)
    assert ran.pop("None") == {"candidates": 1, "across": 1}
    assert ran.keys() == new_jobs().keys()
    assert sorted(ran.values(), key=Counter.total) == [
        each,
        Counter({k: 5 * each[k] for k in each}),
    ]
    assert {(job["JobState"], job["NumCPUs"]) for job in new_jobs().values()} == {
        ("COMPLETED", "1")
    }
    comparisons = {file.read_text() for file in project.results.glob("*/statistics/comparison.csv")}
    assert len(comparisons) == 1

    run()
    assert len(new_jobs()) == 2, "a second start submits nothing"

    project.put("datasets.another", entry)
    run()
    [number] = new_jobs().keys() - ran.keys()
    assert noted(project) == {"None": {"across": 1}, number: each}


@pytest.mark.thorough
def test_the_default_workflow(tmp_path, default, new_jobs):
    compare_through("slurm", default, tmp_path, new_jobs)


# When something goes wrong, in a small workflow


@pytest.mark.thorough
@pytest.mark.parametrize("profile", PROFILES)
def test_what_fails_is_tried_again_with_more_and_then_reported(tmp_path, profile, new_jobs):
    project = OnSlurm(tmp_path / "project", profile, {**SMALL, "models": THREE})
    registry = "src/backprop/models/registry.py"
    text = project.read(registry)  # logistic regression is its first entry
    project.write(registry, text.replace("minutes=10", "minutes=1", 1))
    project.before("logistic", "import os, time", "if not os.path.exists('again'):",
                   "    open('again', 'w').close()", "    time.sleep(600)")  # fmt: skip
    project.before(
        "scratch",
        "import time",
        "hoard = b'x' * 2_000_000_000",
        "if snakemake.resources.mem_mb < 3000:",  # what it asks for the first time
        "    time.sleep(60)",
    )
    project.before("softmax", "open(snakemake.log[0], 'w').write('broken by the test')", "1 / 0")
    output = project.run(COMPARISON, succeeds=False).output
    jobs = {}
    for job in new_jobs().values():
        jobs.setdefault(model_of(job), []).append(job)
    asked = {
        model: [(job["TimeLimit"], job["MinMemoryNode"]) for job in jobs[model]] for model in jobs
    }
    states = {model: [job["JobState"] for job in jobs[model]] for model in jobs}

    assert states["logistic"] == ["TIMEOUT", "COMPLETED"]
    assert [time for time, _ in asked["logistic"]] == ["00:01:00", "00:02:00"]
    assert re.search(rf"{jobs['logistic'][0]['JobId']}\b.*\bTIMEOUT\b", output)

    assert states["scratch"][1:] == ["COMPLETED"]
    assert [memory for _, memory in asked["scratch"]] == ["1500M", "3000M"]
    assert states["scratch"][0] in ("FAILED", "OUT_OF_MEMORY")
    assert "exceeded memory limit" in log_of(jobs["scratch"][0], project, output)

    assert states["softmax"] == ["FAILED"] * 3
    assert asked["softmax"][2] == ("00:40:00", "6000M")
    assert "results/ex4/logs/train/softmax.log" in output
    assert "broken by the test" in output  # the log itself
    for job in jobs["softmax"]:
        log_of(job, project, output)


def log_of(job, project, output):
    """Return Slurm's log of a job, which Snakemake must have named."""
    path = Path(job["StdOut"])
    assert str(path.relative_to(project.folder)) in output
    return path.read_text()


def in_the_queue(project):
    """Return the numbers of a project's jobs that wait or run."""
    return [
        number
        for number, job in slurm.jobs().items()
        if job["WorkDir"] == str(project.folder) and job["JobState"] in ("PENDING", "RUNNING")
    ]


def cancel_by_the_line_of_the_docs(project):
    """Run the line of docs/cluster.md that cancels all jobs of this workflow."""
    (line,) = re.findall(r"^squeue .*$", (ROOT / "docs/cluster.md").read_text(), re.MULTILINE)
    subprocess.run(["sh", "-c", line], check=True)
    wait_for(lambda: not in_the_queue(project))


@pytest.mark.parametrize("profile", PROFILES)
def test_what_ctrl_c_or_a_kill_leaves_is_cancelled_by_one_line_and_trained_by_the_next_run(
    tmp_path, profile, small
):
    project = OnSlurm(small.copy(tmp_path / "project").folder, profile)
    project.put("vary.hidden", [[2], [4]])
    project.put("vary.learning_rate", [0.3, 0.5])
    script = project.read("workflow/scripts/train.py")
    project.before("scratch", "import time", "time.sleep(600)")
    for how in (signal.SIGINT, signal.SIGKILL):
        process = project.start(COMPARISON)
        wait_for(lambda: len(in_the_queue(project)) >= 2)
        os.killpg(process.pid, how)
        process.communicate(timeout=60)
        left = in_the_queue(project)
        assert left or how == signal.SIGINT
        cancel_by_the_line_of_the_docs(project)
        project.run("--unlock")
    project.write("workflow/scripts/train.py", script)
    assert project.run(COMPARISON).trained.keys() >= {
        "scratch h3-sigmoid-squared_error-lr0.5-uniform",
        "scratch h4-sigmoid-squared_error-lr0.1-uniform",
    }


@pytest.mark.thorough
@pytest.mark.usefixtures("new_jobs")
def test_the_queue_may_be_out_of_order_for_a_minute(tmp_path):
    """The job ends while it is. Of Slurm's own plugin, docs/cluster.md says what then happens."""
    project = OnSlurm(tmp_path / "project", "generic", SMALL)
    project.before(
        "logistic", "import os, time", "open('started', 'w').close()",
        "while not os.path.exists('end'):", "    time.sleep(0.1)",
    )  # fmt: skip
    with project.start("results/ex4/fits/logistic.parquet") as process:
        wait_for((project.folder / "started").exists)
        with slurm.outage():
            project.write("end", "")
            time.sleep(60)
            assert process.poll() is None
        output = process.communicate(timeout=120)[0]
    assert process.returncode == 0, output
    assert "Error in rule" not in output


# What is submitted


def test_a_partition_is_named_as_in_the_docs(tmp_path, new_jobs):
    for profile in PROFILES:
        project = OnSlurm(tmp_path / profile, profile, SMALL)
        options = ("--default-resources", "slurm_partition=other") * (profile == "slurm")
        project.variables |= {"SBATCH_PARTITION": "other"} if profile == "generic" else {}
        project.run("results/ex4/fits/logistic.parquet", *options)
    assert [job["Partition"] for job in new_jobs().values()] == ["other", "other"]
