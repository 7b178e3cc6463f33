from backprop.report.items import FIGURES, pattern

for figure, shown in FIGURES.items():

    rule:
        name:
            f"plot_{figure}"
        input:
            **plan.drawn_from(figure),
            code=plan.code("plot", f"backprop.report.figures.{figure}"),
        output:
            report(
                f"results/{{dataset}}/plots/{pattern(figure)}.svg",
                caption=f"../report/{figure}.rst",
                category=shown.category,
                labels=plan.labels(figure),
            ),
        log:
            f"results/{{dataset}}/logs/plots/{pattern(figure)}.log",
        params:
            job=plan.plotting(figure),
        message:
            "Draw {output}"
        script:
            "../scripts/plot.py"
