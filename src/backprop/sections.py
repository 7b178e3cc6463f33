"""Sections of the config: objects whose attributes are its keys, and their way from and to JSON.

They are like frozen dataclasses. To make these takes 20 ms, which each start would feel.
"""

from collections.abc import Mapping
from typing import Any, Self, dataclass_transform, get_args, get_origin


@dataclass_transform(frozen_default=True, kw_only_default=True)
class ConfigSection:
    """A mapping with fixed keys, as an object; `backprop.config` has a class for each.

    An attribute has the name of its key; a key that Python reserves has an underscore after it.
    """

    def __init__(self, **values: object) -> None:
        if wrong := values.keys() ^ type(self).__annotations__.keys():
            raise TypeError(f"{type(self).__name__}: missing or unknown {', '.join(sorted(wrong))}")
        vars(self).update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name}: a config does not change; see `changed`")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def changed(self, **values: object) -> Self:
        """Return a section with other values of some keys."""
        return type(self)(**{**vars(self), **values})

    @classmethod
    def of(cls, content: Mapping[str, object]) -> Self:
        """Create a section from a mapping that has every key, as JSON has it.

        Raises
        ------
        KeyError
            If a key is missing.
        """
        kinds = cls.__annotations__.items()
        return cls(**{name: _typed(kind, content[name.removesuffix("_")]) for name, kind in kinds})

    def as_json(self) -> dict[str, object]:
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
