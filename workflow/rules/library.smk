"""Find the folder of this workflow and its packages; use the library in it, not an installed one.

Another repository may use the workflow as a module. Then `workflow.basedir` is its folder.
"""

import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory


def unpack(base):
    """Return a folder with all files of the commit that a module comes from."""
    repository = getattr(base, "repo_path", None) or base.hosted_repo.repo_clone

    def run(*command, **options):
        try:
            ended = subprocess.run(command, capture_output=True, **options)
        except OSError as error:  # the program is missing
            sys.exit(f"error: could not unpack the workflow of {base}: {error}")
        if ended.returncode:
            said = ended.stderr.decode(errors="replace").strip()
            sys.exit(f"error: could not unpack the workflow of {base}: {said}")
        return ended.stdout

    git = ("git", "-C", str(repository))
    commit = (
        run(*git, "rev-parse", "--verify", f"{base.ref}^{{commit}}").decode().strip()
    )
    folder = Path(".snakemake/backprop/commits", commit).absolute()
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as part:
            files = Path(part, "files")
            files.mkdir()
            run("tar", "-x", "-C", files, input=run(*git, "archive", commit))
            try:
                files.rename(folder)
            except OSError:
                if not folder.exists():  # else another run was faster
                    raise
    return folder


base = workflow.current_basedir.join("../..")
root = str(unpack(base) if hasattr(base, "ref") else Path(str(base)).resolve())

known = set(sys.path)


# With `--sdm conda`, Snakemake makes this environment, and adds its packages to its own.
conda: f"{root}/workflow/envs/backprop.yaml"


added = [folder for folder in sys.path if folder not in known]
sys.path[:] = added + [folder for folder in sys.path if folder in known]


def missing():
    """Return which packages that this workflow needs are not installed."""
    import tomllib

    project = tomllib.loads(Path(root, "pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"]
    needed += project["project"]["optional-dependencies"]["workflow"]
    installed = {
        str(each.name).lower().replace("_", "-") for each in metadata.distributions()
    }
    names = [requirement.partition(">")[0] for requirement in needed]
    return [name for name in names if name not in installed]


# Write no bytecode: on a full disk, Python would leave half a file.
sys.path.insert(0, f"{root}/src")
sys.dont_write_bytecode = True

import backprop

imported = Path(backprop.__file__).parent
if not imported.samefile(f"{root}/src/backprop"):
    sys.exit(
        f"error: the workflow in {root} needs the library beside it, but this run uses that in "
        f"{imported}; use one copy of the workflow in a Snakefile"
    )

try:
    import backprop.workflow.snakemake_run.snakemake_internals
    import backprop.workflow.snakemake_run.start
except ImportError as error:
    if not (lacking := missing()):
        sys.exit(
            f"error: {error}; use the versions of packages in {root}/requirements/run.txt"
        )
    command = f"{shlex.quote(sys.executable)} -m pip install {shlex.quote(f'{root}[workflow]')}"
    sys.exit(
        f"error: the Python that runs Snakemake has no {', '.join(lacking)}; install what the "
        f"workflow needs, by this line, or use `--sdm conda`:\n{command}"
    )
