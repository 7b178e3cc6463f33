"""Sections of the config: objects whose attributes are its keys, and their way from and to JSON."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self, get_args, get_origin

from backprop.typing import Json


class ConfigSection:
    """A mapping with fixed keys, as an object; `backprop.config` has one dataclass for each.

    An attribute has the name of its key; a key that Python reserves has an underscore after it.
    """

    @classmethod
    def of(cls, content: Mapping[str, Json]) -> Self:
        """Create a section from a mapping that has every key, as JSON has it.

        Raises
        ------
        KeyError
            If a key is missing.
        """
        return cls(
            **{
                each.name: _typed(each.type, content[each.name.removesuffix("_")])
                for each in fields(cls)  # type: ignore[arg-type]
            }
        )

    def as_json(self) -> dict[str, Json]:
        """Return the mapping of which `of` makes the same section."""
        return {key.removesuffix("_"): _plain(value) for key, value in vars(self).items()}


def _typed(kind: object, value: Any) -> object:
    if isinstance(kind, type) and issubclass(kind, ConfigSection):
        return kind.of(value)
    if get_origin(kind) is dict:
        return {key: _typed(get_args(kind)[1], part) for key, part in value.items()}
    return value


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value.as_json() if isinstance(value, ConfigSection) else value
