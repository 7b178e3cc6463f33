"""The fits of an archive: whether each is what it should be, and what training them again gives."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from backprop.data.canonical_form import read_dataset
from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.families import ELSEWHERE, Family, PredictingFits
from backprop.statistics.parity import PARITY
from backprop.study.configurations import Configuration
from backprop.study.fits import SCHEMA, class_probabilities, copy_fits, read_fits, write_fits
from backprop.study.splits import Split
from backprop.study.trained import ONLY_CLASSES
from backprop.typing import Json
from backprop.workflow import paths
from backprop.workflow.archive.agreement import UNSOLVED, Findings, chaotic, largest_difference
from backprop.workflow.jobs import basis
from backprop.workflow.plan import Plan

if TYPE_CHECKING:
    import pandas

MAX_BYTES = 1_000_000_000  # of a file of fits in memory: the default run has 20 million in all
UNSOLVED_PARITY = 1e-6  # of regressions; seen: 2e-7, of softmax regression with other instructions
STATES = (
    "converged", "separated", "quasi_separated", "not_converged", "failed", ONLY_CLASSES, "epochs",
    "no_progress", "unlearned", "diverged",
)  # fmt: skip
"""What the status of a fit can be, see `backprop.study.trained.Trained`."""
NOT_COMPARED = {"seconds", "checksum"}
ROUNDED = ("probabilities", "train_cost", "test_cost")

Fit = Mapping[str, Json]
"""A row of a file of fits."""


class FitFile(NamedTuple):
    """A file of fits, and what should be in it."""

    dataset: str
    model: str
    file: Path
    configurations: Sequence[Configuration]
    splits: Sequence[Split]


Taken = Sequence[tuple[FitFile, Sequence[Fit]]]
"""The fits that were taken out of their files."""


def fit_files(plan: Plan, again: Path) -> Iterator[FitFile]:
    """List the files of fits, data set by data set, in the order of the models.

    Those on shares of the training sets come last. The data are in the folder `again`.
    """
    design, files = plan.design, plan.outputs.fit_files
    for dataset, entry in plan.config.datasets.items():
        splits = design.division.splits(dataset_of(dataset, again), entry.duplicates)
        for name in files.of_models(dataset):
            file = Path(name)
            of_network = paths.wildcards(paths.NETWORK_FITS, file)
            model = (of_network or paths.wildcards(paths.FITS, file))["model"]
            own = splits.outer + splits.inner * bool(files.inner_folds(model, dataset))
            yield FitFile(dataset, model, file, design.trained(model, of_network.get("shape")), own)
        for file in map(Path, files.on_shares(dataset)):
            model, own = file.parent.name, splits.on(float(file.stem))
            yield FitFile(dataset, model, file, design.candidates[model][:1], own)


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
        The versions of the packages with which the archive's fits were trained, by package.
    again : Path
        The folder with the data, and for copies of the fits that are what they should be, with the
        fingerprints that fits have here. A run there trains all others.
    findings : Findings
        What is found is added to them.
    """
    sound, agree, largest, read = 0, 0, 0.0, 0
    for each in files:
        (again / each.file).parent.mkdir(parents=True, exist_ok=True)
        try:
            faults = copy_fits(
                each.file, again / each.file, each.model, each.configurations, each.splits,
                bases=_bases(each, plan, versions, again), max_bytes=MAX_BYTES,
            )  # fmt: skip
            for name, difference in _differences(each, plan, again):
                if difference <= PARITY:
                    agree, largest = agree + 1, max(largest, difference)
                else:
                    what = "its weights and its probabilities do not belong together"
                    faults.append(f"{name}: {what}: they differ by {difference:.2g}")
            sound += (number := len(each.configurations) * len(each.splits) - len(faults))
            read += number * (plan.design.registry[each.model].family is ELSEWHERE)
        except Exception as error:  # of any kind: the file may hold anything
            faults = [f"cannot be used as fits of this config ({error})"]
        findings.faults += [f"{each.file}: {fault}" for fault in faults]
    findings.done += [
        f"{sound:,} fits are of these data, folds, config, code and versions: fingerprints",
        f"{agree:,} fits have weights that predict their probabilities, to within {largest:.1e}",
    ]
    findings.unchecked += [
        f"the probabilities of {sound - agree - read:,} fits without weights: level 3",
        "the status, the epochs and the learning curve of each fit: level 3",
    ]


