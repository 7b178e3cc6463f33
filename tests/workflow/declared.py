"""What the rules declare: the real rules, as Snakemake reads them, for a plan."""

import json
import re
from functools import cache
from types import SimpleNamespace
from typing import Any

from project import ROOT
from snakemake.api import (
    ConfigSettings,
    ResourceSettings,
    StorageSettings,
    Workflow,
    WorkflowSettings,
)
from snakemake.logging import LoggerManager, logger
from snakemake.settings.types import OutputSettings

from backprop.workflow.plan.plan import Plan
from backprop.workflow.records.job_records import JobParameters
from backprop.workflow.snakemake_run.snakemake_internals import Session

INCLUDED = re.findall(
    r"workflow/rules/(\w+)\.smk", (ROOT / "Snakefile").read_text(encoding="utf-8")
)
WITHOUT_RULES = ("library", "start_and_end")
FILES = [name for name in INCLUDED if name not in WITHOUT_RULES]


@cache
def shared_workflow() -> Workflow:
    """Return Snakemake's workflow, without rules. It has folders that live as long as it does."""
    return Workflow(
        config_settings=ConfigSettings(),
        resource_settings=ResourceSettings(),
        workflow_settings=WorkflowSettings(),
        storage_settings=StorageSettings(),
        logger_manager=LoggerManager(logger, OutputSettings()),
    )


class Declared:
    """The rules of a plan.

    Parameters
    ----------
    plan : Plan

    Attributes
    ----------
    rules : dict of str to object
        Snakemake's rules that run a job, by name.
    """

    def __init__(self, plan: Plan) -> None:
        workflow = shared_workflow()
        workflow._rules.clear()  # of the plan before
        workflow._included.clear()
        this_run = SimpleNamespace(session=Session(workflow), while_planning=lambda: None)
        own = {"plan": plan, "this_run": this_run}
        workflow.modifier.globals = {**workflow.vanilla_globals, **own}  # functions keep them
        for name in FILES:
            workflow.include(str(ROOT / f"workflow/rules/{name}.smk"))
        self.rules: dict[str, Any] = {
            rule.name: rule for rule in workflow.rules if hasattr(rule.params, "job")
        }

    def job(self, rule: str, dataset: str = "ex4", **wildcards: str) -> JobParameters:
        """Return what a job depends on except its input files, as one string."""
        return self.rules[rule].params.job(SimpleNamespace(dataset=dataset, **wildcards))

    def values(self, rule: str, dataset: str = "ex4", **wildcards: str) -> dict[str, Any]:
        """Return the same as values."""
        return json.loads(self.job(rule, dataset, **wildcards))
