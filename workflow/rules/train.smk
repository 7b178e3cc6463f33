from backprop.models.registry import BASELINE, MODELS, is_network


def number_of_fits(wildcards):
    """Return how many fits a job trains if it keeps none."""
    data = datasets.data(wildcards.dataset)
    shape = getattr(wildcards, "shape", None)
    return design.number_of_fits(data, wildcards.model, shape)


# In each of these jobs, `computes` is the code and the versions that decide a fit, for its fingerprint.
def computes(*modules):
    return lambda wildcards: plan.dependencies.of_modules(*modules, module(wildcards))


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
        job=job(
            "train_network",
            module,
            module=module,
            computes=computes("backprop.models.networks"),
            configurations=lambda wildcards: design.shape(
                wildcards.model, wildcards.shape
            ),
            # A check of the other networks is trained on one split only.
            splits=lambda wildcards: None if MODELS[wildcards.model].compared else 1,
            seed=config["seed"],
            training=design.training,
        ),
        fits=number_of_fits,
    message:
        "Train {wildcards.model} {wildcards.shape} on {wildcards.dataset}: {params.fits} fits"
    script:
        "../scripts/train_network.py"


rule train_twins:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        fits=fits_of_implementations,
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
        job=job("train_twins", seed=config["seed"], training=design.training),
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
        job=job(
            "train_baseline",
            module,
            module=module,
            computes=computes("backprop.models.baselines"),
            configurations=lambda wildcards: design.plain_candidates[wildcards.model],
        ),
        fits=number_of_fits,
    message:
        "Train {wildcards.model} on {wildcards.dataset}: {params.fits} fits"
    script:
        "../scripts/train_baseline.py"


if "error_rates" in outputs.written_together()["write_tables"]:

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
            job=job(
                "train_simulated",
                MODELS[BASELINE].module,
                candidates=design.simulated,
                folds=config["validation"]["folds"],
                repeats=config["validation"]["repeats"],
                rope=config["comparison"]["rope"],
                metric=config["comparison"]["metric"],
                seed=config["seed"],
                sets=config["simulation"]["sets"],
                training=design.training if design.networks else {},
            ),
        message:
            "Measure the error rates of the verdicts on {wildcards.dataset}"
        script:
            "../scripts/train_simulated.py"


if of_scikit_learn := [name for name in MODELS if MODELS[name].family == "estimator"]:

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
            model="|".join(of_scikit_learn),
        resources:
            mem_mb=megabytes,
            runtime=minutes,
        params:
            job=job(
                "train_estimator",
                computes=lambda wildcards: {
                    **computes()(wildcards),
                    "classifier": MODELS[wildcards.model].classifier,
                },
                configurations=lambda wildcards: design.plain_candidates[
                    wildcards.model
                ],
                seed=config["seed"],
            ),
            fits=number_of_fits,
        message:
            "Train {wildcards.model} on {wildcards.dataset}: {params.fits} fits"
        script:
            "../scripts/train_estimator.py"
