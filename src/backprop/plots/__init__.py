"""The figures of the report: a module each, with ``draw(study, variant)``.

`backprop.figures` lists them. A figure depends on its own module, on `backprop.plots.style` and on
`backprop.plots.study`, so that an edit of one figure redraws only that.
"""
