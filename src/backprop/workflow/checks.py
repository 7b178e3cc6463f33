"""Check config.yaml and files like it: refuse faults in plain words."""

import difflib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from backprop.errors import BackpropError
from backprop.models.registry import BASELINE, MODELS
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS

# JSON accepts 5.0 as an integer; Python does not, in `range(5.0)`.
Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


YTE = "__use_yte__"  # makes Snakemake render the file as a template
FORMATS = FormatChecker(formats=())
FORMATS.checkers = {
    "printable": (lambda value: not isinstance(value, str) or value.isprintable(), ())
}


class _Loader(yaml.SafeLoader):
    """A YAML loader that refuses duplicate keys; YAML would silently keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.MarkedYAMLError(
                    None, None, f"found {key.value} twice", problem_mark=key.start_mark
                )
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> dict[str, Any]:
    """Read a YAML file with keys at its top; their values are not checked.

    Raises
    ------
    BackpropError
        If the file cannot be read, is not YAML, is not a mapping, or has a key twice.
    """
    allowed = "allowed: YAML in UTF-8 with keys and values, each key once"
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), _Loader)
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
    except (yaml.YAMLError, ValueError) as error:  # a ValueError: an impossible date
        raise BackpropError(f"{file}: {str(error).splitlines()[0]}; {allowed}") from error
    if not isinstance(content, dict):
        kind = {type(None): "nothing", list: "a list"}.get(type(content), f"only {content!r}")
        raise BackpropError(f"{file}: found {kind}; {allowed}")
    if YTE in content:  # Snakemake would run the Python in it
        raise BackpropError(f"{file}: {YTE}: unknown key; a config is data, and runs no code")
    return content


def check_config(config: Mapping[str, Any], schema_file: Path) -> None:
    """Refuse a config that breaks its schema.

    The names of models, activations, costs and initialisations are those of the library's tables.

    Raises
    ------
    BackpropError
        One message with a line for each fault: the key, its value and what is allowed.
    """
    schema = yaml.safe_load(schema_file.read_text(encoding="utf-8"))
    tables: dict[str, Sequence[str]] = {
        "model": [name for name, model in MODELS.items() if model.compared],
        "activation": list(ACTIVATIONS),
        "cost": list(COSTS),
        "initialisation": list(INITIALISATIONS),
    }
    for key, names in tables.items():
        schema["$defs"][key] = {"enum": names, **schema["$defs"][key]}
    _refuse_faults("config.yaml", config, _resolved(schema, schema["$defs"]))


def check_known_answers(file: Path, schema_file: Path, features: int) -> None:
    """Refuse a file of known answers that breaks its schema.

    Parameters
    ----------
    file, schema_file : Path
    features : int
        How many features the data set has.

    Raises
    ------
    BackpropError
        As `check_config`.
    """
    schema = yaml.safe_load(schema_file.read_text(encoding="utf-8"))
    for name, size in (("features", features), ("coefficients", features + 1)):
        schema["$defs"][name] |= {"minItems": size, "maxItems": size}
    _refuse_faults(str(file), read_yaml(file), _resolved(schema, schema["$defs"]))


def _refuse_faults(name: str, content: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    errors = sorted(Validator(schema, format_checker=FORMATS).iter_errors(content), key=_place)
    faults = list(dict.fromkeys(fault for error in errors for fault in _faults(error)))
    faults += [
        f"{path}: found {value}; allowed: a finite number"
        for path, value in _leaves(content)
        if _is_infinite_or_nan(value)
    ]
    if faults:
        raise BackpropError(f"{name} is not valid:\n" + "\n".join(f"  {f}" for f in faults))


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Replace each reference in a schema by its definition, which has a description."""
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


def _is_infinite_or_nan(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return True


def _faults(error: ValidationError) -> Iterator[str]:
    """Describe the faults of one value, one line per key."""
    path = ""
    for step in error.absolute_path:
        path += f", item {step + 1}" if isinstance(step, int) else f"{'.' * bool(path)}{step}"
    schema, value = error.schema, error.instance
    if error.validator == "additionalProperties":
        yield from _unknown_keys(path, value, list(schema["properties"]))
    elif error.validator == "required":
        yield from _missing_keys(path, value, schema)
    elif error.validator == "contains":
        yield f"{path}: {_shown(value)} lacks `{BASELINE}`, which the others are compared with"
    elif error.validator == "uniqueItems":
        repeated = next(item for place, item in enumerate(value) if item in value[:place])
        yield f"{path}: {_shown(repeated)} is in the list more than once; allowed: each value once"
    else:
        meaning = f" ({schema['description']})" if schema.get("description") else ""
        yield (
            f"{path or 'the file'}: found {_shown(value)}{_remedy(value, schema)}; "
            f"allowed: {_allowed(schema)}{meaning}"
        )


def _unknown_keys(path: str, section: Mapping[Any, Any], known: Sequence[str]) -> Iterator[str]:
    prefix = f"{path}." if path else ""
    for key in section:
        if key not in known:
            hint = _nearest(key, known)
            yield f"{prefix}{key}: unknown key{hint}; allowed: {', '.join(known)}"


def _missing_keys(
    path: str, section: Mapping[Any, Any], schema: Mapping[str, Any]
) -> Iterator[str]:
    prefix = f"{path}." if path else ""
    for key in schema["required"]:
        if key not in section:
            meaning = schema["properties"][key]["description"] if "properties" in schema else ""
            yield f"{prefix}{key}: missing; it is {meaning}"


def _remedy(value: Any, schema: Mapping[str, Any]) -> str:
    """Return what to write instead, if it can be guessed."""
    if not isinstance(value, str):
        return ""
    if number := re.fullmatch(r"([-+]?\d+)(\.\d*)?[eE]([-+]?)(\d+)", value):
        mantissa, fraction, sign, exponent = number.groups()
        better = f"{mantissa}{fraction or '.0'}e{sign or '+'}{exponent}"
        if "integer" in schema.get("type", []) and float(value).is_integer():
            better = f"{float(value):.0f}"
        return f" (YAML reads it as text: write {better})"
    return _nearest(value, schema["enum"]) if "enum" in schema else ""


def _nearest(name: Any, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, default=str)


def _allowed(schema: Mapping[str, Any]) -> str:
    """Describe the constraints of a schema."""
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
        "format": "of {} characters",
        "not": "other than {0[enum]}",
    }
    return ", ".join(
        [words or "a text", *(w.format(schema[k]) for k, w in limits.items() if k in schema)]
    )
