"""A rough estimate of the time that the training of a run takes, shown before it begins.

The measured times of each model are in the registry, see `backprop.models.registry.Model`.
"""

import json
import math
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from backprop.data.dataset import Dataset
from backprop.data.encoding import most_inputs
from backprop.errors import BackpropError
from backprop.models.candidate_lists import read_candidates
from backprop.models.registry import Model
from backprop.network.parameters import output_nodes, parameter_count
from backprop.study.configurations import Configuration, Shape
from backprop.typing import Json
from backprop.workflow.design import Splits
from backprop.workflow.jobs import basis
from backprop.workflow.plan import Plan
from backprop.workflow.progress import duration
from backprop.workflow.snakemake_internals.session import Session

SHOWN_SECONDS = 180  # an estimate of less is not shown
SHORT_SECONDS = 3.0  # of a job that does not train, with its start
LONG_SECONDS = 1800  # of more, the remedy is named
MANY_ROWS = 1000  # from here on, batches are the remedy


class DataSize(NamedTuple):
    """How large a data set is for a model.

    Attributes
    ----------
    rows : int
    inputs, outputs : int
        Of a network.
    folds : int
        Each fit is trained on the rows of all folds but one.
    """

    rows: int
    inputs: int
    folds: int
    outputs: int = 1

    @property
    def trained(self) -> float:
        """The rows that a fit is trained on."""
        return self.rows * (1 - 1 / self.folds)


class Training(NamedTuple):
    """What a job is expected to train.

    Attributes
    ----------
    fits : int
    seconds : float
        How long the job takes.
    at_most : bool
        Whether it may be less.
    online : bool
        Whether a network is updated after each of many rows, where batches take less time.
    """

    fits: int
    seconds: float
    at_most: bool
    online: bool = False


NO_TRAINING = Training(0, 0.0, at_most=False)


class Expected(NamedTuple):
    """What a run is expected to train.

    Attributes
    ----------
    trainings : dict of int to Training
        By the `id` of each job that trains and whose data are here.
    together : float
        The seconds that all take, side by side.
    unknown : list of str
        The data sets that are not fetched yet.
    """

    trainings: dict[int, Training]
    together: float
    unknown: list[str]


def announce(snakemake: Session, plan: Plan) -> None:
    """Print how long the training of a run takes, if that is more than some minutes.

    What shows the progress of the run learns how long each job takes, too.

    Parameters
    ----------
    snakemake : Session
        With its graph of jobs.
    plan : Plan
    """
    jobs = snakemake.jobs_to_run
    if not jobs:
        return
    at_once, expected = snakemake.jobs_at_once, Expected({}, 0.0, [])
    with suppress(BackpropError, OSError):  # the job that needs the file says what is wrong
        expected = _expect(jobs, plan, at_once)
        if text := _sentence(expected, at_once):
            print(text, file=sys.stderr)
    seconds = {
        str(job.log[0]): max(SHORT_SECONDS, expected.trainings.get(id(job), NO_TRAINING).seconds)
        for job in jobs
        if job.log
    }
    at_most = any(training.at_most for training in expected.trainings.values())
    snakemake.expect(seconds, at_once, at_most=at_most)


def forecast(jobs: Collection[object], plan: Plan, at_once: int) -> str | None:
    """Return how long the training of a run takes as a sentence, or None if it is short.

    Before a data set on a server is fetched for the first time, its size is not known: its jobs are
    left out, and the sentence says so. The fits to all rows are left out, too.

    Parameters
    ----------
    jobs : collection of object
        The jobs of a run, as Snakemake has them.
    plan : Plan
    at_once : int
        The largest number of jobs that run side by side.
    """
    return _sentence(_expect(jobs, plan, at_once), at_once)


def _expect(jobs: Collection[Any], plan: Plan, at_once: int) -> Expected:
    """Return what the jobs of a run are expected to train."""
    trains = [job for job in jobs if job.rule.name.startswith("train")]
    # Which model is chosen is known only when all else is trained.
    to_train = [job for job in trains if job.rule.name not in ("train_chosen", "train_rival")]
    fetched = {job.wildcards.dataset for job in jobs if job.rule.name == "fetch"}
    datasets = {
        name: plan.datasets.data(name) for name in {job.wildcards.dataset for job in to_train}
    }
    sizes = {name: size_of(plan, data) for name, data in datasets.items() if data}
    splits: dict[str, Splits] = {}
    for count_kept in (False, True):  # to count takes seconds, so only for a long training
        if count_kept:
            known = {name: data for name, data in datasets.items() if data and name not in fetched}
            splits = {name: plan.splits(name, data) for name, data in known.items()}
        trainings = {
            id(job): _training(job, plan.design.registry, size, splits.get(job.wildcards.dataset))
            for job in to_train
            if (size := sizes.get(job.wildcards.dataset))
        }
        seconds = [training.seconds for training in trainings.values()]
        together = max([0.0, sum(seconds) / at_once, *seconds])
        if together < SHOWN_SECONDS:
            break
    unknown = sorted(name for name, data in datasets.items() if data is None)
    return Expected(trainings, together, unknown)


def _sentence(expected: Expected, at_once: int) -> str | None:
    """Return what `forecast` returns."""
    trainings, together = [*expected.trainings.values()], expected.together
    if together < SHOWN_SECONDS:
        return None
    unknown = ", ".join(expected.unknown)
    note = f", without {unknown}, which is not fetched yet" if unknown else ""
    return (
        f"{'At most about' if any(t.at_most for t in trainings) else 'About'} "
        f"{duration(together)} of training: {sum(t.fits for t in trainings):,} fits in "
        f"{len(trainings):,} jobs, at most {at_once:,} at once (a rough estimate{note})"
        f"{_remedy(trainings, together)}"
    )


