rule fetch:
    input:
        # Their content is among the parameters, so their times do not matter.
        ancient(source),
    output:
        table=paths.DATA,
        columns=paths.COLUMNS,
        provenance=paths.DATA_PROVENANCE,
    log:
        paths.log("fetch"),
    params:
        job=lambda wildcards: plan.fetching(wildcards.dataset),
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
    params:
        job=lambda wildcards: plan.splitting(wildcards.dataset),
    message:
        "Draw the folds of {wildcards.dataset} for {config[validation][repeats]} x "
        "{config[validation][folds]}-fold cross-validation"
    script:
        "../scripts/split.py"
