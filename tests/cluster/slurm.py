"""A Slurm cluster of one node on the loopback interface, for the time of a test.

It needs root and Debian, and no systemd. It writes to a temporary directory, and to /etc/slurm,
where Slurm reads its configuration. What is there is set aside and put back.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PACKAGES = {"slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client",
            "munged": "munge", "ss": "iproute2"}  # fmt: skip
ETC = Path("/etc/slurm")
ASIDE = Path("/etc/slurm.set-aside")

NAME = "loopback"
CONF = """\
ClusterName={name}
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
# Nothing listens beyond loopback.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
# No systemd, no control groups: memory is what the accounting finds, once a second.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherParams=OverMemoryKill
JobAcctGatherFrequency=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
# Jobs start and end at once, and are remembered.
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
MinJobAge=86400
KillWait=2
ReturnToService=2
MailProg=/bin/true
SlurmdParameters=config_overrides
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory={memory}
PartitionName=all Nodes=localhost Default=YES MaxTime=60 DefMemPerCPU=1000
PartitionName=other Nodes=localhost MaxTime=60 DefMemPerCPU=1000
"""


def install() -> None:
    """Install the Debian packages whose programs are missing."""
    missing = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    if missing:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ["apt-get", "--quiet", "--quiet"]
        subprocess.run([*apt, "update"], check=True, env=quiet)
        subprocess.run(
            [*apt, "install", "--yes", "--no-install-recommends", *missing],
            check=True,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )


def ask(*command: str) -> str:
    """Return what a command prints."""
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout


def jobs() -> dict[str, dict[str, str]]:
    """Return the fields of every job that Slurm knows, by its number."""
    shown = ask("scontrol", "--oneliner", "show", "jobs").splitlines()
    fields = [dict(re.findall(r"(\S+?)=(.*?)(?= \S+=|$)", line)) for line in shown]
    return {job["JobId"]: job for job in fields if "JobId" in job}


@contextmanager
def outage() -> Iterator[None]:
    """Stop the controller, and start it again."""
    folder = _folder((ETC / "slurm.conf").read_text())
    _end(int((folder / "slurmctld.pid").read_text()), "comm", "slurmctld")
    try:
        yield
    finally:
        subprocess.run(["slurmctld"], check=True)
        while subprocess.run(["squeue"], capture_output=True).returncode:
            time.sleep(0.1)


@contextmanager
def cluster(memory: int) -> Iterator[Path]:
    """Run a cluster with two processors and this memory in MB; yield its directory."""
    if os.geteuid():
        raise SystemExit("error: this needs root")
    _clean_up_after_a_killed_run()
    for daemon in ("slurmctld", "slurmd"):
        if _runs(daemon):
            raise SystemExit(f"error: a {daemon} runs here already; stop it first")
    install()
    with ExitStack() as stack:
        for number in (signal.SIGTERM, signal.SIGHUP):  # like Ctrl-C: stop the cluster first
            former = signal.signal(number, signal.default_int_handler)
            stack.callback(signal.signal, number, former)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slurm-")))
        folder.chmod(0o755)
        for name in ("state", "spool"):
            (folder / name).mkdir()
        stack.enter_context(_configured(CONF.format(name=NAME, folder=folder, memory=memory)))
        stack.callback(_stop, folder)
        _start_munge(folder)
        subprocess.run(["slurmctld"], check=True)
        subprocess.run(["slurmd", "-N", "localhost"], check=True)
        for _ in range(300):
            if ask("sinfo", "--noheader", "--format=%T").strip() == "idle":
                break
            time.sleep(0.1)
        else:
            raise RuntimeError((folder / "slurmctld.log").read_text())
        yield folder


def _runs(program: str) -> bool:
    for file in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # it has just ended
            if file.read_text(errors="replace").strip() == program:
                return True
    return False


def _clean_up_after_a_killed_run() -> None:
    """Stop the daemons that a killed run left, and put /etc/slurm back."""
    conf = ETC / "slurm.conf"
    text = conf.read_text() if conf.exists() else ""
    if folder := _folder(text):
        _stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        _put_back()


def _folder(conf: str) -> Path | None:
    """Return the directory of a cluster of ours, from its configuration."""
    ours = re.search(rf"ClusterName={NAME}\n(?:.*\n)*StateSaveLocation=(/\S+)/state\n", conf)
    return Path(ours[1]) if ours else None


@contextmanager
def _configured(conf: str) -> Iterator[None]:
    """Put a configuration into /etc/slurm; put back what was there."""
    if ETC.exists():
        ETC.rename(ASIDE)
    try:
        ETC.mkdir()
        (ETC / "slurm.conf").write_text(conf)
        (ETC / "cgroup.conf").write_text("CgroupPlugin=disabled\n")
        yield
    finally:
        _put_back()


def _put_back() -> None:
    shutil.rmtree(ETC)
    if ASIDE.exists():
        ASIDE.rename(ETC)


def _start_munge(folder: Path) -> None:
    """Start a munged of our own, beside one that may run already."""
    key = folder / "munge.key"
    key.touch(0o600)
    key.write_bytes(os.urandom(128))
    files = {"socket": "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
    paths = [f"--{option}={folder}/munge.{end}" for option, end in files.items()]
    subprocess.run(["munged", f"--key-file={key}", *paths], check=True)


def _stop(folder: Path) -> None:
    """Cancel all jobs, wait for their ends, stop the daemons, the last one first."""
    subprocess.run(["scancel", "--me"], stderr=subprocess.DEVNULL)
    for _ in range(100):
        if not subprocess.run(["squeue", "-h"], capture_output=True).stdout:
            break
        time.sleep(0.1)
    for name, pid_file in (
        ("slurmd", "slurmd.pid"),
        ("slurmctld", "slurmctld.pid"),
        ("munged", "munge.pid"),
    ):
        if (folder / pid_file).exists():
            _end(int((folder / pid_file).read_text()), "comm", name)
    # Without control groups, a cancelled job may leave processes. A variable names their cluster.
    for process in Path("/proc").glob("[0-9]*"):
        _end(int(process.name), "environ", f"\0SLURM_CLUSTER_NAME={NAME}\0")


def _end(pid: int, file: str, mark: str) -> None:
    """End a process, as long as one of its files in /proc has the mark."""
    for number in [signal.SIGTERM] * 50 + [signal.SIGKILL] * 50:
        try:
            if mark not in Path(f"/proc/{pid}/{file}").read_text(errors="replace"):
                return
            os.kill(pid, number)
        except OSError:  # it has ended, or is not ours
            return
        time.sleep(0.1)
