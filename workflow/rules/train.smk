from backprop.models.registry import MODELS, is_network


# What a job asks a cluster for: twice as much at each further attempt.
def megabytes(wildcards, attempt):
    return MODELS[wildcards.model].megabytes * 2 ** (attempt - 1)


def minutes(wildcards, attempt):
    return MODELS[wildcards.model].minutes * 2 ** (attempt - 1)


rule train_network:
    input:
        data=paths.DATA,
        folds=paths.FOLDS,
    output:
        update(paths.NETWORK_FITS),
    wildcard_constraints:
        model="|".join(filter(is_network, MODELS)),
    log:
        paths.log("train_network/{model}/{shape}"),
    benchmark:
        paths.benchmark("train_network/{model}/{shape}")
    params:
        job=lambda wildcards: plan.training(wildcards.model, wildcards.shape),
        fits=lambda wildcards: plan.number_of_fits(wildcards.model, wildcards.shape),
    resources:
        mem_mb=megabytes,
        runtime=minutes,
    message:
        "Train {wildcards.model} {wildcards.shape} on {wildcards.dataset}: {params.fits} fits"
    script:
        "../scripts/train_network.py"


rule train_baseline:
    input:
        data=paths.DATA,
        folds=paths.FOLDS,
    output:
        update(paths.BASELINE_FITS),
    wildcard_constraints:
        model="|".join(name for name in MODELS if not is_network(name)),
    log:
        paths.log("train_baseline/{model}"),
    benchmark:
        paths.benchmark("train_baseline/{model}")
    params:
        job=lambda wildcards: plan.fitting(wildcards.model),
        fits=lambda wildcards: plan.number_of_fits(wildcards.model),
    resources:
        mem_mb=megabytes,
        runtime=minutes,
    message:
        "Train {wildcards.model} on {wildcards.dataset}: {params.fits} fits"
    script:
        "../scripts/train_baseline.py"
