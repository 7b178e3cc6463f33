"""Configs of tests, completed as the workflow completes them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from project import ROOT, SMALL

from backprop.config import Config
from backprop.workflow.checks import read_schema
from backprop.workflow.completion import completed

SCHEMA_FILE = ROOT / "workflow/schemas/config.schema.yaml"


def typed(config: Mapping[str, Any]) -> Config:
    """Return a completed config as objects; `SMALL` has what it must have and lacks."""
    content = full(config)
    for key in ("seed", "datasets", "training", "models", "reference", "vary", "search"):
        content.setdefault(key, SMALL[key])
    for section in ("validation", "comparison"):
        content[section] = {**SMALL[section], **content.get(section, {})}
    for entry in content["datasets"].values():
        entry.setdefault("source", "ex4")
    return Config.of(full(content))


def full(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a config, or a part of one, with every key that may be left out."""
    own = (*config.get("estimators", ()), *config.get("predictions", ()))
    return completed(config, schema_of(own))


@cache
def schema_of(models: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of a config with some models of its own; hundreds of tests need it."""
    return read_schema(SCHEMA_FILE, models)
