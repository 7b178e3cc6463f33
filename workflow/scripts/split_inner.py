"""Draw the inner folds of the nested cross-validation."""

from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.data.groups import groups_of
from backprop.study.cross_validation import draw_inner_folds, write_inner_folds
from backprop.study.splits import read_splits
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    dataset = read_dataset(*map(Path, snakemake.input.data))
    splits = read_splits(Path(snakemake.input.folds))[: parameters["splits"]]
    assigned = draw_inner_folds(
        splits,
        dataset.y,
        **{key: parameters[key] for key in ("folds", "seed")},
        groups=groups_of(dataset, parameters["duplicates"]),
        order=dataset.order,
        gap=parameters.get("gap", 0),
        classes=dataset.classes,
    )
    write_inner_folds(Path(snakemake.output[0]), splits, assigned)
