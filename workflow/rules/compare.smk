from backprop.report.catalogue import TABLES


rule gather:
    input:
        code=plan.code("gather"),
        data="results/{dataset}/data/dataset.csv",
        fits=lambda wildcards: plan.fits(wildcards.dataset),
    output:
        fits="results/{dataset}/tables/fits.csv",
        timings="results/{dataset}/tables/timings.csv",
    log:
        "results/{dataset}/logs/gather.log",
    params:
        job=plan.job("gather"),
    message:
        "Gather the fits of {wildcards.dataset}"
    script:
        "../scripts/gather.py"


rule compare:
    input:
        code=plan.code("compare"),
        data="results/{dataset}/data/dataset.csv",
        fits=lambda wildcards: plan.fits(wildcards.dataset),
        scores="results/{dataset}/tables/fits.csv",
    output:
        configurations="results/{dataset}/tables/configurations.csv",
        comparison="results/{dataset}/tables/comparison.csv",
        tuning="results/{dataset}/tables/tuning.csv",
        effects="results/{dataset}/tables/effects.csv",
    log:
        "results/{dataset}/logs/compare.log",
    params:
        job=plan.comparing(),
    message:
        "Compare the models on {wildcards.dataset}"
    script:
        "../scripts/compare.py"


rule parity:
    input:
        code=plan.code("parity"),
        fits=lambda wildcards: plan.fits(wildcards.dataset),
        plain="results/{dataset}/fits/plain.parquet",
    output:
        "results/{dataset}/tables/parity.csv",
    log:
        "results/{dataset}/logs/parity.log",
    params:
        job=plan.job("parity"),
    message:
        "Compare scratch with tensorflow on {wildcards.dataset}"
    script:
        "../scripts/parity.py"


rule one_step:
    input:
        code=plan.code("one_step"),
        data="results/{dataset}/data/dataset.csv",
        folds="results/{dataset}/data/folds.csv",
    output:
        "results/{dataset}/tables/one_step.csv",
    log:
        "results/{dataset}/logs/one_step.log",
    params:
        job=plan.one_step(),
    message:
        "Follow one step of back-propagation on {wildcards.dataset}"
    script:
        "../scripts/one_step.py"


rule check_known_answers:
    input:
        code=plan.code("check_known_answers"),
        data="results/{dataset}/data/dataset.csv",
        known=lambda wildcards: plan.known_answers(wildcards.dataset),
    output:
        "results/{dataset}/tables/known_answers.csv",
    log:
        "results/{dataset}/logs/check_known_answers.log",
    params:
        job=plan.job("check_known_answers"),
    message:
        "Check {wildcards.dataset} against known results"
    script:
        "../scripts/check_known_answers.py"


for table, shown in TABLES.items():

    rule:
        name:
            f"show_{table}"
        input:
            code=plan.code("show_table"),
            table=f"results/{{dataset}}/tables/{table}.csv",
        output:
            report(
                f"results/{{dataset}}/tables/{table}.html",
                caption=f"../report/{table}.rst",
                category=shown.category,
                labels={"data": "{dataset}", "table or figure": shown.title},
            ),
        log:
            f"results/{{dataset}}/logs/show_{table}.log",
        params:
            job=plan.job(
                "show_table", title=shown.title, lead=shown.lead, digits=shown.digits
            ),
        message:
            f"Write the table {table} of {{wildcards.dataset}} as a page"
        script:
            "../scripts/show_table.py"


rule provenance:
    input:
        code=plan.code("provenance"),
        makers=plan.makers_code(),
        data="results/{dataset}/data/dataset.csv",
        tables=lambda wildcards: plan.recorded(wildcards.dataset),
    output:
        record="results/{dataset}/provenance.json",
        page=report(
            "results/{dataset}/provenance.html",
            caption="../report/provenance.rst",
            category="5 Checks",
            labels={
                "data": "{dataset}",
                "table or figure": "Provenance of the tables",
            },
        ),
    log:
        "results/{dataset}/logs/provenance.log",
    params:
        job=lambda wildcards: plan.recording(wildcards.dataset),
    message:
        "Record what the tables of {wildcards.dataset} were made of"
    script:
        "../scripts/provenance.py"


rule summarise:
    input:
        code=plan.code("summarise"),
        template=plan.path("workflow/report/summary.rst.jinja"),
        tables=expand(
            "results/{dataset}/tables/{table}.csv",
            dataset=config["datasets"],
            table=["comparison", "tuning"],
        ),
        provenance=expand(
            "results/{dataset}/data/provenance.json", dataset=config["datasets"]
        ),
    output:
        "results/summary.rst",
    log:
        "results/logs/summarise.log",
    params:
        job=plan.job("summarise", config=config),
    message:
        "Write the landing page of the report"
    script:
        "../scripts/summarise.py"
