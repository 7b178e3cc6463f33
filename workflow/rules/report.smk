from backprop.report.contents import ACROSS, PROVENANCE, ROWS, TABLES, with_nouns
from backprop.report.wording.rows import context_of
from backprop.statistics.tables import TABLES as DECLARED


report: str(Path.cwd() / outputs.on_disk(paths.SUMMARY))


for rule_name, tables in outputs.written_together().items():

    rule:
        name:
            rule_name
        input:
            **{table: outputs.numbers(table) for table in tables},
            candidates=paths.CANDIDATES,
        output:
            pages=[item(paths.page(t), t) for t in outputs.with_pages(tables)],
            tables=[paths.table(t) for t in tables if DECLARED[t].has_sentences],
            warnings=[paths.WORDED_WARNINGS] if "warnings" in tables else [],
        log:
            paths.log(rule_name),
        localrule: True
        params:
            job=job(
                "write_tables",
                words=True,
                tables=[(t, TABLES[t].page, look(t, TABLES[t])) for t in tables],
                titles=[(t, TABLES[t].title) for t in outputs.with_pages(tables)],
                context=lambda wildcards: context_of(plan.config, wildcards.dataset),
            ),
        message:
            "Write the tables of {wildcards.dataset}"
        script:
            "../scripts/write_tables.py"


figures = outputs.figures()

if figures:

    rule plot:
        input:
            **outputs.inputs_of_figures(),
        output:
            pictures=[
                paths.plot(name, variant)
                for name, figure in figures.items()
                for variant in figure.pictures(plan.config)
            ],
            pages=[
                item(paths.plot_page(name, variant), name)
                for name, figure in figures.items()
                for variant in figure.pictures(plan.config)
            ],
            in_pixels=outputs.handed_in("{dataset}"),
        log:
            paths.log("plot"),
        localrule: True
        params:
            job=job(
                "plot",
                *(f"backprop.report.figures.{name}" for name in figures),
                *(
                    design.predicted_by(design.models)
                    if any(figure.evaluates for figure in figures.values())
                    else []
                ),
                words=True,
                figures=headings,
                **estimators,
                settings=settings,
            ),
        message:
            "Draw the figures of {wildcards.dataset}"
        script:
            "../scripts/plot.py"


if design.networks:

    rule live:
        input:
            data=[paths.DATA, paths.COLUMNS],
            folds=paths.FOLDS,
            fits=outputs.fit_files.to_watch("{dataset}"),
            candidates=paths.CANDIDATES,
            parity=paths.statistics("parity") if design.compares_implementations else [],
        output:
            item(paths.LIVE, "live"),
        log:
            paths.log("live"),
        localrule: True
        params:
            job=job(
                "live",
                words=True,
                seed=plan.config.seed,
                training=design.training,
            ),
        message:
            "Write the page that trains the networks of {wildcards.dataset} again"
        script:
            "../scripts/live.py"


rule every_row:
    input:
        **{
            name: outputs.file(name)
            for name in (
                "data",
                "headline_fits",
                "candidates",
                "comparison",
                "hard_rows",
            )
        },
        table=lambda wildcards: named_in(wildcards, datasets.made),
    output:
        page=item(paths.ROWS_PAGE, "rows"),
        table=paths.ROWS,
    log:
        paths.log("every_row"),
    localrule: True
    params:
        job=job(
            "every_row",
            words=True,
            title=lambda wildcards: with_nouns(
                ROWS.title, plan.config.datasets[wildcards.dataset].row
            ),
            settings=lambda wildcards: {
                "metric": plan.config.comparison.metric,
                "row": plan.config.datasets[wildcards.dataset].row,
            },
            files=lambda wildcards: named_in(wildcards, datasets.read_by_jobs),
            names=lambda wildcards: datasets.naming(wildcards.dataset),
        ),
    message:
        "Write every row of {wildcards.dataset}"
    script:
        "../scripts/every_row.py"


