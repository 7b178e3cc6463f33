"""The sentences of a table, on rows that are students."""

from backprop.report.wording.rows import Context
from backprop.report.wording.verdicts import add_verdicts
from backprop.report.wording.warnings import worded


def context_of(candidates, **values):
    """Return what the sentences need besides; `values` may change some of it."""
    others = {"metric": "accuracy", "rope": 0.01, "noun": "student", "epochs": 500, "folds": 5}
    return Context.of(candidates, **{**others, "repeats": 4, **values})


def with_verdicts(name, table, candidates, **values):
    """Add the sentences to a table of statistics."""
    return add_verdicts(name, table, context_of(candidates, **values))


def sentences_on(warnings, candidates, **values):
    """Return the sentences of warnings."""
    every = worded(warnings, context_of(candidates, **values))
    return [each.sentence for each in every if each.sentence]
