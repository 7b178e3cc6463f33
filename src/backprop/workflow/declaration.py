"""How a rule declares what its jobs depend on, except their input files."""

import itertools
from collections.abc import Callable

from backprop.typing import Json
from backprop.workflow.dependencies import Dependencies
from backprop.workflow.records import JobParameters


def declare(
    dependencies: Dependencies, script: str, *modules: Json, words: bool = False, **values: Json
) -> Callable[[Json], JobParameters]:
    """Return the parameter ``job`` of a rule, as Snakemake takes it: a function of the wildcards.

    Parameters
    ----------
    dependencies : Dependencies
    script, *modules, words
        As `Dependencies.of_job` takes them.
    **values
        What else the script needs: values that JSON can hold. What depends on the job is a function
        of its wildcards: of values, or one that returns several modules.
    """

    def parameters(wildcards: Json) -> JobParameters:
        def of_job(value: Json) -> Json:
            return value(wildcards) if callable(value) else value

        named = [of_job(each) if callable(each) else [each] for each in modules]
        code = dependencies.of_job(script, *itertools.chain(*named), words=words)
        return JobParameters.of(code, **{key: of_job(value) for key, value in values.items()})

    return parameters
