"""Find the folder of this workflow, and use the library in it, not an installed one.

Another repository may use the workflow as a module. Then `workflow.basedir` is its folder.
"""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory


def unpack(base):
    """Return a folder with all files of the commit that a module comes from."""
    repository = getattr(base, "repo_path", None) or base.hosted_repo.repo_clone

    def git(*arguments):
        command = ["git", "-C", str(repository), *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout

    commit = git("rev-parse", f"{base.ref}^{{commit}}").decode().strip()
    folder = Path(".snakemake/backprop/commits", commit).absolute()
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as part:
            archive = io.BytesIO(git("archive", "--format=zip", commit))
            zipfile.ZipFile(archive).extractall(f"{part}/all")
            Path(part, "all").rename(folder)
    return folder


base = workflow.current_basedir.join("../..")
root = str(unpack(base) if "://" in str(base) else Path(str(base)).resolve())

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
