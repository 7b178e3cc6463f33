"""What features are worth, in words."""

from collections.abc import Sequence

from backprop.report.wording.comparison import verdict
from backprop.report.wording.names import listed, listed_first, model_name
from backprop.report.wording.rows import Context
from backprop.statistics.tables import Worth


def importance_verdicts(rows: Sequence[Worth], context: Context) -> list[str | None]:
    """Say what each row of `backprop.statistics.importance.compare_without` shows.

    If features are left out nowhere, the first row says so for all.
    """
    if rows and is_left_out_nowhere(rows):
        return [too_long(rows[0]), *[None] * (len(rows) - 1)]
    return [_verdict(row, context) for row in rows]


def is_left_out_nowhere(rows: Sequence[Worth]) -> bool:
    """Return whether no model is trained without features, as it would take too long."""
    return rows[0].groups is not None


def too_long(row: Worth) -> str:
    """Say that features are left out nowhere, how long it would take, and how to ask for it."""
    count, of_study = row.groups or 0, row.groups_of_study or 1
    return (
        "What each feature is worth to a model that is trained without it is not measured: for "
        f"{count} features or groups, training takes about {count / of_study:.1f} times as long as "
        f"this study; `features: all` under `importance` in the config asks for it"
    )


def _verdict(row: Worth, context: Context) -> str:
    name, rest = model_name(row.model), f"itself without {row.features}"
    if row.difference is None:
        return f"{name} cannot be compared with {rest}: {row.unscored} fits have no score"
    return verdict(name, rest, row, context)


def finding(rows: Sequence[Worth], worthiest: Sequence[str]) -> str:
    """Return which features are shown to be worth something to which model.

    If features are left out nowhere, it is what the fits rest on most.
    """
    if is_left_out_nowhere(rows):
        return f"These fits rest most of all on {listed(worthiest[:3])}"
    parts = []
    for model in dict.fromkeys(row.model for row in rows):
        names = [row.features for row in rows if row.model == model and row.outcome == "better"]
        shown = listed_first(list(filter(None, names)), 4) if names else "no feature"
        parts.append(f"{model_name(model)}: {shown}")
    return f"Shown to be worth something to {'; to '.join(parts)}"
