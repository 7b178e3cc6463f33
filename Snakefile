"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.19")

# The library beside this file, not one installed. Its compiled form is not kept: when the disk is
# full, Python would keep half of it.
sys.path.insert(0, f"{workflow.basedir}/src")
sys.dont_write_bytecode = True

import backprop.workflow.plan

for file in workflow.overwrite_configfiles or ["config.yaml"]:
    backprop.workflow.plan.check_file(file)


configfile: "config.yaml"


report: f"{Path.cwd()}/results/summary.rst"


plan = backprop.workflow.plan.load(config, workflow.basedir)

if workflow.is_main_process:
    plan.set_aside_damaged()


wildcard_constraints:
    dataset=plan.dataset_pattern,


include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/compare.smk"
include: "workflow/rules/plots.smk"


rule all:
    default_target: True
    input:
        plan.results(),


onsuccess:
    plan.remove_outdated()


# On a cluster, only training is worth a job: all else takes seconds. Said once, here, for the rules
# that loops make have no names to write down, and every profile needs it.
workflow.localrules(
    *(r.name for r in workflow.rules if not r.name.startswith("train_"))
)
