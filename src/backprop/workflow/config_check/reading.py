"""Read YAML files as Snakemake does; refuse what would surprise their author."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from backprop.errors import BackpropError
from backprop.files import is_endless

MOST_VALUES = 1_000_000
EXPECTED = "YAML in UTF-8 with keys and values, each key once"

Place = tuple[str | int, ...]
"""The keys of a mapping and the places in a list that lead to a value."""

RESERVED = {
    "__use_yte__": "a config is data, and runs no code",  # Snakemake would render it as a template
    "pathvars": "the paths of the results are fixed",  # Snakemake would use them
}
TAG = "tag:yaml.org,2002:"
PLAIN = {
    "int": r"[-+]?(0|[1-9][0-9]*)",
    "float": r"(?i)[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[-+][0-9]+)?|[-+]?\.(inf|nan)",
    "bool": r"(?i)true|false",
    "null": r".*",
    "str": r"(?s).*",
    "merge": r".*",
}
"""The plain values that mean what their author expects; YAML 1.1 also reads 010 as 8."""


def read_yaml(file: Path, name: str | None = None) -> dict[str, object]:
    """Read a YAML or JSON file with keys at its top, to the values that Snakemake reads.

    Parameters
    ----------
    file : Path
    name : str, optional
        What messages call it; by default its path.

    Raises
    ------
    BackpropError
        If the file cannot be read, is not YAML, is not a mapping, has a key twice or one that
        Snakemake would use, or a value that YAML reads as another than it seems, such as 010.
    """
    name = name or str(file)
    try:
        if is_endless(file):
            raise OSError(None, "not a file")
        content = _value(file.read_text(encoding="utf-8"), name)
    except FileNotFoundError as error:
        raise BackpropError(f"{name}: found no such file; use the path of a config") from error
    except OSError as error:
        raise BackpropError(f"{name}: {error.strerror}; use {EXPECTED}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        raise BackpropError(
            f"{name}: line {line}: found the byte 0x{byte:02x}; use {EXPECTED}"
        ) from error
    if not isinstance(content, dict):
        kind = {type(None): "nothing", list: "a list"}.get(type(content), f"only {content!r:.100}")
        raise BackpropError(f"{name}: found {kind}; use {EXPECTED}")
    for key, reason in RESERVED.items():
        if key in content:
            raise BackpropError(f"{name}: {key}: unknown key; {reason}")
    return content


def parse_yaml(text: str, name: str) -> Any:
    """Return the value of a text in YAML; see `read_yaml` for what is refused.

    Parameters
    ----------
    text : str
    name : str
        What messages call it.
    """
    try:
        content = yaml.load(text, _Loader)
        _refuse_too_many(content)
        return content
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = (error.problem or error.context or "").removeprefix("but ").replace("\n", " ")
        raise BackpropError(
            f"{name}: {place}{problem:.200}; use {error.note or EXPECTED}"
        ) from error
    # PyYAML lets errors of `int` and `chr` pass, and of lists that are too deep in each other.
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise BackpropError(f"{name}: {str(error).splitlines()[0]}; use {EXPECTED}") from error


def _refuse_too_many(content: object) -> None:
    """Raise a ValueError if aliases repeat values without end, or nearly so."""
    left, values = [content], 0
    while left:
        value, values = left.pop(), values + 1
        if values > MOST_VALUES:
            raise ValueError(f"found over {MOST_VALUES:,} values, with those that aliases repeat")
        if isinstance(value, dict | list):
            left += value.values() if isinstance(value, dict) else value


def leaves(
    value: object, place: Place = (), *, whole_lists: bool = False
) -> Iterator[tuple[Place, object]]:
    """Yield each value that holds no other one, or each whole list, and its place."""
    if value and isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*place, str(key)), whole_lists=whole_lists)
    elif value and isinstance(value, list) and not whole_lists:
        for number, each in enumerate(value):
            yield from leaves(each, (*place, number))
    else:
        yield place, value


def _value(text: str, name: str) -> object:
    """Return the value of a text in JSON or else, as Snakemake does, in YAML."""
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _unique_keys(pairs, name))
    except (ValueError, RecursionError):
        return parse_yaml(text, name)


def _unique_keys(pairs: list[tuple[str, object]], name: str) -> dict[str, object]:
    """Return the keys and values of a mapping; refuse a key that is there twice."""
    for key, number in Counter(key for key, _ in pairs).items():
        if number > 1:
            raise BackpropError(f"{name}: found {key!r:.50} twice; use {EXPECTED}")
    return dict(pairs)


class _Loader(yaml.SafeLoader):
    """A loader that refuses duplicate keys and surprises."""

    def compose_mapping_node(self, anchor: dict[Any, yaml.Node]) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise _fault(key.start_mark, f"found {name!r:.50} twice")
            seen.add(name)
        return node

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        node = super().compose_scalar_node(anchor)
        kind = node.tag.removeprefix(TAG)
        if node.style is None and not re.fullmatch(PLAIN.get(kind, "(?!)"), node.value):
            value, instead = f"a {'date' if kind == 'timestamp' else kind}", ""
            if kind in PLAIN:
                value = f"{json.dumps(self.construct_object(node)):.50}"
                instead = f"{value}, or "
            problem = f"found {node.value:.50}, which YAML reads as {value}"
            instead += f"{json.dumps(node.value):.50} as a text"
            raise _fault(node.start_mark, problem, instead)
        return node


def _fault(mark: yaml.Mark | None, problem: str, instead: str = EXPECTED) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark, note=instead)
