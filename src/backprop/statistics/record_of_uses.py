"""How often new data were used: a second use with other models is no test any more.

The record is a file beside the results. It outlives them: a run adds to it, and removes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from backprop.data.canonical_form import canonical
from backprop.data.dataset import DataError, Dataset
from backprop.files import digest_of_bytes, digest_of_value, write_atomically
from backprop.models.chosen import FittedModel


def note_use(
    file: Path, new: Dataset, fitted: Sequence[FittedModel], study: Mapping[str, str]
) -> tuple[int, int]:
    """Note that models were judged on new data; the same models on the same data count once.

    Parameters
    ----------
    file : Path
        The record; there may be none.
    new : Dataset
    fitted : sequence of FittedModel
        None of them, if nothing is judged: then nothing is noted.
    study : mapping of str to str
        The digests of the data that they were fitted to.

    Returns
    -------
    uses, others : int
        With how many pairs of models these data were used by now, and how many other data were.

    Raises
    ------
    DataError
        If the record is damaged.
    """
    uses, data = _read(file), digest_of_bytes(canonical(new))
    if fitted:
        use = {
            "data": data,
            "rows": len(new.y),
            "models": [each.recipe.named for each in fitted],
            "models_sha256": digest_of_value([dict(study), [_identity(each) for each in fitted]]),
        }
        uses += [use] * (use not in uses)
    text = json.dumps(uses, indent=1, ensure_ascii=False)
    write_atomically(file, f"{text}\n".encode())
    own = [each for each in uses if each["data"] == data]
    return len(own), len({each["data"] for each in uses} - {data})


def _identity(fitted: FittedModel) -> dict[str, object]:
    """Return what decides a fit: its recipe, without what its family does not need."""
    recipe = fitted.recipe
    needs = {"seed": recipe.seed, "training": dict(recipe.training)}
    return {
        "model": [recipe.family.name, recipe.implementation],
        "configuration": recipe.configuration.values(),
        **{key: needs[key] for key in recipe.family.needs},
    }


def _read(file: Path) -> list[dict[str, object]]:
    if not file.exists():
        return []
    try:
        uses = json.loads(file.read_text(encoding="utf-8"))
        if not all(isinstance(each["data"], str) for each in uses):
            raise TypeError("an entry without its data")
        return [dict(each) for each in uses]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(
            f"{file}: not the record of how often new data were used ({error!s:.80}); bring it "
            "back from a backup, or remove it, which forgets all uses"
        ) from error
