"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

from snakemake.utils import min_version

min_version("9.19")

if "root" not in globals():  # workflow/Snakefile has not found it

    include: "workflow/rules/library.smk"


from backprop.errors import one_message
from backprop.workflow import (
    closing,
    housekeeping,
    paths,
    start,
)
from backprop.workflow.snakemake_internals import REPLACES, Session, quote_python

quote_python()
session = Session(workflow)
start.check_folder(root)
start.check_space()

if (
    session.has_config
):  # which a module may be given; else it has files and values as any run
    sources = [(start.OF_MODULE, config)]
else:
    sources = start.read_sources(
        session.config_settings, root, is_module=session.is_module
    )

    envvars:
        REPLACES,


plan = start.make_plan(
    sources,
    root,
    session.on_disk(),
    is_job=not session.is_main,
    made=session.made if session.is_module else None,
    added=added,
)
config = start.with_hidden_sources(plan)
watch = housekeeping.Watch(plan, session) if session.is_main else None


# For `--sdm apptainer`: in the working directory, see docs/image.md.
container: "backprop-study.sif"


wildcard_constraints:
    dataset=plan.datasets.pattern,


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
include: f"{root}/workflow/rules/chosen.smk"
include: f"{root}/workflow/rules/report.smk"


rule folds:
    input:
        expand(paths.FOLDS, dataset=plan.config.datasets),
    localrule: True
    message:
        "The folds are there"


if session.is_main:
    if not session.is_module:  # whose run has other jobs, too
        start.name_sources(sources, plan)
        start.name_doubts(plan)


end = closing.Closing(session, plan.outputs.on_disk)


onstart:
    session.expect_jobs()


onsuccess:
    with one_message():
        watch.refuse_others()
        housekeeping.remove_outdated(plan)
        end.note_run(sources, plan.config.datasets)
        end.announce()
        end.refuse_differing()