def _bases(each: FitFile, plan: Plan, versions: Mapping[str, str], again: Path) -> tuple[str, str]:
    """Return what all fits of a file depend on: as they were trained in the archive, and here."""
    files = [str(again / path.format(dataset=each.dataset)) for path in (paths.DATA, paths.COLUMNS)]
    computes, needs = plan.computes(each.model, each.dataset), plan.design.needs(each.model)
    there = {name: versions.get(name, version) for name, version in computes["versions"].items()}
    both = ({**computes, "versions": there}, computes)
    one, other = (basis({"computes": each, "needs": needs}, files) for each in both)
    return one, other


def _differences(each: FitFile, plan: Plan, folder: Path) -> Iterator[tuple[str, float]]:
    """Yield each fit with weights, and how much its probabilities differ from what these predict.

    Inner fits are left out, and those that diverged, and so have no probabilities.
    """
    model, dataset = plan.design.registry[each.model], dataset_of(each.dataset, folder)
    if not model.family.is_module:
        return
    splits = {(s.repeat + 1, s.fold + 1): s for s in each.splits if s.inner is None}
    inputs = {
        key: Encoder.of(dataset, split.train).apply(dataset.x[split.test])
        for key, split in splits.items()
    }
    by_name = {configuration.name: configuration for configuration in each.configurations}
    fits = read_fits([folder / each.file])
    for fit in fits.to_dict("records"):
        key, stored = (fit["repeat"], fit["fold"]), fit["probabilities"]
        if fit["status"] == model.family.trouble and np.isnan(stored).all():
            continue
        own = PredictingFits(
            model.implementation, by_name[fit["configuration"]], [splits[key]],
            [fit["parameters"]], [inputs[key]], dataset, plan.config.seed,
        )  # fmt: skip
        p = model.family.predict(own)
        difference = largest_difference(class_probabilities(stored, len(fit["rows"])), p[..., 0])
        yield f"{fit['configuration']}, {splits[key].named}", difference


def draw(files: Sequence[FitFile], folder: Path, *, share: float, seed: int) -> Taken:
    """Take a share of all fits out of their files, but one at least; each has the same chance.

    A run in the folder trains them, and keeps the others.
    """

    def drawn(fits: "pandas.DataFrame") -> object:
        places = np.arange(len(fits))
        number = max(1, math.ceil(share * len(fits)))
        return np.isin(places, np.random.default_rng(seed).permutation(places)[:number])

    return _take(files, folder, drawn)


def take_what_tells(files: Sequence[FitFile], plan: Plan, folder: Path) -> Taken:
    """Take the fits out of their files that have a text of their own, or are read from a file.

    A run makes them again: the report would show the text, and the archive has the file.
    """

    def tells(fits: "pandas.DataFrame") -> object:
        families = fits["model"].map(lambda model: plan.design.registry[model].family)
        return (families == ELSEWHERE) | fits["reason"].notna() | ~fits["status"].isin(STATES)

    return _take(files, folder, tells)


def _take(
    files: Sequence[FitFile], folder: Path, chosen: "Callable[[pandas.DataFrame], object]"
) -> Taken:
    """Take the fits out of their files that a function chooses among all."""
    present = [each for each in files if (folder / each.file).is_file()]
    tables = [pq.read_table(folder / each.file) for each in present]
    every = pa.concat_tables([SCHEMA.empty_table(), *tables])
    is_taken = np.asarray(chosen(every.select(["model", "status", "reason"]).to_pandas()))
    taken = []
    for each, table in zip(present, tables, strict=True):
        own, is_taken = np.split(is_taken, [len(table)])
        if own.any():
            taken.append((each, table.filter(own).to_pylist()))
            pq.write_table(table.filter(~own), folder / each.file)
    return taken


