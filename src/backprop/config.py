"""The check of config.yaml: what breaks its schema is refused, in words."""

import difflib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from backprop.errors import BackpropError
from backprop.functions import ACTIVATIONS, COSTS, INITIALISATIONS


def check(config: Mapping[str, Any], schema_file: Path) -> None:
    """Refuse a config that breaks its schema.

    Raises
    ------
    BackpropError
        One message with a line for every fault: the key, what was found and what is allowed.
    """
    schema = yaml.safe_load(schema_file.read_text(encoding="utf-8"))
    tables: dict[str, Mapping[str, Any]] = {
        "activation": ACTIVATIONS,
        "cost": COSTS,
        "initialisation": INITIALISATIONS,
    }
    for key, table in tables.items():
        schema["$defs"][key] = {"enum": list(table), **schema["$defs"][key]}
    validator = Draft202012Validator(schema)
    errors = sorted(validator.iter_errors(config), key=_place)
    faults = [fault for error in errors for fault in _faults(error)]
    faults += [
        f"{path}: found {value}; allowed: a finite number"
        for path, value in _leaves(config)
        if isinstance(value, float) and not math.isfinite(value)
    ]
    if faults:
        raise BackpropError("config.yaml is not valid:\n" + "\n".join(f"  {f}" for f in faults))


def _place(error: Any) -> list[str]:
    return [str(step) for step in error.absolute_path]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, item in enumerate(value, 1):
            yield from _leaves(item, f"{path}, item {place}")
    else:
        yield path, value


def _faults(error: ValidationError) -> Iterator[str]:
    """Say what is wrong with one value: one line for each key that is at fault."""
    schema = error.schema
    path = ""
    for step in error.absolute_path:
        path += f", item {step + 1}" if isinstance(step, int) else f"{'.' * bool(path)}{step}"
    prefix = f"{path}." if path else ""
    found = error.instance
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        for key in found:
            if key not in known:
                hint = _nearest(key, known)
                yield f"{prefix}{key}: unknown key{hint}; allowed: {', '.join(known)}"
    elif error.validator == "required":
        for key in schema["required"]:
            if key not in found:
                meaning = schema["properties"][key]["description"] if "properties" in schema else ""
                yield f"{prefix}{key}: missing; it is {meaning}"
        return
    elif error.validator == "contains":
        yield f"{path}: {_show(found)} lacks `logistic`, what the others are compared with"
    elif error.validator == "uniqueItems":
        double = next(item for place, item in enumerate(found) if item in found[:place])
        yield f"{path}: {_show(double)} stands there more than once; allowed: each value once"
    else:
        remedy = ""
        if isinstance(found, str) and re.fullmatch(r"[-+]?\d+[eE][-+]?\d+", found):
            mantissa, exponent = re.split("[eE]", found)
            sign = "" if exponent[0] in "+-" else "+"
            remedy = f" (YAML reads it as text: write {mantissa}.0e{sign}{exponent})"
        elif isinstance(found, str) and "enum" in schema:
            remedy = _nearest(found, schema["enum"])
        meaning = schema.get("description", "")
        yield (
            f"{path or 'the file'}: found {_show(found)}{remedy}; allowed: {_allowed(schema)}"
            + (f" ({meaning})" if meaning else "")
        )


def _nearest(name: Any, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _show(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, default=str)


def _allowed(schema: Mapping[str, Any]) -> str:
    """Put a schema's constraints into words."""
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    names = {
        "array": "a list",
        "object": "a mapping of keys to values",
        "string": "a text",
        "number": "a number",
        "integer": "a whole number",
        "null": "null",
    }
    kinds = schema.get("type", [])
    words = " or ".join(names[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    limits = {
        "minimum": "at least {}",
        "maximum": "at most {}",
        "exclusiveMinimum": "more than {}",
        "minItems": "with at least {} item",
        "minProperties": "with at least {} key",
        "minLength": "not empty",
        "pattern": "that matches {}",
    }
    return ", ".join(
        [words or "a text", *(w.format(schema[k]) for k, w in limits.items() if k in schema)]
    )
