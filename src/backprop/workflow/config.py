"""The check of config.yaml and its like: what breaks its schema is refused, in words."""

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
from jsonschema.validators import extend

from backprop.errors import BackpropError
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS

# JSON takes 5.0 for a whole number; Python, in `range(5.0)`, does not.
Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


class _Loader(yaml.SafeLoader):
    """A YAML loader that refuses a key given twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.MarkedYAMLError(
                    None, None, f"found {key.value} twice", problem_mark=key.start_mark
                )
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


def read(file: Path) -> dict[str, Any]:
    """Read a file of YAML; what it holds is for the checks below to judge.

    Raises
    ------
    BackpropError
        If there is no such file, or it is not YAML with keys at its top, each there once.
    """
    allowed = "allowed: YAML in UTF-8 with keys and values, each key once"
    try:
        found = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise BackpropError(f"{file}: {error.strerror}; {allowed}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        raise BackpropError(
            f"{file}: line {line}: found the byte 0x{byte:02x}; {allowed}"
        ) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise BackpropError(
            f"{file}: {place}{error.problem or error.context}; {allowed}"
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # a ValueError from a date that is none
        raise BackpropError(f"{file}: {str(error).splitlines()[0]}; {allowed}") from error
    if not isinstance(found, dict):
        kind = {type(None): "nothing", list: "a list"}.get(type(found), f"only {found!r}")
        raise BackpropError(f"{file}: found {kind}; {allowed}")
    return found


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
    _refuse("config.yaml", config, _resolved(schema, schema["$defs"]))


def check_known_answers(file: Path, schema_file: Path, features: int) -> None:
    """Refuse a file of known answers for data of so many features, as `check` does a config."""
    found = read(file)
    schema = yaml.safe_load(schema_file.read_text(encoding="utf-8"))
    for name, size in (("features", features), ("coefficients", features + 1)):
        schema["$defs"][name] |= {"minItems": size, "maxItems": size}
    _refuse(file, found, _resolved(schema, schema["$defs"]))


def _refuse(file: Any, found: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    errors = sorted(Validator(schema).iter_errors(found), key=_place)
    faults = list(dict.fromkeys(fault for error in errors for fault in _faults(error)))
    faults += [
        f"{path}: found {value}; allowed: a finite number"
        for path, value in _leaves(found)
        if _is_no_finite_number(value)
    ]
    if faults:
        raise BackpropError(f"{file} is not valid:\n" + "\n".join(f"  {f}" for f in faults))


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Put definitions where a schema refers to them: then each key has its description there."""
    if isinstance(schema, list):
        return [_resolved(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return definitions[schema["$ref"].removeprefix("#/$defs/")]
    return {key: _resolved(item, definitions) for key, item in schema.items()}


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


def _is_no_finite_number(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return True


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
        if isinstance(found, str) and (
            number := re.fullmatch(r"([-+]?\d+)(\.\d*)?[eE]([-+]?)(\d+)", found)
        ):
            mantissa, fraction, sign, exponent = number.groups()
            better = f"{mantissa}{fraction or '.0'}e{sign or '+'}{exponent}"
            if "integer" in schema.get("type", []) and float(found).is_integer():
                better = f"{float(found):.0f}"
            remedy = f" (YAML reads it as text: write {better})"
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
        "maxItems": "with at most {} items",
        "minProperties": "with at least {} key",
        "minLength": "not empty",
        "maxLength": "of at most {} characters",
        "pattern": "that matches {}",
        "not": "other than {0[enum][0]}",
    }
    return ", ".join(
        [words or "a text", *(w.format(schema[k]) for k, w in limits.items() if k in schema)]
    )
