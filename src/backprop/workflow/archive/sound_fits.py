"""The fits of an archive that are what they should be: of its data, config and code, each once."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from backprop.data.canonical_form import read_dataset
from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.data.groups import groups_of
from backprop.errors import BackpropError
from backprop.statistics.parity import PARITY
from backprop.study.configurations import Configuration
from backprop.study.fits import class_probabilities, copy_fits, read_fits
from backprop.study.splits import Split, read_splits
from backprop.study.subsets import training_subsets
from backprop.workflow import paths
from backprop.workflow.archive.comparing import largest_difference
from backprop.workflow.archive.contents import Findings
from backprop.workflow.jobs import basis
from backprop.workflow.plan import Plan

MAX_BYTES = 1_000_000_000  # of a file of fits in memory: the default run has 20 million in all


class FitFile(NamedTuple):
    """A file of fits, and what should be in it."""

    dataset: str
    model: str
    file: Path
    configurations: Sequence[Configuration]
    splits: Sequence[Split]

    @property
    def fits(self) -> int:
        """How many fits the file should have."""
        return len(self.configurations) * len(self.splits)


def fit_files(plan: Plan, again: Path) -> Iterator[FitFile]:
    """List the files of fits, data set by data set, in the order of the models.

    Those on shares of the training sets come last. The data are in the folder `again`.

    Raises
    ------
    BackpropError
        If the folds of a data set cannot be read.
    """
    for dataset in plan.config["datasets"]:
        folds = Path(paths.FOLDS.format(dataset=dataset))
        for name in (*plan.outputs.fits(dataset), *plan.outputs.fits_of_checks(dataset)):
            file = Path(name)
            of_network = paths.wildcards(paths.NETWORK_FITS, file)
            model = (of_network or paths.wildcards(paths.FITS, file))["model"]
            inner = [*map(Path, plan.outputs.inner_folds(model, dataset))]
            try:
                splits = read_splits(folds, inner)
            except Exception as error:  # of any kind: the files may hold anything
                both = " or ".join(map(str, [folds, *inner]))
                raise BackpropError(f"{both}: cannot be read as folds ({error!s:.200})") from error
            configurations = plan.design.trained(model, of_network.get("shape"))
            own = splits if plan.design.registry[model].compared else splits[:1]
            yield FitFile(dataset, model, file, configurations, own)
        if plan.design.shares:
            yield from _files_on_shares(plan, dataset, read_splits(folds), again)


def _files_on_shares(
    plan: Plan, dataset: str, splits: Sequence[Split], again: Path
) -> Iterator[FitFile]:
    """List the files of fits on shares of the training sets."""
    data, duplicates = dataset_of(dataset, again), plan.config["datasets"][dataset]["duplicates"]
    how: Any = {"seed": plan.config["seed"], "groups": groups_of(data, duplicates)}
    for file in map(Path, plan.outputs.fits_on_shares(dataset)):
        model, share = file.parent.name, float(file.stem)
        parts = training_subsets(splits, data.y, share, **how)
        yield FitFile(dataset, model, file, plan.design.candidates[model][:1], parts)


def dataset_of(name: str, folder: Path) -> Dataset:
    """Read a data set from a folder."""
    return read_dataset(*(folder / p.format(dataset=name) for p in (paths.DATA, paths.COLUMNS)))


def check_fits(
    files: Sequence[FitFile],
    plan: Plan,
    versions: Mapping[str, str],
    again: Path,
    findings: Findings,
) -> None:
    """Check the fits of all files: what each is of, and what its weights predict; copy the sound.

    Parameters
    ----------
    files : sequence of FitFile
    plan : Plan
    versions : mapping of str to str
        Those of the packages with which the archive's fits were trained, by package.
    again : Path
        The folder with the data, and for copies of the fits that are what they should be, with the
        fingerprints that fits have here. A run there trains all others.
    findings : Findings
        What is found is added to them.
    """
    sound, differences = 0, list[float]()
    for each in files:
        (again / each.file).parent.mkdir(parents=True, exist_ok=True)
        try:
            faults = copy_fits(
                each.file, again / each.file, each.model, each.configurations, each.splits,
                bases=_bases(each, plan, versions, again), max_bytes=MAX_BYTES,
            )  # fmt: skip
            if plan.design.registry[each.model].family.is_module:
                for name, difference in _differences(each, plan, again):
                    if difference <= PARITY:
                        differences.append(difference)
                    else:
                        faults.append(
                            f"{name}: its weights and its probabilities do not belong together: "
                            f"they differ by {difference:.2g}"
                        )
            sound += each.fits - len(faults)
            findings.faults += [f"{each.file}: {fault}" for fault in faults]
        except Exception as error:  # of any kind: the file may hold anything
            findings.faults.append(f"{each.file}: cannot be used as fits of this config ({error})")
    findings.done += [
        f"{sound:,} fits are of these data, folds, config, code and versions: fingerprints",
        f"{len(differences):,} fits have weights that predict their probabilities, to within "
        f"{max(differences, default=0.0):.1e}",
    ]
    findings.unchecked += [
        f"the probabilities of {sound - len(differences):,} fits without weights: level 3",
        "the status, the epochs and the learning curve of each fit: level 3",
    ]


def _bases(each: FitFile, plan: Plan, versions: Mapping[str, str], again: Path) -> tuple[str, str]:
    """Return what all fits of a file depend on: as they were trained in the archive, and here."""
    files = [str(again / path.format(dataset=each.dataset)) for path in (paths.DATA, paths.COLUMNS)]
    computes, needs = plan.computes(each.model, each.dataset), plan.design.needs(each.model)
    here: dict[str, str] = computes["versions"]
    there = {name: versions.get(name, version) for name, version in here.items()}
    one, other = (
        basis({"computes": {**computes, "versions": own}, "needs": needs}, files)
        for own in (there, here)
    )
    return one, other


def _differences(each: FitFile, plan: Plan, folder: Path) -> Iterator[tuple[str, float]]:
    """Yield each fit, and how much its probabilities differ from what its weights predict.

    Inner fits are left out, and those that diverged, and so have no probabilities.
    """
    model, dataset = plan.design.registry[each.model], dataset_of(each.dataset, folder)
    splits = {(s.repeat + 1, s.fold + 1): s for s in each.splits if s.inner is None}
    encoded = {
        key: Encoder.of(dataset, split.train).apply(dataset.x[split.test])
        for key, split in splits.items()
    }
    fits = read_fits([folder / each.file])
    is_empty = fits["probabilities"].map(lambda p: np.isnan(p).all())
    fits = fits[(fits["status"] != model.family.trouble) | ~is_empty]
    sizes = fits["rows"].map(len)
    # Those with as many test rows are predicted together.
    for candidate, size in itertools.product(each.configurations, sizes.unique()):
        own = fits[(fits["configuration"] == candidate.name) & (sizes == size)]
        if own.empty:
            continue
        keys = [*zip(own["repeat"], own["fold"], strict=True)]
        p = model.family.predict(
            model.implementation,
            candidate,
            [splits[key] for key in keys],
            [*own["parameters"]],
            [encoded[key] for key in keys],
            dataset=dataset,
            seed=plan.config["seed"],
        )
        for n, (key, stored) in enumerate(zip(keys, own["probabilities"], strict=True)):
            difference = largest_difference(class_probabilities(stored, size), p[..., n])
            yield f"{candidate.name}, {splits[key].named}", difference
