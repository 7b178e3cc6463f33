from backprop.models.registry import MODELS, is_network


rule train_network:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        inner=inner_folds,
    output:
        update(paths.NETWORK_FITS),
    log:
        paths.log("train_network/{model}/{shape}"),
    benchmark:
        paths.benchmark("train_network/{model}/{shape}")
    wildcard_constraints:
        model="|".join(filter(is_network, MODELS)),
    resources:
        mem_mb=megabytes,
        runtime=minutes,
    params:
        job=lambda wildcards: plan.training(wildcards.model, wildcards.shape),
        fits=lambda wildcards: plan.number_of_fits(
            wildcards.dataset, wildcards.model, wildcards.shape
        ),
    message:
        "Train {wildcards.model} {wildcards.shape} on {wildcards.dataset}: {params.fits} fits"
    script:
        "../scripts/train_network.py"


rule train_twins:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        fits=lambda wildcards: plan.fits_of_implementations(wildcards.dataset),
    output:
        paths.statistics("twins"),
    log:
        paths.log("train_twins"),
    benchmark:
        paths.benchmark("train_twins")
    resources:
        mem_mb=megabytes,
        runtime=minutes,
    params:
        job=lambda wildcards: plan.training_twins(),
    message:
        "Train twins of scratch on {wildcards.dataset}, of fits from which another differs"
    script:
        "../scripts/train_twins.py"


rule train_baseline:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        inner=inner_folds,
    output:
        update(paths.BASELINE_FITS),
    log:
        paths.log("train_baseline/{model}"),
    benchmark:
        paths.benchmark("train_baseline/{model}")
    wildcard_constraints:
        model="|".join(name for name in MODELS if MODELS[name].family == "baseline"),
    resources:
        mem_mb=megabytes,
        runtime=minutes,
    params:
        job=lambda wildcards: plan.fitting(wildcards.model),
        fits=lambda wildcards: plan.number_of_fits(wildcards.dataset, wildcards.model),
    message:
        "Train {wildcards.model} on {wildcards.dataset}: {params.fits} fits"
    script:
        "../scripts/train_baseline.py"


if "error_rates" in plan.written_together()["write_tables"]:

    rule train_simulated:
        input:
            data=[paths.DATA, paths.COLUMNS],
        output:
            paths.statistics("error_rates"),
        log:
            paths.log("train_simulated"),
        benchmark:
            paths.benchmark("train_simulated")
        priority: 1  # it takes longest, so it begins early
        resources:
            mem_mb=lambda wildcards, attempt: 2000 * 2 ** (attempt - 1),
            runtime=lambda wildcards, attempt: 30 * 2 ** (attempt - 1),
        params:
            job=lambda wildcards: plan.simulating(),
        message:
            "Measure the error rates of the verdicts on {wildcards.dataset}"
        script:
            "../scripts/train_simulated.py"


if estimators := [name for name in MODELS if MODELS[name].family == "estimator"]:

    rule train_estimator:
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
            inner=inner_folds,
        output:
            update(paths.BASELINE_FITS),
        log:
            paths.log("train_estimator/{model}"),
        benchmark:
            paths.benchmark("train_estimator/{model}")
        wildcard_constraints:
            model="|".join(estimators),
        resources:
            mem_mb=megabytes,
            runtime=minutes,
        params:
            job=lambda wildcards: plan.fitting_estimator(wildcards.model),
            fits=lambda wildcards: plan.number_of_fits(
                wildcards.dataset, wildcards.model
            ),
        message:
            "Train {wildcards.model} on {wildcards.dataset}: {params.fits} fits"
        script:
            "../scripts/train_estimator.py"
