rule train_chosen:
    input:
        data=[paths.DATA, paths.COLUMNS],
        recommendation=paths.RECOMMENDATION,
        candidates=paths.CANDIDATES,
    output:
        paths.MODEL,
    log:
        paths.log("train_chosen"),
    localrule: this_run.session.is_stored  # Snakemake misses a file from elsewhere that only `all` needs
    resources:
        mem_mb=lambda wildcards, attempt: 3000 * 2 ** (attempt - 1),
        runtime=lambda wildcards, attempt: 20 * 2 ** (attempt - 1),
    params:
        job=job(
            "train_chosen",
            *(
                module
                for model in design.models
                for module in registry[model].trained_by
            ),
            **estimators,
            seed=plan.config.seed,
            training=design.training if design.networks else {},
            models=design.models,
            metric=plan.config.comparison.metric,
            **by_costs,
            missing_values=lambda wildcards: plan.config.datasets[
                wildcards.dataset
            ].missing_values,
            layout=lambda wildcards: datasets.layout(wildcards.dataset),
        ),
    message:
        "Fit the model that the report on {wildcards.dataset} recommends to all rows"
    script:
        "../scripts/train_chosen.py"


if any(map(outputs.uses_new_data, plan.config.datasets)):

    use rule train_chosen as train_rival with:
        input:
            data=[paths.DATA, paths.COLUMNS],
            recommendation=paths.RECOMMENDATION,
            candidates=paths.CANDIDATES,
            comparison=outputs.numbers("comparison"),
        output:
            paths.RIVAL,
        log:
            paths.log("train_rival"),
        message:
            "Fit the model that the recommended one for {wildcards.dataset} is judged beside"

    rule judge_new_data:
        input:
            data=[paths.DATA, paths.COLUMNS],
            models=[paths.MODEL, paths.RIVAL],
            recommendation=paths.RECOMMENDATION,
            metrics=outputs.numbers("metrics"),
            nested=outputs.numbers("nested"),
        output:
            **outputs.computed_by("judge_new_data"),
            held=[paths.NEW_DATA, paths.NEW_COLUMNS],
            predictions=paths.NEW_PREDICTIONS,
            uses=update(paths.USES),
        log:
            paths.log("judge_new_data"),
        localrule: True
        params:
            job=job(
                "judge_new_data",
                *design.predicted_by(design.models),
                **estimators,
                **brought(lambda wildcards: datasets.new_data(wildcards.dataset)),
                options=lambda wildcards: datasets.reading_new_data(wildcards.dataset),
                metric=plan.config.comparison.metric,
                rope=plan.config.comparison.rope,
                seed=plan.config.seed,
            ),
        message:
            "Judge the recommended model on the new data of {wildcards.dataset}"
        script:
            "../scripts/judge_new_data.py"