def network_seconds(model: Model, shape: Shape, size: DataSize, *, fits: int, epochs: int) -> float:
    """Return about how long a job takes that trains some fits of a network.

    Parameters
    ----------
    model : Model
    shape : Shape
    size : DataSize
    fits, epochs : int
    """
    from backprop.models.networks import fits_at_once  # imported only if needed, as below

    start, epoch, layer, online, batched = model.seconds
    stacks = math.ceil(fits / fits_at_once(shape, size.rows, size.inputs, size.outputs))
    layers = stacks * (len(shape.hidden) + 1)
    parameters = fits * parameter_count(size.inputs, shape.hidden, size.outputs)
    sample = parameters * (online if shape.batch_size == 1 else batched)
    updates = max(1, size.trained / shape.batch_size)
    return start + epochs * (stacks * epoch + updates * layers * layer + size.trained * sample)


def seconds_in_turn(model: Model, size: DataSize, *, fits: int) -> float:
    """Return about how long a job takes that trains fits one by one; see `network_seconds`."""
    start, fit, row, pair = model.seconds
    return start + fits * (fit + size.trained * (row + (size.inputs + 1) ** 2 * pair))


def seconds_of(
    model: Model, first: Configuration, size: DataSize, *, fits: int, epochs: int
) -> float:
    """Return about how long a job takes that trains some fits of any model.

    Parameters
    ----------
    model : Model
    first : Configuration
        The first configuration of the job: all have one shape.
    size : DataSize
        Of its data set.
    fits, epochs : int
    """
    if first.is_network:
        return network_seconds(model, first.shape, size, fits=fits, epochs=epochs)
    return seconds_in_turn(model, size, fits=fits)


def study_seconds(plan: Plan, dataset: str, at_once: int) -> float:
    """Return about how long the training of a whole study takes, without the simulation.

    Parameters
    ----------
    plan : Plan
    dataset : str
        One that is here.
    at_once : int
        How many jobs run side by side.
    """
    data, design = plan.datasets.data(dataset), plan.design
    if data is None:
        return 0.0
    size, epochs = size_of(plan, data), plan.config.training.epochs
    seconds = [
        seconds_of(
            design.registry[model],
            design.trained(model, shape)[0],
            size,
            fits=design.number_of_fits(data, model, shape),
            epochs=epochs,
        )
        for model in design.models
        for shape in (design.shapes if model in design.networks else [None])
    ]
    return max([sum(seconds) / at_once, *seconds])


def size_of(plan: Plan, data: Dataset) -> DataSize:
    """Return how large a data set is; its exact inputs need scikit-learn, which takes a second."""
    folds, outputs = plan.config.validation.folds, output_nodes(len(data.classes))
    return DataSize(len(data.y), most_inputs(data), folds, outputs)


def _remedy(trainings: Sequence[Training], together: float) -> str:
    """Return what makes a long training shorter, if anything does."""
    seconds = sum(training.seconds for training in trainings)
    online = sum(training.seconds for training in trainings if training.online)
    if together < LONG_SECONDS or online < seconds / 2:
        return ""
    return "; a larger `reference.batch_size` takes fewer updates"


def _training(
    job: Any, registry: Mapping[str, Model], size: DataSize, splits: Splits | None
) -> Training:
    """Return what a job is expected to train; without splits, as if it kept no fit."""
    parameters = json.loads(job.params.job)
    if job.rule.name == "train_simulated":
        return _simulation(parameters, size)
    share = parameters.get("share", 1.0)
    size = size._replace(rows=round(share * size.rows))
    name, fits = job.wildcards.model, job.params.fits
    model = registry[name]
    output, at_most = Path(job.output[0]), False
    configurations = list(map(model.family.read, parameters["configurations"]))
    if output.exists():
        if splits is None:
            at_most = True
        else:
            from backprop.study.fits import missing_fits

            own = splits.on(share) if share < 1 else splits.outer[: parameters["splits"]]
            own = own + splits.inner * bool(getattr(job.input, "inner", None))
            fits = missing_fits(
                output, name, configurations, own, basis(parameters, job.input.data)
            )
    first, training = configurations[0], parameters["needs"].get("training", {})
    epochs = training.get("epochs", 0)
    seconds = seconds_of(model, first, size, fits=fits, epochs=epochs)
    if not first.is_network:
        return Training(fits, seconds, at_most)
    online = first.batch_size == 1 and size.rows >= MANY_ROWS
    return Training(fits, seconds, at_most or training["patience"] is not None, online)


def _simulation(parameters: Mapping[str, Json], size: DataSize) -> Training:
    """Return what the job trains that measures the error rates."""
    from backprop.models.simulation_cost import sets_to_draw, simulation_seconds

    trained, seconds = 0, 0.0
    fits = parameters["folds"] * parameters["repeats"]
    for (configuration,) in read_candidates(parameters["candidates"]).values():
        one_set = simulation_seconds(
            configuration,
            fits=fits,
            rows=round(size.trained),
            inputs=size.inputs,
            outputs=size.outputs,
            epochs=parameters["training"].get("epochs", 0),
        )
        sets = sets_to_draw(one_set, parameters["sets"])
        trained, seconds = trained + sets * fits, seconds + sets * one_set
    return Training(trained, seconds, at_most=False)
