"""Level 2 of `make verify`: whether each fit is of this plan, and predicts what it says it does."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset, read_dataset
from backprop.data.encoding import Encoder
from backprop.models.registry import MODELS
from backprop.statistics.parity import PARITY
from backprop.study.configurations import Candidate
from backprop.study.fits import class_probabilities, missing_fits, read_fits
from backprop.study.splits import Split, read_splits
from backprop.typing import Array
from backprop.workflow import paths
from backprop.workflow.archive.contents import Findings, some_of
from backprop.workflow.jobs import basis
from backprop.workflow.plan import Plan

COLUMNS = ("configuration", "repeat", "fold", "status", "rows", "probabilities", "parameters")
WITHOUT_MODEL = ("diverged", "failed")  # statuses of fits that predict nothing


class FitFile(NamedTuple):
    """A file of fits, and what should be in it."""

    dataset: str
    model: str
    file: Path
    configurations: Sequence[Candidate]
    splits: Sequence[Split]

    def name_of(self, configuration: str | None, split: Split) -> str:
        """Return what messages call a fit."""
        return f"{self.file}: {configuration or self.model}, {split.named}"


def fit_files(plan: Plan) -> Iterator[FitFile]:
    """List the files of fits of a plan, in the order of the models."""
    for dataset in plan.config["datasets"]:
        files = [*plan.outputs.fits(dataset), *plan.outputs.fits_of_checks(dataset)]
        folds = Path(paths.FOLDS.format(dataset=dataset))
        for file in map(Path, files):
            is_network = file.parent.name != "fits"
            model = file.parent.name if is_network else file.stem
            inner = map(Path, plan.outputs.inner_folds(model, dataset))
            splits = read_splits(folds, inner)
            yield FitFile(
                dataset,
                model,
                file,
                plan.design.trained(model, file.stem if is_network else None),
                splits if MODELS[model].compared else splits[:1],
            )


def dataset_of(name: str) -> Dataset:
    """Read a data set."""
    return read_dataset(*(Path(path.format(dataset=name)) for path in (paths.DATA, paths.COLUMNS)))


def check_fits(files: Sequence[FitFile], plan: Plan, versions: dict[str, str]) -> Findings:
    """Check the fits of all files, see `_check_origin` and `_check_predictions`.

    Parameters
    ----------
    files : sequence of FitFile
    plan : Plan
    versions : dict of str to str
        Those of the packages with which the archive's fits were trained, by package.
    """
    findings = Findings()
    count, largest, known = 0, 0.0, 0
    for each in files:
        try:
            known += _check_origin(each, plan, versions, findings)
            if MODELS[each.model].family.is_module:
                number, difference = _check_predictions(each, plan.config["seed"], findings)
                count, largest = count + number, max(largest, difference)
        except Exception as error:  # of any kind: the file may hold anything
            findings.faults.append(f"{each.file}: cannot be used as fits of this config ({error})")
    findings.done += [
        f"{known:,} fits are of these data, folds, config, code and versions: fingerprints",
        f"{count:,} fits have weights that predict their probabilities, to within {largest:.1e}",
    ]
    inner = sum(
        split.inner is not None for f in files for split in f.splits for _ in f.configurations
    )
    if inner:
        findings.unchecked.append(
            f"the probabilities of {inner:,} inner fits, which are stored without weights: level 3"
        )
    return findings


def _check_origin(each: FitFile, plan: Plan, versions: dict[str, str], findings: Findings) -> int:
    """Check the fingerprints and checksums of the fits of a file; return how many there are."""
    files = [path.format(dataset=each.dataset) for path in (paths.DATA, paths.COLUMNS)]
    needs = plan.design.needs(each.model)
    common = basis({"computes": _computes(plan, each.model, versions), "needs": needs}, files)

    def missing(configurations: Sequence[Candidate], splits: Sequence[Split]) -> int:
        with _without_log():
            return missing_fits(each.file, each.model, configurations, splits, common)

    pairs = len(each.configurations) * len(each.splits)
    if missing(each.configurations, each.splits):
        names = [
            each.name_of(configuration.name, split)
            for configuration in each.configurations
            if missing([configuration], each.splits)
            for split in each.splits
            if missing([configuration], [split])
        ]
        faults = [
            f"{name}: altered, or not trained on these data and folds by this config and code"
            for name in names
        ]
        findings.faults += some_of(faults)
        pairs -= len(faults)
    present = sum(len(read_fits([each.file], columns=["fold"], inner=i)) for i in (False, True))
    if present > len(each.configurations) * len(each.splits):
        findings.faults.append(f"{each.file}: has fits that the config does not ask for")
    return pairs


def _computes(plan: Plan, model: str, versions: dict[str, str]) -> dict[str, Any]:
    """Return the code and the versions that decide a fit, as the rule of its job does."""
    entry = MODELS[model]
    decides = plan.dependencies.of_modules(*entry.trained_by)
    decides["versions"] = {name: versions.get(name, v) for name, v in decides["versions"].items()}
    return decides if entry.family.is_module else {**decides, "classifier": entry.implementation}


def _check_predictions(each: FitFile, seed: int, findings: Findings) -> tuple[int, float]:
    """Predict the test rows by the weights of each fit.

    Returns
    -------
    number : int
        Of the fits that were compared.
    largest : float
        The largest difference of a probability, of the fits that agree.
    """
    fits, dataset = read_fits([each.file], columns=COLUMNS), dataset_of(each.dataset)
    splits = {s.key[:2]: s for s in each.splits if s.inner is None}
    encoded = {
        key: Encoder.of(dataset, split.train).apply(dataset.x[split.test])
        for key, split in splits.items()
    }
    faults, largest = [], 0.0
    for configuration in each.configurations:
        is_own = (
            fits["configuration"].isna()
            if configuration.name is None
            else (fits["configuration"] == configuration.name)
        )
        own = fits[is_own & ~fits["status"].isin(WITHOUT_MODEL)]
        keys = [(r - 1, f - 1) for r, f in zip(own["repeat"], own["fold"], strict=True)]
        inputs = [encoded[key] for key in keys]
        chosen = [splits[key] for key in keys]
        for place, p in _predict(each.model, configuration, own, chosen, inputs, dataset, seed):
            key, stored = keys[place], own["probabilities"].iloc[place]
            difference = _difference(class_probabilities(stored, len(p)), p)
            if not difference <= PARITY:
                faults.append(
                    f"{each.name_of(configuration.name, splits[key])}: its weights and its "
                    f"probabilities do not belong together: they differ by {difference:.2g}"
                )
            else:
                largest = max(largest, difference)
    findings.faults += some_of(faults)
    return len(fits) - int(fits["status"].isin(WITHOUT_MODEL).sum()) - len(faults), largest


def _predict(
    model: str,
    configuration: Candidate,
    fits: pd.DataFrame,
    splits: Sequence[Split],
    inputs: Sequence[Array],
    dataset: Dataset,
    seed: int,
) -> Iterator[tuple[int, Array]]:
    """Yield the place of each fit, and its predictions of its test rows, shape (rows, C)."""
    entry = MODELS[model]
    sizes = np.array([len(x) for x in inputs])
    for size in np.unique(sizes):  # fits with as many test rows are predicted together
        places = np.flatnonzero(sizes == size).tolist()
        p = entry.family.predict(
            entry.implementation,
            configuration,
            [splits[k] for k in places],
            [fits["parameters"].iloc[k] for k in places],
            [inputs[k] for k in places],
            dataset=dataset,
            seed=seed,
        )
        yield from ((place, p[..., n]) for n, place in enumerate(places))


def _difference(one: Array, other: Array) -> float:
    """Return the largest difference; infinity if they are of other shapes, or have no numbers."""
    if one.shape != other.shape or not np.isfinite(one).all() or not np.isfinite(other).all():
        return np.inf
    return float(abs(one - other).max())


@contextmanager
def _without_log() -> Iterator[None]:
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
