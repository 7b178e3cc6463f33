"""The rows that every model gets wrong, in words."""

from collections.abc import Container

from backprop.report.wording.names import listed, model_name, plural
from backprop.statistics.hard_rows import AlwaysWrong


def always_wrong_sentence(
    wrong: AlwaysWrong, row: str, total: int, same_as: Container[str], *, repeated: bool
) -> str:
    """Say how many rows every model gets wrong in every repeat; "" if no model has a score.

    Parameters
    ----------
    wrong : AlwaysWrong
    row : str
        What a row of the data is.
    total : int
        The number of rows.
    same_as : container of str
        The models that are the same as an earlier one, which are not named.
    repeated : bool
        Whether there are several repeats.
    """
    names, one_class = (
        [*dict.fromkeys(model_name(model) for model in models if model not in same_as)]
        for models in (wrong.models, wrong.one_class)
    )
    if not names:
        return ""
    which = f"{wrong.rows:,} of the {total:,} {plural(row)}" if wrong.rows else f"no {row}"
    verb = "are" if wrong.rows > 1 else "is"
    by = (
        names[0]
        if len(names) == 1
        else "every model" + (" with a score" if not wrong.all_scored else "")
    )
    when = " in every repeat" if repeated else ""
    predicts = "predict" if len(one_class) > 1 else "predicts"
    end = f", not counting {listed(one_class)}, which always {predicts} the same class"
    return f"{which} {verb} predicted wrongly by {by}{when}{end if one_class else ''}"
