from functools import partial

from backprop.models.registry import MODELS, predicted_by
from backprop.report.contents import FIGURES, TABLES
from backprop.workflow.declaration import declare

design, datasets, outputs = plan.design, plan.datasets, plan.outputs

# `job("split", seed=...)` is what a job of the script split.py depends on except its input files: its
# code, and these values. A value that depends on the job is a function of its wildcards.
job = partial(declare, plan.dependencies)

# What a job depends on that handles models.
estimators = {"estimators": design.estimators} if design.estimators else {}


def duplicates(wildcards):
    """Return whether equal rows of a data set are in one fold: "keep" or "together"."""
    return config["datasets"][wildcards.dataset]["duplicates"]


def settings(figure, dataset):
    """Return the values of the config that a figure of a data set is drawn from."""
    values = {
        "seed": config["seed"],
        "metric": config["comparison"]["metric"],
        "rope": config["comparison"]["rope"],
        "row": config["datasets"][dataset]["row"],
    }
    return {need: values[need] for need in FIGURES[figure].needs if need in values}


# What a job asks a cluster for: twice as much at each further attempt. Twins are those of scratch.
def megabytes(wildcards, attempt):
    model = getattr(wildcards, "model", "scratch")
    return MODELS[model].megabytes * 2 ** (attempt - 1)


def minutes(wildcards, attempt):
    model = getattr(wildcards, "model", "scratch")
    return MODELS[model].minutes * 2 ** (attempt - 1)


def inner_folds(wildcards):
    """Return the file of the inner folds in a list, if the model has inner fits."""
    return outputs.inner_folds(wildcards.model, wildcards.dataset)


def all_fits(wildcards):
    """Return the files of the fits of all models."""
    return outputs.fits(wildcards.dataset)


def fits_of_implementations(wildcards):
    """Return the files of the fits of all implementations of the network."""
    return outputs.fits_of_implementations(wildcards.dataset)


# Snakemake calls this whenever it plans, for any target, as every result depends on the data. So it
# is the place to force the jobs whose results are stale without Snakemake knowing it.
def source(wildcards):
    if watch:
        watch.while_planning()
    return datasets.source(wildcards.dataset)


def page(name):
    """Return the page of a table, as an item of the report."""
    return report(
        paths.page(name),
        caption=f"../report/{name}.rst",
        category=TABLES[name].category,
        labels={"data": "{dataset}", "table or figure": TABLES[name].title},
    )


def picture(name, variant, by):
    """Return a picture of a figure, as an item of the report.

    `by` is what readers call this picture; "" if the figure has only one.
    """

    def labels(wildcards):
        from backprop.report.wording.names import plural

        rows = plural(config["datasets"][wildcards.dataset]["row"])
        title = FIGURES[name].title.format(rows=rows)
        return {
            "data": "{dataset}",
            "table or figure": title,
            **({"by": by} if by else {}),
        }

    return report(
        paths.plot(name, variant),
        caption=f"../report/{name}.rst",
        category=FIGURES[name].category,
        labels=labels,
    )
