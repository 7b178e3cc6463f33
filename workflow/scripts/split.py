"""Draw the folds of the cross-validation."""

from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.data.groups import groups_of
from backprop.study.cross_validation import draw_folds, write_folds
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    dataset = read_dataset(*map(Path, snakemake.input.data))
    assigned = draw_folds(
        dataset.y,
        **{key: parameters[key] for key in ("folds", "repeats", "seed")},
        groups=groups_of(dataset, parameters["duplicates"]),
        order=dataset.order,
        gap=parameters.get("gap", 0),
        classes=dataset.classes,
    )
    write_folds(Path(snakemake.output[0]), assigned)
