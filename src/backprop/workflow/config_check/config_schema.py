"""The JSON schema of the config, from the types in `backprop.config`.

``python -m backprop.workflow.config_check.config_schema`` writes it where editors find it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from backprop.config import Config
from backprop.models.registry import MODELS
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS
from backprop.network.optimisers import OPTIMISERS
from backprop.study.metrics import METRICS
from backprop.typing import Json

SCHEMAS = "workflow/schemas"

Schema = Mapping[str, Json]
"""A JSON schema."""


class _OfFiles(GenerateJsonSchema):
    """The schema of what may be written: a key that is null by default is left out."""

    def nullable_schema(self, schema: Any) -> dict[str, Json]:
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: Any) -> dict[str, Json]:
        """Describe a section by its docstring, as a part of a sentence."""
        own = super().model_schema(schema)
        own["description"] = own["description"][0].lower() + own["description"][1:].rstrip(".")
        return own

    def union_schema(self, schema: Any) -> dict[str, Json]:
        """Merge schemas of different types: their keys do not meet."""
        merged: dict[str, Json] = {}
        types: list[str] = []
        for choice in schema["choices"]:
            own = self.generate_inner(choice)
            types.append(own["type"])
            merged |= own
        kinds = [kind for kind in types if kind != "integer" or "number" not in types]
        return {**merged, "type": kinds}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def read_schema(models: Iterable[str] = ()) -> dict[str, Json]:
    """Return the schema of the config, with the entries of the library's tables.

    Parameters
    ----------
    models : iterable of str
        The models that the config adds to the library's.

    Returns
    -------
    dict
        Without references. Each key that may be left out has a ``default``.
    """
    tables: dict[str, Sequence[str]] = {
        "model": [*MODELS, *models],
        "built_in": sorted(MODELS),
        "activation": list(ACTIVATIONS),
        "metric": list(METRICS),
        "cost": list(COSTS),
        "initialisation": list(INITIALISATIONS),
        "optimiser": list(OPTIMISERS),
    }
    schema = Config.model_json_schema(schema_generator=_OfFiles)
    return dict(resolved(schema, schema.pop("$defs"), tables))


def resolved(
    schema: object, definitions: Mapping[str, Json], tables: Mapping[str, Sequence[str]] = {}
) -> Json:
    """Replace each reference in a schema by its definition, and the name of a table by its entries.

    Parameters
    ----------
    schema : object
    definitions : mapping
        By name. A section is described by its docstring unless its key is.
    tables : mapping of str to sequence of str
        By the names in ``entry_of``.
    """
    if isinstance(schema, list):
        return [resolved(item, definitions, tables) for item in schema]
    if not isinstance(schema, dict):
        return schema
    own = dict(schema)
    if reference := own.pop("$ref", None):
        definition = definitions[reference.removeprefix("#/$defs/")]
        own = {**definition, **own}
        if "properties" in definition and own.get("default") is not None:
            own["default"] = {}
    if table := own.pop("entry_of", None):
        own = {"enum": list(tables[table]), **own}
    if section := own.pop("changes_of", None):
        each = resolved(definitions[section]["properties"], definitions, tables)
        return {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {key: _without_default(part) for key, part in each.items()},
        }
    own.pop("title", None)
    return {key: resolved(item, definitions, tables) for key, item in own.items()}


def _without_default(schema: Schema) -> dict[str, Json]:
    return {key: value for key, value in schema.items() if key != "default"}


if __name__ == "__main__":
    file = Path(__file__).parents[4] / SCHEMAS / "config.schema.json"
    file.write_text(json.dumps(read_schema(), indent=1) + "\n", encoding="utf-8")