rule provenance:
    input:
        data=paths.DATA,
        columns=paths.COLUMNS,
        described=paths.DATA_PROVENANCE,
        timings=paths.table("timings"),
        tables=lambda wildcards: outputs.tables(wildcards.dataset),
    output:
        record=paths.PROVENANCE,
        page=item(paths.PROVENANCE_PAGE, "provenance"),
    log:
        paths.log("provenance"),
    localrule: True
    params:
        job=job(
            "provenance",
            words=True,
            title=PROVENANCE.title,
            look=look("provenance", PROVENANCE),
            dataset=lambda wildcards: wildcards.dataset,
            config=lambda wildcards: config_of(wildcards.dataset),
            environment=lambda wildcards: plan.dependencies.environment(
                *outputs.makers(wildcards.dataset)
            ),
            makers=lambda wildcards: {
                **plan.dependencies.code(
                    *outputs.makers(wildcards.dataset), words=True
                ),
                **plan.dependencies.rules(),
            },
        ),
    message:
        "Record the provenance of the tables of {wildcards.dataset}"
    script:
        "../scripts/provenance.py"


if outputs.across():

    rule across:
        input:
            comparison=expand(
                outputs.numbers("comparison"), dataset=plan.config.datasets
            ),
            provenance=expand(paths.DATA_PROVENANCE, dataset=plan.config.datasets),
        output:
            page=report(
                paths.ACROSS_PAGE,
                caption="../report/across.rst",
                category="1 Result",
                labels=plan.items.labels_across,
            ),
            tables=outputs.across(),
        log:
            paths.ACROSS_LOG,
        localrule: True
        params:
            job=job(
                "across",
                words=True,
                names=list(plan.config.datasets),
                metric=plan.config.comparison.metric,
                rope=plan.config.comparison.rope,
                title=ACROSS["across"].title,
                looks=[look(name, entry) for name, entry in ACROSS.items()],
            ),
        message:
            "Compare the models across the data sets"
        script:
            "../scripts/across.py"


rule summarise:
    input:
        provenance=lambda wildcards: paths.DATA_PROVENANCE.format(
            dataset=dataset_of(wildcards)
        ),
        tables=lambda wildcards: outputs.summarised(dataset_of(wildcards)),
        candidates=paths.CANDIDATES,
        recommendation=lambda wildcards: paths.RECOMMENDATION.format(
            dataset=dataset_of(wildcards)
        ),
        pictures=lambda wildcards: [
            *outputs.handed_in(dataset_of(wildcards)),
            *outputs.shown_first(dataset_of(wildcards)),
        ],
    output:
        page=outputs.first(paths.SUMMARY),
        pdf=outputs.first(paths.PDF),
        json=outputs.first(paths.SUMMARY_JSON),
    log:
        paths.log("summarise") if outputs.several else paths.SUMMARY_LOG,
    localrule: True
    params:
        job=job(
            "summarise",
            words=True,
            config=lambda wildcards: config_of(dataset_of(wildcards)),
            of_several=outputs.several,
            seen_first=lambda wildcards: plan.items.seen_first(dataset_of(wildcards)),
            **brought(lambda wildcards: plan.template),
        ),
    message:
        "Write the landing page of a report, and the page to hand in"
    script:
        "../scripts/summarise.py"


if outputs.several:

    rule index:
        input:
            studies=expand(
                outputs.first(paths.SUMMARY_JSON), dataset=plan.config.datasets
            ),
            across=outputs.across()[:1],
        output:
            page=paths.SUMMARY,
            json=paths.SUMMARY_JSON,
        log:
            paths.INDEX_LOG,
        localrule: True
        params:
            job=job(
                "index",
                words=True,
                metric=plan.config.comparison.metric,
                without_result=plan.left_out,
                **brought(lambda wildcards: plan.index),
            ),
        message:
            "Write the landing page of all data sets"
        script:
            "../scripts/index.py"
