rule fetch:
    input:
        source,
    output:
        table=paths.DATA,
        columns=paths.COLUMNS,
        provenance=paths.DATA_PROVENANCE,
    log:
        paths.log("fetch"),
    localrule: True
    params:
        job=lambda wildcards: datasets.fetching(wildcards.dataset),
    message:
        "Fetch the data set {wildcards.dataset}"
    script:
        "../scripts/fetch.py"


rule split:
    input:
        data=[paths.DATA, paths.COLUMNS],
    output:
        paths.FOLDS,
    log:
        paths.log("split"),
    localrule: True
    params:
        job=job(
            "split",
            seed=plan.config.seed,
            duplicates=duplicates,
            folds=plan.config.validation.folds,
            repeats=plan.config.validation.repeats,
            **design.division.gap,
        ),
    message:
        f"Draw the folds of {{wildcards.dataset}} for {plan.config.validation.repeats} x "
        f"{plan.config.validation.folds}-fold cross-validation"
    script:
        "../scripts/split.py"


rule split_inner:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
    output:
        paths.INNER_FOLDS,
    log:
        paths.log("split_inner"),
    localrule: True
    params:
        job=job(
            "split_inner",
            seed=plan.config.seed,
            duplicates=duplicates,
            folds=design.division.inner_folds,
            splits=design.division.nested_splits,
            **design.division.gap,
        ),
    message:
        "Divide the training sets of {wildcards.dataset} for nested cross-validation"
    script:
        "../scripts/split_inner.py"


rule folds:
    input:
        expand(paths.FOLDS, dataset=plan.config.datasets),
    localrule: True
    message:
        "The folds are there"
