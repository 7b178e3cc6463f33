rule train_scratch:
    input:
        code=plan.code("train_scratch"),
        data="results/{dataset}/data/dataset.csv",
        folds="results/{dataset}/data/folds.csv",
    output:
        update("results/{dataset}/fits/scratch/{shape}.parquet"),
    log:
        "results/{dataset}/logs/train_scratch/{shape}.log",
    benchmark:
        "results/{dataset}/benchmarks/train_scratch/{shape}.tsv"
    params:
        job=lambda wildcards: plan.training("scratch", wildcards.shape),
        fits=lambda wildcards: plan.count(wildcards.shape),
    message:
        "Train scratch {wildcards.shape} on {wildcards.dataset}: {params.fits}"
    script:
        "../scripts/train_scratch.py"


rule train_tensorflow:
    input:
        code=plan.code("train_tensorflow"),
        data="results/{dataset}/data/dataset.csv",
        folds="results/{dataset}/data/folds.csv",
    output:
        update("results/{dataset}/fits/tensorflow/{shape}.parquet"),
    log:
        "results/{dataset}/logs/train_tensorflow/{shape}.log",
    benchmark:
        "results/{dataset}/benchmarks/train_tensorflow/{shape}.tsv"
    params:
        job=lambda wildcards: plan.training("tensorflow", wildcards.shape),
        fits=lambda wildcards: plan.count(wildcards.shape),
    message:
        "Train tensorflow {wildcards.shape} on {wildcards.dataset}: {params.fits}"
    script:
        "../scripts/train_tensorflow.py"


rule train_logistic:
    input:
        code=plan.code("train_logistic"),
        data="results/{dataset}/data/dataset.csv",
        folds="results/{dataset}/data/folds.csv",
    output:
        update("results/{dataset}/fits/logistic.parquet"),
    log:
        "results/{dataset}/logs/train_logistic.log",
    benchmark:
        "results/{dataset}/benchmarks/train_logistic.tsv"
    params:
        job=plan.job("train_logistic"),
        fits=plan.count(),
    message:
        "Fit logistic regression to {wildcards.dataset}: {params.fits}"
    script:
        "../scripts/train_logistic.py"


rule train_softmax:
    input:
        code=plan.code("train_softmax"),
        data="results/{dataset}/data/dataset.csv",
        folds="results/{dataset}/data/folds.csv",
    output:
        update("results/{dataset}/fits/softmax.parquet"),
    log:
        "results/{dataset}/logs/train_softmax.log",
    benchmark:
        "results/{dataset}/benchmarks/train_softmax.tsv"
    params:
        job=plan.job("train_softmax"),
        fits=plan.count(),
    message:
        "Fit softmax regression to {wildcards.dataset}: {params.fits}"
    script:
        "../scripts/train_softmax.py"


rule train_plain:
    input:
        code=plan.code("train_plain"),
        data="results/{dataset}/data/dataset.csv",
        folds="results/{dataset}/data/folds.csv",
    output:
        update("results/{dataset}/fits/plain.parquet"),
    log:
        "results/{dataset}/logs/train_plain.log",
    benchmark:
        "results/{dataset}/benchmarks/train_plain.tsv"
    params:
        job=plan.plain_training(),
    message:
        "Train every configuration in a plain loop on the first split of {wildcards.dataset}"
    script:
        "../scripts/train_plain.py"
