"""Level 2 of `make verify`: whether each fit is of this plan, and predicts what it says it does."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from backprop.data.dataset import Dataset, read_dataset
from backprop.data.encoding import Encoder
from backprop.errors import BackpropError
from backprop.models.registry import Model
from backprop.statistics.parity import PARITY
from backprop.study.configurations import Candidate
from backprop.study.fits import (
    class_probabilities,
    copy_fits,
    identities,
    read_fits,
    read_identities,
)
from backprop.study.splits import Split, read_splits
from backprop.typing import Array
from backprop.workflow import paths
from backprop.workflow.archive.contents import Findings
from backprop.workflow.jobs import basis
from backprop.workflow.plan import Plan

COLUMNS = ("configuration", "repeat", "fold", "status", "rows", "probabilities", "parameters")
MAX_BYTES = 1_000_000_000  # of a file of fits in memory: the default run has 20 million in all


class FitFile(NamedTuple):
    """A file of fits, and what should be in it."""

    dataset: str
    model: str
    file: Path
    configurations: Sequence[Candidate]
    splits: Sequence[Split]

    @property
    def fits(self) -> int:
        """How many fits the file should have."""
        return len(self.configurations) * len(self.splits)

    def name_of(self, configuration: str | None, split: Split) -> str:
        """Return what messages call a fit."""
        return f"{self.file}: {configuration or self.model}, {split.named}"


def fit_files(plan: Plan, datasets: Sequence[str]) -> Iterator[FitFile]:
    """List the files of fits of some data sets, in the order of the models.

    Raises
    ------
    BackpropError
        If the folds of one cannot be read.
    """
    for dataset in datasets:
        files = [*plan.outputs.fits(dataset), *plan.outputs.fits_of_checks(dataset)]
        folds = Path(paths.FOLDS.format(dataset=dataset))
        for file in map(Path, files):
            of_network = paths.wildcards(paths.NETWORK_FITS, file)
            model = (of_network or paths.wildcards(paths.FITS, file))["model"]
            inner = [*map(Path, plan.outputs.inner_folds(model, dataset))]
            try:
                splits = read_splits(folds, inner)
            except Exception as error:  # of any kind: the files may hold anything
                both = " or ".join(map(str, [folds, *inner]))
                raise BackpropError(f"{both}: cannot be read as folds ({error!s:.200})") from error
            yield FitFile(
                dataset,
                model,
                file,
                plan.design.trained(model, of_network.get("shape")),
                splits if plan.design.registry[model].compared else splits[:1],
            )


def dataset_of(name: str) -> Dataset:
    """Read a data set."""
    return read_dataset(*(Path(path.format(dataset=name)) for path in (paths.DATA, paths.COLUMNS)))


def check_fits(
    files: Sequence[FitFile], plan: Plan, versions: Mapping[str, str], again: Path
) -> Findings:
    """Check the fits of all files: what each is of, and what its weights predict; copy the sound.

    Parameters
    ----------
    files : sequence of FitFile
    plan : Plan
    versions : mapping of str to str
        Those of the packages with which the archive's fits were trained, by package.
    again : Path
        The folder for copies of the fits that are what they should be, with the fingerprints that
        fits have here. A run there trains all others.
    """
    findings = Findings()
    known, count, largest, without, unpredicted = 0, 0, 0.0, 0, 0
    for each in files:
        model = plan.design.registry[each.model]
        try:
            _check_size(each)
            faults, sound = _origin_faults(each, plan, versions)
            known += each.fits - len(faults)
            number, faults_of_status = _check_trouble(each, model)
            without += number
            findings.faults += faults + faults_of_status
            if model.family.is_module:
                number, difference, faults = _check_predictions(each, model, plan.config["seed"])
                count, largest = count + number, max(largest, difference)
                findings.faults += faults
            else:
                unpredicted += each.fits
            (again / each.file).parent.mkdir(parents=True, exist_ok=True)
            copy_fits(each.file, again / each.file, sound)
        except Exception as error:  # of any kind: the file may hold anything
            findings.faults.append(f"{each.file}: cannot be used as fits of this config ({error})")
    findings.done += [
        f"{known:,} fits are of these data, folds, config, code and versions: fingerprints",
        f"{count:,} fits have weights that predict their probabilities, to within {largest:.1e}",
    ]
    inner = sum(s.inner is not None for f in files for s in f.splits for _ in f.configurations)
    for number, what in (
        (inner, "the probabilities of {:,} inner fits, which are stored without weights: level 3"),
        (unpredicted, "the probabilities of {:,} fits of scikit-learn, without weights: level 3"),
        (without, "whether {:,} fits diverged or failed, so that they predict nothing: level 3"),
        (1, "the status, the epochs and the learning curve of each fit: level 3; its time: never"),
    ):
        findings.unchecked += [what.format(number)] if number else []
    return findings


def _check_size(each: FitFile) -> None:
    """Refuse a file with more fits than the config asks for, by what it announces."""
    with pq.ParquetFile(each.file) as file:
        rows = file.metadata.num_rows
    if rows > each.fits:
        raise BackpropError(f"it has {rows:,} fits; the config asks for {each.fits:,}")


def _origin_faults(
    each: FitFile, plan: Plan, versions: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Find the fits that are not there once, or are not what they should be.

    Returns
    -------
    faults : list of str
        A message for each.
    sound : dict of str to str
        The fingerprint that each other fit has here, by the one that it has.
    """
    files = [path.format(dataset=each.dataset) for path in (paths.DATA, paths.COLUMNS)]
    computes = plan.computes(each.model)
    own = {name: versions.get(name, version) for name, version in computes["versions"].items()}
    needs = plan.design.needs(each.model)
    common, ours = (
        basis({"computes": {**computes, "versions": each_own}, "needs": needs}, files)
        for each_own in (own, computes["versions"])
    )
    rows: dict[tuple[Any, ...], list[tuple[dict[str, Any], bool]]] = {}
    for row, is_sound in read_identities(each.file, MAX_BYTES):
        rows.setdefault(_key(row), []).append((row, is_sound))
    faults, sound = [], {}
    expected = identities(each.model, each.configurations, each.splits, common)
    here = identities(each.model, each.configurations, each.splits, ours)
    pairs = ((c, s) for c in each.configurations for s in each.splits)
    for (configuration, split), identity, own_identity in zip(pairs, expected, here, strict=True):
        if fault := _fault(identity, rows.pop(_key(identity), [])):
            faults.append(f"{each.name_of(configuration.name, split)}: {fault}")
        else:
            sound[identity["fingerprint"]] = own_identity["fingerprint"]
    if rows:
        faults.append(f"{each.file}: has fits that the config does not ask for")
    return faults, sound


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[key] for key in ("configuration", "repeat", "fold", "inner"))


