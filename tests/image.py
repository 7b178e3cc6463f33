"""Build the image, run the small workflow in it and here, and compare the tables to the byte.

The image begins with a Debian that is made here. Its Python must have the minor version of the one
that runs this: for others the lock has another SciPy, and last digits differ.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests/runs")]

from project import differing  # noqa: E402
from rerun_cases import WITH_KNN  # noqa: E402

CONFIG = WITH_KNN | {"models": ["logistic", "softmax", "scratch", "knn"]}
SECRET = "secret.example.org"  # a name among the settings of pip, which changes nothing
CALLER = 1234  # a user whom the image does not know
DEBIAN = """
. /etc/os-release
container=$(buildah from scratch)
mmdebstrap --quiet --variant=apt --include=make,python3-venv \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$VERSION_CODENAME" "$(buildah mount "$container")"
buildah commit --quiet --rm "$container" localhost/debian
"""


def use_store(folder: Path) -> None:
    """Let buildah keep everything in a folder, and need no right that root lacks in a container."""
    limits = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    values = ["{}={}:{}".format(name, *resource.getrlimit(limits[name])) for name in limits]
    files = {
        "CONTAINERS_STORAGE_CONF": f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/images"\n'
        f'runroot = "{folder}/state"\n',
        "CONTAINERS_CONF": f"[containers]\ndefault_ulimits = {json.dumps(values)}\n",
    }
    for variable, text in files.items():
        (folder / variable).write_text(text)
        os.environ[variable] = str(folder / variable)
    os.environ["BUILDAH_ISOLATION"] = "chroot"


def call(*command: object, folder: Path = ROOT) -> None:
    """Run a command; end this process if it fails."""
    subprocess.run(list(map(str, command)), cwd=folder, check=True)


def answer(*command: str) -> str:
    """Return what a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def run_in_image(folder: Path) -> None:
    """Run the workflow in the image, as the user who owns a folder, with the results in it."""
    os.chown(folder, CALLER, CALLER)
    container = answer("buildah", "from", "backprop-study")
    started = json.loads(answer("buildah", "inspect", container))["OCIv1"]["config"]
    assert started["User"] == "1000:1000", started["User"]
    blas = [f"--env={name}={os.environ[name]}" for name in os.environ if "BLAS" in name]
    run = ["buildah", "run", *blas, f"--user={CALLER}:{CALLER}", f"--volume={folder}:/study"]
    version = "import platform; print(*platform.python_version_tuple()[:2], sep='.')"
    there = answer(*run, container, "--", "python", "-c", version)
    if there != (here := "{}.{}".format(*sys.version_info)):
        sys.exit(
            f"error: the image has Python {there}, and this is {here}; use OTHER=python{there}"
        )
    call(*run, container, "--", *started["Entrypoint"], "run", "/study/small.yaml")
    searched = subprocess.run(["grep", "-rqF", SECRET, answer("buildah", "mount", container)])
    assert searched.returncode == 1, "a file of the image has a setting of pip"
    assert SECRET not in answer("buildah", "inspect", container)


def run_here(folder: Path) -> None:
    """Make the tables in this environment, with the results in a folder."""
    snakemake = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile"]
    options = ["--configfile", "small.yaml", "--replace-workflow-config", "--quiet", "all"]
    call(*snakemake, "results/ex4/provenance.html", *options, folder=folder)


def tables(folder: Path) -> dict[str, bytes]:
    """Return the tables but the timings, and what they are made from."""
    files = [
        file
        for part in ("data", "statistics", "tables")
        for file in folder.glob(f"results/ex4/{part}/*")
    ]
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in files
        if "timing" not in file.name
    }


def main() -> None:
    """Build the image, and compare it with this environment."""
    with tempfile.TemporaryDirectory() as name:
        use_store(Path(name))
        hosts = f"{os.environ.get('PIP_TRUSTED_HOST', '')} {SECRET}".strip()
        os.environ["PIP_TRUSTED_HOST"] = hosts
        call("sh", "-e", "-c", DEBIAN)
        venv = Path(sys.prefix).relative_to(ROOT)
        call("make", "image", f"VENV={venv}", "BASE=localhost/debian", "SETUP=run")
        size = answer("buildah", "images", "--format={{.Size}}", "backprop-study")
        there, here = Path(name, "there"), Path(name, "here")
        for folder, run in {there: run_in_image, here: run_here}.items():
            folder.mkdir()
            (folder / "small.yaml").write_text(yaml.safe_dump(CONFIG))
            run(folder)
        assert (there / "results/report.html").exists()
        owners = {file.stat().st_uid for file in (there / "results").rglob("*")}
        assert owners == {CALLER}, owners
        of_image, of_environment = tables(there), tables(here)
    assert of_environment, "no tables"
    if faults := differing(of_image, of_environment):
        sys.exit("\n".join(["these differ between the image and the environment:", *faults]))
    print(f"{len(of_image)} files of the image ({size}) are equal to those of the environment")


if __name__ == "__main__":
    main()
