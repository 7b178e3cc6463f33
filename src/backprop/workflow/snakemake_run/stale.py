"""Which results are not as the jobs of the plan would leave them, and why."""

import os
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path

from backprop.files import digest
from backprop.workflow.records.job_records import Record, digest_of_job, read_records
from backprop.workflow.snakemake_run.snakemake_internals import Session

OTHER_JOB = "it was made by another config or version of this workflow"


def stale_results(
    results: Collection[str],
    folder: Path,
    snakemake: Session,
    *,
    all_stale: bool = False,
    sources: Collection[str] = (),
) -> dict[str, str]:
    """Find the results that must be made again.

    Parameters
    ----------
    results : collection of str
        All files that a run makes.
    folder : Path
        Of the results.
    snakemake : Session
    all_stale : bool, default=False
        Whether to find those, too, that Snakemake makes again anyway when it runs jobs.
    sources : collection of str
        The tables that rules of another workflow make.

    Returns
    -------
    dict of str to str
        The reason for each of these files.
    """
    # Of two records of a file, the later one counts: a rule may have another name now.
    by_file = read_records(folder)
    record_of = {file: record for record in by_file.values() for file in record.outputs}
    made = dict.fromkeys(sources) | {f: record.outputs[f] for f, record in record_of.items()}
    digest_of = cache(lambda file: digest(Path(file)))
    agrees = cache(lambda name: _agrees(by_file[Path(name)], snakemake))
    newer = all_stale or not snakemake.compares_times

    def seen(file: str, record: Record) -> bool:
        """Return whether Snakemake itself compares the job of a result with the plan."""
        return not all_stale and snakemake.remembers(file, record.job, record.inputs)

    reasons: dict[str, str] = {}
    for file in (file for file in results if os.path.exists(file)):
        record = record_of.get(file)
        try:
            if not os.path.isfile(file):
                reasons[file] = "it is not a file"
            elif record is None:
                reasons[file] = "there is no record of how it was made"
            elif digest_of(file) != record.outputs[file]:
                reasons[file] = "it is not what a finished job left there"
            elif changed := _other_inputs(file, record, digest_of, made, newer=newer):
                reasons[file] = f"it was made from another {changed[0]}"
            elif not (seen(file, record) or agrees(record.file)):
                reasons[file] = OTHER_JOB
        except OSError as error:  # such as in a dry run, while a job of a run replaces the file
            reasons[file] = f"it cannot be read ({error.strerror})"
    return reasons


def _other_inputs(
    file: str,
    record: Record,
    digest_of: Callable[[str], str],
    made: Mapping[str, str | None],
    *,
    newer: bool,
) -> list[str]:
    """Return the results that a result was made from, and that are others now.

    If one is made again itself, Snakemake notices that. So it does if one is newer; `newer` says
    whether to return such inputs, too. `made` has the digest that each result should have; None for
    one of another workflow.
    """
    time = os.stat(file).st_mtime
    return [
        name
        for name, expected in record.inputs.items()
        if name in made
        and os.path.isfile(name)
        and (newer or os.stat(name).st_mtime <= time)
        and expected != digest_of(name) == (made[name] or digest_of(name))
    ]


def _agrees(record: Record, snakemake: Session) -> bool:
    """Return whether a record is of the job that the plan has for its outputs now."""
    try:
        parameters, inputs = snakemake.planned(record.rule, record.wildcards)
        return record.job == digest_of_job(parameters) and inputs == set(record.inputs)
    except Exception:  # of any kind: the record is of a rule that is not as it was then
        return False
