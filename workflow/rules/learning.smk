import re

if design.division.shares:

    rule train_share:
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
        output:
            update(paths.SHARE_FITS),
        log:
            paths.log("train_share/{model}/{share}"),
        benchmark:
            paths.benchmark("train_share/{model}/{share}")
        wildcard_constraints:
            model="|".join(design.trained_on_shares),
            share="|".join(re.escape(str(share)) for share in design.division.shares),
        resources:
            mem_mb=megabytes,
            runtime=minutes,
        params:
            job=job(
                "train_share",
                lambda wildcards: registry[wildcards.model].trained_by,
                family=lambda wildcards: registry[wildcards.model].family.name,
                implementation=lambda wildcards: registry[
                    wildcards.model
                ].implementation,
                computes=computes,
                configurations=lambda wildcards: [
                    [design.candidates[wildcards.model][0].values()]
                ],
                share=lambda wildcards: float(wildcards.share),
                seed=plan.config.seed,
                duplicates=duplicates,
                needs=lambda wildcards: design.needs(wildcards.model),
            ),
            fits=lambda wildcards: design.division.number_of_outer_splits,
        message:
            "Train {wildcards.model} on {wildcards.share} of each training set of "
            "{wildcards.dataset}: {params.fits} fits"
        script:
            "../scripts/train_share.py"

    rule compare_sizes:
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
            fits=outputs.file("headline_fits"),
            shares=outputs.fit_files.on_shares("{dataset}"),
            candidates=paths.CANDIDATES,
        output:
            **outputs.computed_by("compare_sizes"),
        log:
            paths.log("compare_sizes"),
        localrule: True
        params:
            job=job(
                "compare_sizes",
                models=design.trained_on_shares,
                metric=plan.config.comparison.metric,
                rope=plan.config.comparison.rope,
                duplicates=duplicates,
                seed=plan.config.seed,
            ),
        message:
            "Compare the models of {wildcards.dataset} by their number of training rows"
        script:
            "../scripts/compare_sizes.py"
