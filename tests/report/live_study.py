"""Small studies for the live page, trained here."""

import json
from functools import cache

import pandas as pd

from backprop.models.networks import train_fits
from backprop.network import stacked
from backprop.report.live.study_data import export_beginnings, export_fits, export_study
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import as_row
from backprop.study.splits import splits_of

REFERENCE = Configuration.of_network((3,), "sigmoid", "squared_error", 0.1, "uniform")


def changed(**values):
    return REFERENCE.changed(**values)


def study(*arguments, **options):
    """Return the splits of a small study, and what the page knows of it, which may be changed."""
    splits, known = trained_study(*arguments, **options)
    return splits, json.loads(known)


@cache
def trained_study(
    dataset, *configurations, seed=1, folds=3, repeats=1, chaotic_until=None, **training
):
    """Train a study, once for all tests.

    Rounding errors decide after the epoch `chaotic_until`, if it is given.
    """
    training = {"epochs": 4, **training}
    how = {"folds": folds, "repeats": repeats, "seed": seed, "order": dataset.order}
    splits = splits_of(draw_folds(dataset.y, **how))
    pairs = [(each, split) for each in configurations for split in splits]
    trained = train_fits(stacked, pairs, dataset, seed=seed, **training)
    fits = pd.DataFrame(
        as_row("scratch", *pair, fit, "") for pair, fit in zip(pairs, trained, strict=True)
    )
    known = export_study(dataset, splits, seed=seed, training=training)
    known |= export_fits(fits, splits, configurations)
    known["chaotic"] = [
        chaotic_until
        and export_beginnings(fits[fits["configuration"] == each.name], splits, chaotic_until)
        for each in configurations
    ]
    return splits, json.dumps(known)
