"""Configs of tests, completed as the workflow completes them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from project import SMALL

from backprop.config import Config
from backprop.workflow.config_check.config_schema import read_schema


def typed(config: Mapping[str, Any]) -> Config:
    """Return a completed config as objects; `SMALL` has what it must have and lacks."""
    content = full(config)
    for key in ("seed", "datasets", "training", "models", "reference", "vary", "search"):
        content.setdefault(key, SMALL[key])
    for section in ("validation", "comparison"):
        content[section] = {**SMALL[section], **content.get(section, {})}
    content["datasets"] = {
        name: {"source": "ex4", **entry} for name, entry in content["datasets"].items()
    }
    return Config.model_validate(content)


def full(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a config, or a part of one, with every key that may be left out."""
    return completed(config, schema())


def completed(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return a value with the default of each key that it lacks."""
    if not isinstance(value, Mapping):
        return value
    known, others = schema.get("properties", {}), schema.get("additionalProperties") or {}
    defaults = {key: of_key["default"] for key, of_key in known.items() if "default" in of_key}
    return {
        key: completed(part, known.get(key, others)) for key, part in {**defaults, **value}.items()
    }


@cache
def schema() -> dict[str, Any]:
    """Return the schema of a config; hundreds of tests need it."""
    return read_schema()
