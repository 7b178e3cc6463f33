from backprop.report.contents import FIGURES, PROVENANCE, TABLES

for rule_name, tables in plan.written_together().items():

    rule:
        name:
            rule_name
        input:
            **{table: plan.numbers(table) for table in tables},
        output:
            pages=[page(table) for table in tables],
            tables=[paths.table(t) for t in tables if TABLES[t].sentences],
        log:
            paths.log(rule_name),
        params:
            job=writing(tables),
        message:
            "Write the tables of {wildcards.dataset}"
        script:
            "../scripts/write_tables.py"


for figure in FIGURES:
    pictures = FIGURES[figure].pictures(config)
    if not pictures:
        continue

    rule:
        name:
            f"plot_{figure}"
        input:
            **plan.inputs(figure),
        output:
            [picture(figure, *variant) for variant in pictures.items()],
        log:
            paths.log(f"plots/{figure}"),
        params:
            job=drawing(figure),
        message:
            f"Draw {figure} of {{wildcards.dataset}}"
        script:
            "../scripts/plot.py"


rule provenance:
    input:
        data=paths.DATA,
        tables=lambda wildcards: plan.tables(wildcards.dataset),
    output:
        record=paths.PROVENANCE,
        page=report(
            paths.PROVENANCE_PAGE,
            caption="../report/provenance.rst",
            category=PROVENANCE.category,
            labels={"data": "{dataset}", "table or figure": PROVENANCE.title},
        ),
    log:
        paths.log("provenance"),
    params:
        job=lambda wildcards: plan.recording(wildcards.dataset),
    message:
        "Record the provenance of the tables of {wildcards.dataset}"
    script:
        "../scripts/provenance.py"


rule summarise:
    input:
        **plan.inputs_of_pdf(),
        template=ancient(plan.template),
        provenance=expand(paths.DATA_PROVENANCE, dataset=config["datasets"]),
        tables=plan.summarised(),
    output:
        page=paths.SUMMARY,
        pdf=paths.PDF,
    log:
        paths.SUMMARY_LOG,
    params:
        job=lambda wildcards: plan.summarising(),
    message:
        "Write the landing page of the report, and the page to hand in"
    script:
        "../scripts/summarise.py"
