"""Find the folder of this workflow and its packages; use the library in it, not an installed one.

Another repository may use the workflow as a module. Then `workflow.basedir` is its folder.
"""

import gc
import subprocess
import sys
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


src = Path(root, "src")
packages = src if src.exists() else Path(root).parent  # in a wheel
if src.exists():
    sys.path.insert(0, str(src))
writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True

import backprop

imported = Path(backprop.__file__).parent
if not imported.samefile(packages / "backprop"):
    sys.exit(
        f"error: the workflow in {root} needs the library beside it, but this run uses that in "
        f"{imported}; use one copy of the workflow in a Snakefile"
    )

from backprop.disk import lacking as lacking_space

try:
    # Write bytecode now at most: on a full disk, Python would leave half a file.
    sys.dont_write_bytecode = writes_none or bool(lacking_space(str(packages)))
    import backprop.workflow.snakemake_run.run
except ImportError as error:
    from backprop.errors import command_for, lacking

    if not (names := lacking()):
        sys.exit(
            f"error: {error}; use the versions of packages in {root}/pyproject.toml"
        )
    sys.exit(
        f"error: the Python that runs Snakemake has no {', '.join(names)}; install what the "
        f"workflow needs, by this line, or use `--sdm conda`:\n{command_for()}"
    )
sys.dont_write_bytecode = True
gc.freeze()  # what is imported stays: Python need not look through it again and again
