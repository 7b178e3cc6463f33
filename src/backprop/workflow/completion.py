"""Complete the config: after its check, every key has a value, and no other code has a default.

An archive has the config without its defaults again: some could not be written.
"""

import copy
from collections.abc import Mapping

from backprop.typing import Json

Schema = Mapping[str, Json]
"""A JSON schema."""


def completed(value: Json, schema: Schema) -> Json:
    """Return a value that passes its schema, with every key that may be left out.

    Parameters
    ----------
    value : object
        A mapping, such as the config or a section of it; anything else stays as it is. Keys stay in
        their order, and those that were left out follow.
    schema : mapping
        Its JSON schema, without references. A key that may be left out has a ``default``, whose own
        keys may be left out, too.
    """
    if not isinstance(value, Mapping):
        return value
    known = schema.get("properties", {})
    left_out = {
        key: copy.deepcopy(of_key["default"])
        for key, of_key in known.items()
        if key not in value and "default" in of_key
    }
    others = schema.get("additionalProperties") or {}
    return {
        key: completed(part, known.get(key, others)) for key, part in {**value, **left_out}.items()
    }


def shortened(value: object, schema: Schema) -> object:
    """Return the least that `completed` makes a value of: without the keys that have their default.

    A default may be a value that a config cannot have, such as an empty list.
    """
    if not isinstance(value, Mapping):
        return value
    known, others = schema.get("properties", {}), schema.get("additionalProperties") or {}
    short = {}
    for key, part in value.items():
        of_key = known.get(key, others)
        if "default" not in of_key or completed(of_key["default"], of_key) != part:
            short[key] = shortened(part, of_key)
    return short