def _fault(identity: Mapping[str, Any], rows: Sequence[tuple[dict[str, Any], bool]]) -> str:
    """Return what is wrong with the rows of a fit; nothing if there is one, as it should be."""
    if len(rows) != 1:
        return "there twice" if rows else "missing"
    ((row, is_sound),) = rows
    differing = [key for key in identity if not np.array_equal(row[key], identity[key])]
    if differing == ["fingerprint"]:
        return "altered, or not trained on these data and folds by this config and code"
    if differing:
        return f"altered; not as the config has it: {', '.join(differing)}"
    return "" if is_sound else "altered; its checksum is of another fit"


def _check_trouble(each: FitFile, model: Model) -> tuple[int, list[str]]:
    """Check that fits have probabilities, but for those that diverged or failed.

    Returns
    -------
    number : int
        Of the fits without probabilities.
    faults : list of str
    """
    number, faults = 0, []
    for inner in (False, True):
        columns = ["configuration", "status", "probabilities"]
        fits = read_fits([each.file], columns=columns, inner=inner)
        for name, status, p in fits.itertuples(index=False):
            has_trouble = status == model.family.trouble
            number += has_trouble
            if not (np.isnan(p) if has_trouble else np.isfinite(p)).all():
                faults.append(
                    f"{each.file}: {name or each.model}: a fit with the status {status!r:.30} "
                    f"has {'probabilities' if has_trouble else 'no probabilities'}"
                )
    return number, faults


def _check_predictions(each: FitFile, model: Model, seed: int) -> tuple[int, float, list[str]]:
    """Predict the test rows by the weights of each fit.

    Returns
    -------
    number : int
        Of the fits that agree.
    largest : float
        The largest difference of a probability, of the fits that agree.
    faults : list of str
    """
    fits, dataset = read_fits([each.file], columns=COLUMNS), dataset_of(each.dataset)
    fits = fits[fits["status"] != model.family.trouble]
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
        own = fits[is_own]
        keys = [(r - 1, f - 1) for r, f in zip(own["repeat"], own["fold"], strict=True)]
        inputs = [encoded[key] for key in keys]
        chosen = [splits[key] for key in keys]
        for place, p in _predict(model, configuration, own, chosen, inputs, dataset, seed):
            key, stored = keys[place], own["probabilities"].iloc[place]
            difference = _difference(class_probabilities(stored, len(p)), p)
            if not difference <= PARITY:
                faults.append(
                    f"{each.name_of(configuration.name, splits[key])}: its weights and its "
                    f"probabilities do not belong together: they differ by {difference:.2g}"
                )
            else:
                largest = max(largest, difference)
    return len(fits) - len(faults), largest, faults


def _predict(
    model: Model,
    configuration: Candidate,
    fits: pd.DataFrame,
    splits: Sequence[Split],
    inputs: Sequence[Array],
    dataset: Dataset,
    seed: int,
) -> Iterator[tuple[int, Array]]:
    """Yield the place of each fit, and its predictions of its test rows, shape (rows, C)."""
    sizes = np.array([len(x) for x in inputs])
    for size in np.unique(sizes):  # fits with as many test rows are predicted together
        places = np.flatnonzero(sizes == size).tolist()
        p = model.family.predict(
            model.implementation,
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
