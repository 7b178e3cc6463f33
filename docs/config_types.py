"""Write the types of the config from its schema: ``python docs/config_types.py --write``.

The schema says once what each key is, its limits and its default. From it follows
``src/backprop/config.py``, a class for each section, whose attributes are its keys. Without
``--write``, it is printed.
"""

import argparse
import keyword
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"
TYPES = ROOT / "src/backprop/config.py"
START = '''"""The completed config as objects: every key is an attribute with a value.

`docs/config_types.py` writes this file from the schema of the config. Where training and statistics
import it for types only, no number depends on it.
"""

from typing import Literal

from backprop.sections import ConfigSection
'''
NAMES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


class Types:
    """The types of a schema: one class for each mapping with fixed keys."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._definitions = schema["$defs"]
        self.classes: dict[str, list[tuple[str, str]]] = {}
        self.meanings: dict[str, str] = {}
        self.of(schema, "Config")

    def of(self, schema: Mapping[str, Any], name: str) -> str:
        """Return the type of a value in a completed config; `name` is for its class."""
        if reference := schema.get("$ref"):
            key = reference.removeprefix("#/$defs/")
            return self.of({**self._definitions[key], **_without(schema, "$ref")}, _title(key))
        if "enum" in schema:
            return f"Literal[{', '.join(map(_literal, schema['enum']))}]"
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        types = [self._of_kind(kind, schema, name) for kind in kinds]
        default = schema.get("default", ...)
        if default is None:
            types.append("None")
        elif isinstance(default, str) and "string" not in kinds:
            types.append(f"Literal[{_literal(default)}]")
        return " | ".join(sorted(dict.fromkeys(types), key=lambda each: each == "None"))

    def _of_kind(self, kind: str, schema: Mapping[str, Any], name: str) -> str:
        if kind == "array":
            if "properties" in schema["items"]:  # a key may be missing: no class has it
                return "list[dict[str, object]]"
            return f"list[{self.of(schema['items'], name)}]"
        if kind != "object":
            return NAMES[kind]
        if "properties" not in schema:
            return f"dict[str, {self.of(schema['additionalProperties'], f'{name}Entry')}]"
        self.classes[name] = []  # its place is before the classes in it
        self.meanings[name] = f"{schema['description'][0].upper()}{schema['description'][1:]}."
        self.classes[name] = [
            (key, self.of(value, f"{'' if name == 'Config' else name}{_title(key)}"))
            for key, value in schema["properties"].items()
        ]
        return name

    def written(self) -> str:
        """Return the code of all classes, each after those in it."""
        each = reversed(self.classes.items())
        return START + "".join(_written(name, self.meanings[name], own) for name, own in each)


def _written(name: str, meaning: str, fields: list[tuple[str, str]]) -> str:
    lines = "".join(f"    {key}{'_' * keyword.iskeyword(key)}: {kind}\n" for key, kind in fields)
    start = f"\n\nclass {name}(ConfigSection):\n"
    return f'{start}    """{meaning}"""\n\n{lines}'


def _title(key: str) -> str:
    return key.title().replace("_", "")


def _literal(value: str) -> str:
    return f'"{value}"'


def _without(schema: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != key}


def main() -> None:
    """Write the types, or print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write them into {TYPES.name}")
    text = Types(yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))).written()
    if parser.parse_args().write:
        TYPES.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
