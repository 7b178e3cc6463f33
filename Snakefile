"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

from snakemake.utils import min_version

min_version("9.19")

if "root" not in globals():  # workflow/Snakefile has not found it

    include: "workflow/rules/library.smk"


from backprop.workflow.snakemake_run.run import Run

this_run = Run(workflow, config, root, added)
plan, config = this_run.plan, this_run.config


# The first rule is what Snakemake makes if no target is named.
rule all:
    input:
        plan.outputs.results(),
    localrule: True
    message:
        "All results are there"


# From the folder, as scripts and captions are beside these files: a git address has no folder.
include: f"{root}/workflow/rules/common.smk"
include: f"{root}/workflow/rules/data.smk"
include: f"{root}/workflow/rules/train.smk"
include: f"{root}/workflow/rules/compare.smk"
include: f"{root}/workflow/rules/learning.smk"
include: f"{root}/workflow/rules/importance.smk"
include: f"{root}/workflow/rules/chosen.smk"
include: f"{root}/workflow/rules/report.smk"
include: f"{root}/workflow/rules/start_and_end.smk"
