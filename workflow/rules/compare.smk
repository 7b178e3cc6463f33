rule score:
    input:
        data=[paths.DATA, paths.COLUMNS],
        fits=lambda wildcards: plan.fits(wildcards.dataset),
    output:
        fits=paths.table("fits"),
        timings=paths.table("timings"),
    log:
        paths.log("score"),
    params:
        job=lambda wildcards: plan.job("score"),
    message:
        "Score the fits of {wildcards.dataset}"
    script:
        "../scripts/score.py"


rule compare:
    input:
        data=[paths.DATA, paths.COLUMNS],
        fits=lambda wildcards: plan.fits(wildcards.dataset),
        scores=paths.table("fits"),
        parity=paths.statistics("parity") if plan.compares_implementations else [],
    output:
        configurations=paths.table("configurations"),
        comparison=paths.statistics("comparison"),
        pairs=paths.table("pairs"),
        tuning=paths.statistics("tuning"),
        nested=paths.statistics("nested"),
        nested_pairs=paths.statistics("nested_pairs"),
        effects=paths.statistics("effects"),
        guessing=paths.statistics("guessing"),
        hard_rows=paths.statistics("hard_rows"),
    log:
        paths.log("compare"),
    params:
        job=lambda wildcards: plan.comparing(),
    message:
        "Compare the models on {wildcards.dataset}"
    script:
        "../scripts/compare.py"


rule review:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
        scores=paths.table("fits"),
        comparison=paths.statistics("comparison"),
        tuning=paths.statistics("tuning"),
        guessing=paths.statistics("guessing"),
    output:
        paths.statistics("warnings"),
    log:
        paths.log("review"),
    params:
        job=lambda wildcards: plan.reviewing(),
    message:
        "Look for what a reviewer would object to on {wildcards.dataset}"
    script:
        "../scripts/review.py"


rule parity:
    input:
        fits=lambda wildcards: plan.fits_of_implementations(wildcards.dataset),
        twins=paths.statistics("twins"),
    output:
        paths.statistics("parity"),
    log:
        paths.log("parity"),
    params:
        job=lambda wildcards: plan.job("parity"),
    message:
        "Compare the implementations of the network on {wildcards.dataset}"
    script:
        "../scripts/parity.py"


rule one_step:
    input:
        data=[paths.DATA, paths.COLUMNS],
        folds=paths.FOLDS,
    output:
        paths.table("one_step"),
    log:
        paths.log("one_step"),
    params:
        job=lambda wildcards: plan.following_one_step(),
    message:
        "Follow one step of back-propagation on {wildcards.dataset}"
    script:
        "../scripts/one_step.py"


rule check_known_answers:
    input:
        data=[paths.DATA, paths.COLUMNS],
        known=ancient(lambda wildcards: plan.known_answers(wildcards.dataset)),
    output:
        paths.table("known_answers"),
    log:
        paths.log("check_known_answers"),
    params:
        job=lambda wildcards: plan.checking(wildcards.dataset),
    message:
        "Check {wildcards.dataset} against known results"
    script:
        "../scripts/check_known_answers.py"
