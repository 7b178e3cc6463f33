"""A copy of the project whose set-up takes seconds: it links the packages that are here."""

import base64
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import warm
from project import ROOT, Project

PACKAGES = Path(sysconfig.get_path("purelib"))


class StandIn(Project):
    """A project with a Makefile and locks of one or two small wheels, which are in `wheels`.

    A wheel makes packages importable that are installed already: one those of TensorFlow, one
    openpyxl, and one all others. A run is whole, but the report has one figure.
    """

    def __init__(self, folder: Path, wheels: Path, config: dict[str, Any] | None = None) -> None:
        super().__init__(folder, config)
        self.python = ".venv/bin/python"
        self.wheels = wheels
        if config is not None:
            for name in ("Makefile", "backprop"):
                shutil.copy2(ROOT / name, folder)
            self.keep_figures("decision_boundaries")
            for name in ("config", "requirements"):
                shutil.copytree(ROOT / name, folder / name)
            base = lock(wheels, "linked")
            for name in ("run", "cluster", "storage"):
                self.write(f"requirements/{name}.txt", base)
            for name in ("tensorflow", "excel"):
                self.write(f"requirements/{name}.txt", base + lock(wheels, f"linked-{name}"))

    def environment(self) -> dict[str, str]:
        """Return the variables: no index, only the wheels."""
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.wheels.as_uri()}
        clean = {k: v for k, v in super().environment().items() if not k.startswith("PIP")}
        return {**clean, "PIP_CONFIG_FILE": os.devnull, **pip, **self.variables}

    def make(self, *arguments: str, succeeds: bool = True, **more: Any) -> str:
        """Run make to its end, and return what it printed."""
        return self.printed(["make", f"PYTHON={sys.executable}", *arguments], succeeds, **more)

    def backprop(self, *words: str, succeeds: bool = True) -> str:
        """Run the command of the project to its end, and return what it printed."""
        self.variables["PYTHON"] = sys.executable
        return self.printed(["./backprop", *words], succeeds)

    def shell(self, commands: str) -> str:
        """Run commands in a shell, and return what they printed."""
        return self.printed(["bash", "-ec", commands])

    def printed(self, command: list[str], succeeds: bool = True, **more: Any) -> str:
        """Run a command to its end, and return what it printed."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **more}
        process = subprocess.run(
            command, cwd=self.folder, env=self.environment(), text=True, check=False, **pipes
        )
        assert (process.returncode == 0) == succeeds, process.stdout
        return process.stdout

    def warm_up(self) -> None:
        """Let the Python of the environment be a fork of a warm one, see `warm`, but for pip."""
        python = self.folder / self.python
        cold = python.rename(python.with_name("cold-python"))
        client = warm.server().python
        python.write_text(
            f'#!/bin/sh\ncase "$*" in *pip*) exec {shlex.quote(str(cold))} "$@";; esac\n'
            f"export PYTHONPATH={shlex.quote(str(self.folder / 'src'))}\n"  # as the .pth file says
            f'exec {shlex.quote(client)} "$@"\n'
        )
        python.chmod(0o755)

    def cool_down(self) -> None:
        """Let the Python of the environment be its own again."""
        python = self.folder / self.python
        python.with_name("cold-python").replace(python)


def lock(wheels: Path, name: str) -> str:
    """Return the line of a lock."""
    (file,) = wheels.glob(f"{name.replace('-', '_')}-1.0-*.whl")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def make_wheels(folder: Path) -> Path:
    """Write the wheels, and return the folder with them."""
    packages = {"linked_tensorflow": "tensorflow", "linked_excel": "openpyxl"}
    links = {name: folder / name for name in ("linked", *packages)}
    wheels = folder / "wheels"
    for path in (*links.values(), wheels):
        path.mkdir()
    for package in PACKAGES.iterdir():
        own = [name for name, start in packages.items() if package.name.startswith(start)]
        name = own[0] if own else "linked"
        (links[name] / package.name).symlink_to(package)
    for name, path in links.items():
        programs = "[console_scripts]\nsnakemake = snakemake.cli:main\n" if name == "linked" else ""
        write_wheel(wheels, name, path, programs)
    return wheels


def write_wheel(wheels: Path, name: str, path: Path, programs: str) -> None:
    """Write a wheel that makes the packages in a folder importable."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.pth": f"{path}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": programs,
    }
    record = ""
    for file, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
        record += f"{file},sha256={digest.rstrip('=')},{len(text)}\n"
    with zipfile.ZipFile(wheels / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for file, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            wheel.writestr(file, text)
