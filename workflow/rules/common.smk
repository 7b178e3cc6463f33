from backprop.models.registry import MODELS
from backprop.report.contents import FIGURES, TABLES


# What a job asks a cluster for: twice as much at each further attempt. Twins are those of scratch.
def megabytes(wildcards, attempt):
    model = getattr(wildcards, "model", "scratch")
    return MODELS[model].megabytes * 2 ** (attempt - 1)


def minutes(wildcards, attempt):
    model = getattr(wildcards, "model", "scratch")
    return MODELS[model].minutes * 2 ** (attempt - 1)


def inner_folds(wildcards):
    """Return the file of the inner folds in a list, if the model has inner fits."""
    return plan.inner_folds(wildcards.model, wildcards.dataset)


# Snakemake calls this whenever it plans, for any target, as every result depends on the data. So it
# is the place to force the jobs whose results are stale without Snakemake knowing it.
def source(wildcards):
    if watch:
        watch.while_planning()
    return plan.source(wildcards.dataset)


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

        rows = plural(plan.row(wildcards.dataset))
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


def drawing(figure):
    """Return the parameter of the rule that draws a figure."""
    return lambda wildcards: plan.drawing(figure, wildcards.dataset)


def writing(tables):
    """Return the parameter of the rule that writes some tables."""
    return lambda wildcards: plan.writing(tables, wildcards.dataset)
