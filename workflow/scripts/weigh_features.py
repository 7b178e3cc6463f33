"""Compute what each feature is worth to each model."""

from pathlib import Path

from backprop.data.feature_groups import as_parameters, groups_of_features, left_out_of
from backprop.files import write_table
from backprop.models.registry import with_estimators
from backprop.statistics.importance import compare_without, judge_without
from backprop.statistics.permuted_features import FITS, worth_to_fits
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters)
    groups, count = left_out_of(results.dataset, **as_parameters(parameters))
    files = [Path(file) for file in snakemake.input.without]
    whole = results.fits_of_headlines([file.stem for file in files], FITS)
    permuted = worth_to_fits(
        results,
        with_estimators(dict(parameters.get("estimators", ()))),
        whole,
        groups or groups_of_features(results.dataset, parameters["named"]),
    )
    judgement = judge_without(results, whole, files)
    worth = compare_without(judgement, groups, count, parameters["most"], permuted)
    write_table(Path(snakemake.output.importance), worth)
