"""Print what pip needs to reach its index from here, as the settings of a pip in an image.

With the argument ``certificates``, only print the file of certificates that it needs, if any.
"""

import ast
import os
import subprocess
import sys

NEEDED = ("index-url", "extra-index-url", "trusted-host", "proxy", "cert")
PLACES = ("global", "install", ":env:")  # the later has the last word
THERE = "/run/secrets/certificates"  # see Containerfile

command = [sys.executable, "-m", "pip", "config", "list"]
environment = {**os.environ, "PIP_QUIET": "0"}  # else the settings may let it print nothing
run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
settings: dict[str, str] = {}
for place in PLACES:
    for line in run.stdout.splitlines():
        name, _, value = line.partition("=")
        if name.rpartition(".")[0] == place and name.rpartition(".")[2] in NEEDED:
            settings[name.rpartition(".")[2]] = ast.literal_eval(value)

if sys.argv[1:] == ["certificates"]:
    print(settings.get("cert", ""))
else:
    settings |= {"cert": THERE} if "cert" in settings else {}
    print("[global]")
    for key, value in settings.items():
        print(f"{key} =", value.replace("\n", "\n    "))  # several values are lines
