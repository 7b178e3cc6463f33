"""Complete the config: after its check, every key has a value, and no other code has a default."""

import copy
from collections.abc import Mapping
from typing import Any


def completed(value: Any, schema: Mapping[str, Any]) -> Any:
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
