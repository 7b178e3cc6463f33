weighed = outputs.fit_files.without_features("{dataset}")

if weighed:

    rule train_without:
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
        output:
            update(paths.WITHOUT_FITS),
        log:
            paths.log("train_without/{model}"),
        benchmark:
            paths.benchmark("train_without/{model}")
        wildcard_constraints:
            model="|".join(design.trained_on_shares),
        resources:
            mem_mb=megabytes,
            runtime=minutes,
        params:
            job=job(
                "train_without",
                lambda wildcards: registry[wildcards.model].trained_by,
                family=lambda wildcards: registry[wildcards.model].family.name,
                implementation=lambda wildcards: registry[
                    wildcards.model
                ].implementation,
                computes=lambda wildcards: plan.computes(
                    wildcards.model,
                    wildcards.dataset,
                    "backprop.models.without_features",
                ),
                reference=lambda wildcards: design.candidates[wildcards.model][
                    0
                ].values(),
                named=named_groups,
                needs=lambda wildcards: design.needs(wildcards.model),
                **design.weighing,
            ),
        message:
            "Train {wildcards.model} on {wildcards.dataset} without each feature"
        script:
            "../scripts/train_without.py"

    rule weigh_features:
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
            fits=outputs.file("headline_fits"),
            without=weighed,
            candidates=paths.CANDIDATES,
        output:
            **outputs.computed_by("weigh_features"),
        log:
            paths.log("weigh_features"),
        localrule: True
        params:
            job=job(
                "weigh_features",
                *design.predicted_by(design.trained_on_shares),
                **estimators,
                metric=plan.config.comparison.metric,
                rope=plan.config.comparison.rope,
                duplicates=duplicates,
                seed=plan.config.seed,
                named=named_groups,
                **design.weighing,
            ),
        message:
            "Weigh the features of {wildcards.dataset}"
        script:
            "../scripts/weigh_features.py"
