"""The figures of the report: a module each, with ``draw(study, variant)``.

`backprop.report.contents` lists them. A figure depends on its own module, on
`backprop.report.figures.style` and on `backprop.report.figures.study`: an edit of one figure
redraws only that one.
"""
