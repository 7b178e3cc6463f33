from backprop.config import costs_of
from backprop.files import digest
from backprop.report.contents import PARTS, with_nouns
from backprop.workflow.plan import paths
from backprop.workflow.plan.plan import of_datasets


# For `--sdm apptainer`: in the working directory, see docs/image.md.
container: "backprop-study.sif"


wildcard_constraints:
    dataset=plan.datasets.pattern,


design, datasets, outputs = plan.design, plan.datasets, plan.outputs
registry = design.registry

# `job("split", seed=...)` is what a job of the script split.py depends on except its input files: its
# code, and these values. A value that depends on the job is a function of its wildcards.
job = plan.dependencies.declare

# What a job depends on that handles models.
estimators = {"estimators": design.estimators} if design.estimators else {}

# What a job depends on that decides by costs, if the study has any.
by_costs = {"costs": costs} if (costs := costs_of(plan.config)) else {}


def duplicates(wildcards):
    """Return whether equal rows of a data set are in one fold: "keep" or "together"."""
    return plan.config.datasets[wildcards.dataset].duplicates


def named_groups(wildcards):
    """Return the groups of features that the config names."""
    return plan.config.datasets[wildcards.dataset].feature_groups


def settings(wildcards):
    """Return the values of the config that the figures of a data set are drawn from."""
    values = {
        "seed": plan.config.seed,
        "metric": plan.config.comparison.metric,
        "rope": plan.config.comparison.rope,
        "row": plan.config.datasets[wildcards.dataset].row,
        "duplicates": duplicates(wildcards),
        "feature_groups": named_groups(wildcards),
    }
    return {name: values[name] for name in outputs.settings_of_figures()}


# On a cluster only training is worth a job; everything else takes seconds: each rule that does not
# train has `localrule: True`.
#
# What a job asks a cluster for: twice as much at each further attempt.
def megabytes(wildcards, attempt, threads):
    return registry[wildcards.model].megabytes * threads * 2 ** (attempt - 1)


def minutes(wildcards, attempt):
    return registry[wildcards.model].minutes * 2 ** (attempt - 1)


def brought(find):
    """Return what `job` takes of a file that a user brings, or that the workflow has.

    It is no input: Snakemake would make a result again if its path was another, as in another clone.

    Parameters
    ----------
    find : callable
        Returns the file, from the wildcards of the job.
    """
    return {
        "files": lambda wildcards: [str(find(wildcards))],
        "content": lambda wildcards: [digest(find(wildcards))],
    }


def computes(wildcards):
    """Return the code and the versions that decide a fit, for its fingerprint."""
    return plan.computes(wildcards.model, wildcards.dataset)


def inner_folds(wildcards):
    """Return the file of the inner folds, in a list, if the model has inner fits."""
    return outputs.fit_files.inner_folds(wildcards.model, wildcards.dataset)


def declare_training(shapes=()):
    """Return what a job depends on that trains a model, or a network in some shapes."""
    return job(
        "train",
        lambda wildcards: registry[wildcards.model].trained_by,
        family=lambda wildcards: registry[wildcards.model].family.name,
        implementation=lambda wildcards: registry[wildcards.model].implementation,
        computes=computes,
        configurations=lambda wildcards: [
            [each.values() for each in own]
            for own in design.trained(wildcards.model, shapes)
        ],
        needs=lambda wildcards: design.needs(wildcards.model),
    )


def cores(wildcards, shapes=()):
    """Return how many cores a job has that trains, if Snakemake has as many."""
    data = datasets.data(wildcards.dataset)
    useful = design.useful_cores(data, wildcards.model, shapes)
    return min(useful, this_run.session.cores_of_job)


def number_of_fits(wildcards, shapes=()):
    """Return how many fits a job trains if it keeps none."""
    # Snakemake compares it with the number of the next start.
    data = datasets.unchanging(wildcards.dataset)
    return design.number_of_fits(data, wildcards.model, shapes)


# Snakemake calls this whenever it plans, for any target, as every result depends on the data. So it
# is the place to force the jobs whose results are stale without Snakemake knowing it.
def source(wildcards):
    this_run.while_planning()
    return datasets.made(wildcards.dataset) or []


def named_in(wildcards, find):
    """Return the table that the names of the rows are read from again, if they have any."""
    is_named = plan.config.datasets[wildcards.dataset].id is not None
    return find(wildcards.dataset) or [] if is_named else []


def item(file, name):
    """Return a page or a picture of a table or a figure, as an item of the report."""
    return report(
        file,
        caption=f"../report/{name}.rst",
        category=PARTS[name],
        labels=lambda wildcards: plan.items.labels(
            wildcards.dataset, file.format(**wildcards)
        ),
    )


def look(table, entry):
    """Return how a page shows a table."""
    return entry.look(table, plan.config.comparison.metric)


def headings(wildcards):
    """Return the figures of a data set: their names, how they are read, variants and headings."""
    row = plan.config.datasets[wildcards.dataset].row
    return [
        (
            name,
            with_nouns(figure.reads, row),
            [
                (variant, figure.heading(by, row))
                for variant, by in figure.pictures(plan.config).items()
            ],
        )
        for name, figure in outputs.figures().items()
    ]


def dataset_of(wildcards):
    """Return the data set of a landing page: without a wildcard, there is only one."""
    return getattr(wildcards, "dataset", next(iter(plan.config.datasets)))


def config_of(dataset):
    """Return the config without the other data sets, on which nothing depends."""
    return of_datasets(plan.shown_config, [dataset]).as_json()
