"""Put the workflow into the wheel, beside the library; all else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FILES = ("Snakefile", "config.yaml", "pyproject.toml")
FOLDERS = ("config", "profiles", "resources", "workflow")


class BuildWithWorkflow(build_py):
    """Copies the files of the workflow, which is used where it is in an editable installation."""

    def run(self) -> None:
        """Build as always, then copy."""
        super().run()
        if self.editable_mode:
            return
        folder = Path(self.build_lib, "backprop_study")
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copy2(name, folder)
        unwanted = shutil.ignore_patterns("__pycache__", "*.py[cod]")
        for name in FOLDERS:
            shutil.copytree(name, folder / name, dirs_exist_ok=True, ignore=unwanted)


setup(cmdclass={"build_py": BuildWithWorkflow})
