"""Results that are in memory and not in files."""

from contextlib import suppress

from backprop.models.registry import MODELS, with_estimators
from backprop.report.figures.study import Study
from backprop.statistics.results import Results


def results_of(settings, tables, **values):
    """Return results with some tables, by name, and other values that would be read from files."""
    results = Results({}, settings)
    results.tables.update(tables)
    vars(results).update(values)
    return results


def study_of(results):
    """Return the study that figures draw; all models that are not built in are of one class."""
    models = ()
    with suppress(KeyError):  # a figure without candidates has no such models
        models = results.candidates
    entry = {"class": "sklearn.neighbors.KNeighborsClassifier"}
    return Study(results, with_estimators({m: entry for m in models if m not in MODELS}))
