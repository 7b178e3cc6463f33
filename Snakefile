"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.19")

sys.path.insert(
    0, f"{workflow.basedir}/src"
)  # the library beside this file, not one installed

import backprop.plan

backprop.plan.check_file("config.yaml")


configfile: "config.yaml"


report: f"{Path.cwd()}/results/summary.rst"


plan = backprop.plan.load(config, workflow.basedir)

if workflow.is_main_process:
    plan.set_aside_damaged()


wildcard_constraints:
    dataset=plan.dataset_pattern,


include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/compare.smk"


rule all:
    default_target: True
    input:
        plan.results(),


onsuccess:
    plan.remove_outdated()
