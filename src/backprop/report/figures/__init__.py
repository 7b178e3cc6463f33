"""The figures of the report: a module each, with ``draw(study, variant)``.

`backprop.report.contents` lists them. A figure depends on its own module, on `study`,
and on how all figures look: `look`, `labels`, `markers` and `svg`. An edit of one figure redraws
only that one.
"""
