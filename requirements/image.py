"""Build the image of the Containerfile by buildah, podman or docker: `make image`.

What pip needs to reach its index from here is a secret of the build: no image keeps it. Arguments
of the build, such as ``SETUP=run``, are arguments here; without a value, they have that in the
Containerfile.
"""

import ast
import os
import shutil
import subprocess
import sys

PROGRAMS = ("buildah", "podman", "docker")
NEEDED = ("index-url", "extra-index-url", "trusted-host", "proxy", "cert")
PLACES = ("global", "install", ":env:")  # the later has the last word
THERE = "/run/secrets/certificates"  # see Containerfile


def pip_settings() -> dict[str, str]:
    """Return the settings of pip that an image needs."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    environment = {**os.environ, "PIP_QUIET": "0"}  # else the settings may let it print nothing
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    settings: dict[str, str] = {}
    for place in PLACES:
        for line in run.stdout.splitlines():
            name, _, value = line.partition("=")
            if name.rpartition(".")[0] == place and name.rpartition(".")[2] in NEEDED:
                settings[name.rpartition(".")[2]] = ast.literal_eval(value)
    return settings


def main(arguments: list[str]) -> None:
    """Build the image, and end with the exit code of the build."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        sys.exit("error: found no podman, buildah or docker; install one of them")
    settings = pip_settings()
    options = ["--secret", "id=pip.conf,env=PIP_CONF"]
    if "cert" in settings:
        options += ["--secret", f"id=certificates,src={settings['cert']}"]
        settings["cert"] = THERE
    for argument in arguments:
        options += ["--build-arg", argument] if argument.partition("=")[2] else []
    lines = [f"{key} = " + value.replace("\n", "\n    ") for key, value in settings.items()]
    environment = {**os.environ, "PIP_CONF": "\n".join(["[global]", *lines, ""])}
    command = [program, "build", "--file", "Containerfile", "--tag", "backprop-study", *options]
    sys.exit(subprocess.run([*command, "."], env=environment, check=False).returncode)


main(sys.argv[1:])
