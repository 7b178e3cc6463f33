"""Results that are in memory and not in files."""

from backprop.statistics.results import Results


def results_of(settings, tables, **values):
    """Return results with some tables, by name, and other values that would be read from files."""
    results = Results({}, settings)
    results.tables.update(tables)
    vars(results).update(values)
    return results
