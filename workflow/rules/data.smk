rule fetch:
    input:
        code=plan.code("fetch"),
        source=lambda wildcards: plan.source(wildcards.dataset),
    output:
        table="results/{dataset}/data/dataset.csv",
        provenance="results/{dataset}/data/provenance.json",
    log:
        "results/{dataset}/logs/fetch.log",
    params:
        job=lambda wildcards: plan.fetching(wildcards.dataset),
    message:
        "Obtain the data set {wildcards.dataset}"
    script:
        "../scripts/fetch.py"


rule split:
    input:
        code=plan.code("split"),
        data="results/{dataset}/data/dataset.csv",
    output:
        "results/{dataset}/data/folds.csv",
    log:
        "results/{dataset}/logs/split.log",
    params:
        job=plan.job("split", seed=config["seed"], **config["validation"]),
    message:
        "Split {wildcards.dataset} for {config[validation][repeats]} x "
        "{config[validation][folds]}-fold cross-validation"
    script:
        "../scripts/split.py"
