"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

import os
import re
import sys

from snakemake.utils import min_version

min_version("9.19")

# The library beside this file, here and in the scripts: its code is what the jobs depend on.
sys.path.insert(0, f"{workflow.basedir}/src")
os.environ["PYTHONPATH"] = f"{workflow.basedir}/src"

import backprop.plan


configfile: "config.yaml"


plan = backprop.plan.load(config, workflow.basedir)


wildcard_constraints:
    dataset="|".join(map(re.escape, config["datasets"])),


include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"


rule all:
    default_target: True
    input:
        plan.results(),
