"""What features are worth, in words."""

from collections.abc import Sequence

from backprop.report.wording.comparison import verdict
from backprop.report.wording.names import listed_first, model_name
from backprop.report.wording.rows import Context
from backprop.statistics.tables import Worth


def importance_verdicts(rows: Sequence[Worth], context: Context) -> list[str | None]:
    """Say what each row of `backprop.statistics.importance.compare_without` shows."""
    return [_verdict(row, context) for row in rows]


def too_long(row: Worth) -> str:
    """Say that features are left out nowhere, how long it would take, and how to ask for it."""
    count, of_study = row.groups or 0, row.groups_of_study or 1
    return (
        "What each feature is worth is not measured: to train the models again without each of "
        f"{count} features or groups takes about {count / of_study:.1f} times as long as this "
        f"study; `features: all` under `importance` in the config asks for it"
    )


def _verdict(row: Worth, context: Context) -> str:
    if row.features is None:
        return too_long(row)
    name, rest = model_name(row.model), f"itself without {row.features}"
    if row.difference is None:
        return f"{name} cannot be compared with {rest}: {row.unscored} fits have no score"
    return verdict(name, rest, row, context)


def finding(rows: Sequence[Worth]) -> str:
    """Return which features are shown to be worth something to which model."""
    parts = []
    for model in dict.fromkeys(row.model for row in rows):
        names = [row.features for row in rows if row.model == model and row.outcome == "better"]
        shown = listed_first(list(filter(None, names)), 4) if names else "no feature"
        parts.append(f"{model_name(model)}: {shown}")
    return f"Shown to be worth something to {'; to '.join(parts)}"