def keep_times(taken: Taken, folder: Path) -> None:
    """Give fits that a run has trained again their times in the archive: a table shows them."""
    for each, fits in taken:
        times = {fit["fingerprint"]: fit["seconds"] for fit in fits}
        rows = pq.read_table(folder / each.file).to_pylist()
        kept = [row | {"seconds": times.get(row["fingerprint"], row["seconds"])} for row in rows]
        write_fits(folder / each.file, pa.Table.from_pylist(kept, SCHEMA))


def compare_trained(
    taken: Taken, plan: Plan, folder: Path, findings: Findings, *, exact: bool, failed: str
) -> int:
    """Compare fits of the archive with those that a run has trained in their place.

    Parameters
    ----------
    taken : sequence of (FitFile, sequence of mapping)
        From `draw`, or `take_what_tells`.
    plan : Plan
    folder : Path
        The folder of the run.
    findings : Findings
        What is found is added to them.
    exact : bool
        Whether the environment is the same, so that each bit must be.
    failed : str
        Why the run failed, else nothing.

    Returns
    -------
    int
        How many were trained.
    """
    number = 0
    for each, fits in taken:
        family, unstable = plan.design.registry[each.model].family, chaotic(folder, each.dataset)
        rows = pq.read_table(folder / each.file).to_pylist()
        trained = {row["fingerprint"]: row for row in rows}
        pairs = [(f, trained[key]) for f in fits if (key := f["fingerprint"]) in trained]
        if missing := len(fits) - len(pairs):
            what = "fits were" if missing > 1 else "fit was"
            findings.doubtful.append(f"{each.file}: {missing:,} {what} not trained ({failed})")
        faults, doubtful, largest = list[str](), 0, 0.0
        for one, other in pairs:
            differing = _differing(one, other, family, exact=exact)
            difference = largest_difference(one["probabilities"], other["probabilities"])
            # The epoch up to which all costs agree, if the training may be chaotic.
            epoch = 0 if unstable is None else unstable.get(one["configuration"])
            if not differing:
                largest = max(largest, difference)
            elif exact or not family.is_one_model or epoch is None:
                what = f"other {', '.join(differing)}; a probability differs by {difference:.2g}"
                faults.append(f"{_named(one)}: trained again, it has {what}")
            elif _begin_alike(one, other, epoch):
                doubtful += 1
            else:
                faults.append(f"{_named(one)}: its costs differ before rounding decides")
        agree = "the same to the last bit" if largest == 0 else f"to within {largest:.1e}"
        many = "s" * (len(pairs) != 1)
        findings.done.append(f"{each.file}: {len(pairs):,} fit{many}, {len(faults) or agree}")
        findings.faults += [f"{each.file}: {fault}" for fault in faults]
        if doubtful:
            because = "; without TensorFlow, nothing shows it" * (unstable is None)
            what = "fits that differ, as their" if doubtful > 1 else "fit that differs, as its"
            what = f"{doubtful:,} {what} training may be chaotic{because}"
            findings.doubtful.append(f"{each.file}: {what}")
        number += len(pairs)
    return number


def _named(fit: Fit) -> str:
    """Return what messages call a fit."""
    inner = "" if fit["inner"] is None else f", inner fold {fit['inner']}"
    return f"{fit['configuration']}, repeat {fit['repeat']}, fold {fit['fold']}{inner}"


def _differing(one: Fit, other: Fit, family: Family, *, exact: bool) -> list[str]:
    """Return the columns in which a fit and the same fit, trained again, differ by too much."""
    if exact:
        return [k for k in one if k not in NOT_COMPARED and repr(one[k]) != repr(other[k])]
    # The steps of a regression are of rounding, too.
    decided = ("status", "epochs", "curve_epochs") if family.is_one_model else ("status",)
    allowed = UNSOLVED_PARITY if other["status"] in UNSOLVED else PARITY
    differ = [key for key in decided if one[key] != other[key]]
    return differ + [k for k in ROUNDED if not largest_difference(one[k], other[k]) <= allowed]


def _begin_alike(one: Fit, other: Fit, epoch: int) -> bool:
    """Return whether two learning curves agree up to an epoch."""
    points = sum(each < epoch for each in other["curve_epochs"])
    costs = ((one[key][:points], other[key][:points]) for key in ROUNDED[1:])
    return all(largest_difference(*both) <= PARITY for both in costs)
