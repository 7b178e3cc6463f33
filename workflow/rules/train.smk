from functools import partial

from backprop.models.candidate_lists import candidates_as_text
from backprop.models.registry import network_models

all_networks = network_models(registry)
read = plan.config.predictions  # of models that are trained elsewhere


rule train:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        inner=inner_folds,
    output:
        update(paths.FITS),
    log:
        paths.log("train/{model}"),
    benchmark:
        paths.benchmark("train/{model}")
    wildcard_constraints:
        model="|".join(m for m in registry if m not in all_networks and m not in read),
    threads: cores
    resources:
        mem_mb=megabytes,
        runtime=minutes,
    params:
        job=declare_training(),
        fits=number_of_fits,
    message:
        "Train {wildcards.model} on {wildcards.dataset}: {params.fits} fits"
    script:
        "../scripts/train.py"


# A network has a file of fits for each shape: that is one array program. A job trains a few shapes.
for chunk, shapes in design.chunks.items():

    rule:
        name:
            chunk
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
            inner=inner_folds,
        output:
            update(expand(paths.NETWORK_FITS, shape=shapes, allow_missing=True)),
        log:
            paths.log(f"{chunk}/{{model}}"),
        benchmark:
            paths.benchmark(f"{chunk}/{{model}}")
        wildcard_constraints:
            model="|".join(all_networks),
        threads: partial(cores, shapes=shapes)
        resources:
            mem_mb=megabytes,
            runtime=minutes,
        params:
            job=declare_training(shapes),
            fits=partial(number_of_fits, shapes=shapes),
        message:
            f"Train {{wildcards.model}} on {{wildcards.dataset}}: {{params.fits}} fits of {', '.join(shapes)}"
        script:
            "../scripts/train.py"


if read:

    rule read_predictions:
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
        output:
            update(paths.FITS),
        log:
            paths.log("read_predictions/{model}"),
        wildcard_constraints:
            model="|".join(read),
        localrule: True
        params:
            job=job(
                "read_predictions",
                computes=computes,
                needs={},
                metric=plan.config.comparison.metric,
                **brought(
                    lambda wildcards: datasets.predictions(
                        wildcards.model, wildcards.dataset
                    )
                ),
            ),
        message:
            "Read the predictions of {wildcards.model} on {wildcards.dataset}"
        script:
            "../scripts/read_predictions.py"


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
                *design.predicted_by(design.simulated),
                candidates=candidates_as_text(design.simulated),
                folds=plan.config.validation.folds,
                repeats=plan.config.validation.repeats,
                rope=plan.config.comparison.rope,
                metric=plan.config.comparison.metric,
                seed=plan.config.seed,
                sets=plan.config.simulation.sets,
                training=design.training if design.networks else {},
            ),
        message:
            "Measure the error rates of the verdicts on {wildcards.dataset}"
        script:
            "../scripts/train_simulated.py"
