"""How often new data were used: a second use with other models is no test any more.

The record is a file beside the results. It outlives them: a run adds to it, and removes nothing.
It knows rows, not files: these are the same data in another order, or with a few cells edited.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backprop.data.canonical_form import canonical, cells_of
from backprop.data.dataset import DataError, Dataset
from backprop.files import digest_of_bytes, digest_of_text, digest_of_value, write_atomically
from backprop.models.chosen import FittedModel

DIGITS = 8  # of the digest of a row, in hexadecimal: another row has it by chance once in 4e9


def note_use(
    file: Path,
    new: Dataset,
    study: Dataset,
    fitted: Sequence[FittedModel],
    fitted_to: Mapping[str, str],
) -> tuple[int, int]:
    """Note that models were judged on new data; the same models on the same data count once.

    Parameters
    ----------
    file : Path
        The record; there may be none.
    new, study : Dataset
    fitted : sequence of FittedModel
        None of them, if nothing is judged: then nothing is noted.
    fitted_to : mapping of str to str
        The digests of the files of the study.

    Returns
    -------
    uses, others : int
        With how many pairs of models these data were used by now, and how many other data were.
        Data count as these if most of these rows are among them, see `is_known`.

    Raises
    ------
    DataError
        If the record is damaged.
    """
    uses, data, rows = _read(file), digest_of_bytes(canonical(new)), row_digests(new)
    if fitted:
        use = {
            "data": data,
            "rows": len(new.y),
            "models": [each.recipe.named for each in fitted],
            "models_sha256": digest_of_value(
                [dict(fitted_to), [_identity(each) for each in fitted]]
            ),
            "row_digests": " ".join(sorted(rows.elements())),
        }
        uses += [use] if use not in uses else []
    text = json.dumps(uses, indent=1, ensure_ascii=False)
    write_atomically(file, f"{text}\n".encode())
    of_study = row_digests(study)
    own = [
        each
        for each in uses  # an old entry has no digests of rows
        if each["data"] == data
        or is_known(rows, Counter(each.get("row_digests", "").split()), of_study)
    ]
    others = {each["data"] for each in uses} - {each["data"] for each in own}
    return len({each["models_sha256"] for each in own}), len(others)


def row_digests(data: Dataset) -> Counter[str]:
    """Count the rows of a data set, by short digests of their features and class.

    A number counts to six digits, as messages show it; a category and a class by its name.
    """
    columns = [
        cells_of(data, place)
        if name in data.categories
        else [f"{value + 0.0:g}" for value in data.x[:, place].tolist()]  # -0.0 becomes 0.0
        for place, name in enumerate(data.features)
    ]
    columns.append([data.classes[y] for y in data.y.tolist()])
    return Counter(digest_of_text(repr(row))[:DIGITS] for row in zip(*columns, strict=True))


def is_known(rows: Counter[str], others: Counter[str], of_study: Counter[str]) -> bool:
    """Return whether most of some rows are among others, by their `row_digests`.

    Where few distinct rows are possible, chance makes rows equal: as often as a row of the study
    equals another one. Then most of the rest must be among them, too.
    """
    known = (rows & others).total() / rows.total()
    by_chance = sum(n for n in of_study.values() if n > 1) / of_study.total()
    return known == 1 or known > (1 + by_chance) / 2


def _identity(fitted: FittedModel) -> dict[str, object]:
    """Return what decides a fit: its recipe, without what its family does not need."""
    recipe = fitted.recipe
    needs = {"seed": recipe.seed, "training": dict(recipe.training)}
    return {
        "model": [recipe.family.name, recipe.implementation],
        "configuration": recipe.configuration.values(),
        **{key: needs[key] for key in recipe.family.needs},
    }


def _read(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    try:
        uses = json.loads(file.read_text(encoding="utf-8"))
        texts = [
            (each["data"], each["models_sha256"], each.get("row_digests", "")) for each in uses
        ]
        if not all(isinstance(text, str) for entry in texts for text in entry):
            raise TypeError("an entry without its data or its models")
        return [dict(each) for each in uses]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(
            f"{file}: not the record of how often new data were used ({error!s:.80}); bring it "
            "back from a backup, or remove it, which forgets all uses"
        ) from error
