from backprop.models.candidate_lists import candidates_as_text


rule candidates:
    output:
        paths.CANDIDATES,
    log:
        paths.CANDIDATES_LOG,
    localrule: True
    params:
        job=job("candidates", candidates=candidates_as_text(design.candidates)),
    message:
        "List the configurations of the models"
    script:
        "../scripts/candidates.py"


rule score:
    input:
        data=[paths.DATA, paths.COLUMNS],
        fits=outputs.file("fits"),
    output:
        fits=paths.table("fits"),
        timings=paths.table("timings"),
    log:
        paths.log("score"),
    localrule: True
    params:
        job=job("score"),
    message:
        "Score the fits of {wildcards.dataset}"
    script:
        "../scripts/score.py"


rule compare:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        fits=outputs.file("fits"),
        scores=paths.table("fits"),
        candidates=paths.CANDIDATES,
        parity=paths.statistics("parity") if design.compares_implementations else [],
    output:
        **outputs.computed_by("compare"),
        recommendation=paths.RECOMMENDATION,
    log:
        paths.log("compare"),
    localrule: True
    params:
        job=job(
            "compare",
            metric=plan.config.comparison.metric,
            rope=plan.config.comparison.rope,
            duplicates=duplicates,
            choosers=list(design.choosers.items()),
            seed=plan.config.seed,
            **by_costs,
        ),
    message:
        "Compare the models on {wildcards.dataset}, and decide which to use"
    script:
        "../scripts/compare.py"


rule parity:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        fits=outputs.fit_files.of_implementations("{dataset}"),
    output:
        paths.statistics("parity"),
    log:
        paths.log("parity"),
    localrule: True  # what it trains takes seconds
    params:
        job=job("parity", seed=plan.config.seed),
    message:
        "Compare the implementations of the network on {wildcards.dataset}"
    script:
        "../scripts/parity.py"


# The module of the network in TensorFlow, in a list, if the config names it.
autodiff = [
    registry[model].implementation for model in design.networks if model == "tensorflow"
]


rule one_step:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
    output:
        paths.table("one_step"),
    log:
        paths.log("one_step"),
    localrule: True
    params:
        job=job(
            "one_step",
            *autodiff,
            words=True,
            configuration=design.reference and design.reference.values(),
            seed=plan.config.seed,
            autodiff=autodiff[0] if autodiff else None,
        ),
    message:
        "Follow one step of back-propagation on {wildcards.dataset}"
    script:
        "../scripts/one_step.py"


rule check_known_answers:
    input:
        data=[paths.DATA, paths.COLUMNS],
    output:
        paths.table("known_answers"),
    log:
        paths.log("check_known_answers"),
    localrule: True
    params:
        job=job(
            "check_known_answers",
            words=True,
            **brought(lambda wildcards: datasets.known_answers(wildcards.dataset)),
        ),
    message:
        "Check {wildcards.dataset} against known results"
    script:
        "../scripts/check_known_answers.py"
