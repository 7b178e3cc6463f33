"""Results made with the library, without Snakemake: a few epochs, TensorFlow played by NumPy."""

import importlib
import json
from functools import partial

import pandas as pd
from full_config import typed
from in_memory import study_of
from made_fits import write_candidates

from backprop.data.canonical_form import canonical, columns_of
from backprop.files import write_table
from backprop.models.candidate_lists import configurations_of
from backprop.models.registry import MODELS, is_network
from backprop.models.without_features import leaving_out, train_without
from backprop.report.contents import FIGURES
from backprop.report.figures import look, svg
from backprop.statistics.calibrated_models import judge_calibration
from backprop.statistics.comparison import compare_models, compare_pairs, summarise_configurations
from backprop.statistics.effects import compare_values
from backprop.statistics.grouping import Judgement
from backprop.statistics.guessing import score_guessing
from backprop.statistics.hard_rows import count_wrong
from backprop.statistics.importance import compare_without
from backprop.statistics.recommendation import Contender, Recommendation, write_recommendation
from backprop.statistics.results import Results
from backprop.statistics.training_sizes import Size, compare_by_size, count_rows_needed
from backprop.study.cross_validation import draw_folds, write_folds
from backprop.study.fits import read_fits, update_fits
from backprop.study.scores import score_files, score_fits
from backprop.study.splits import splits_of
from backprop.study.subsets import training_subsets

EPOCHS = 3


class Made:
    """The results of a config, and the figures drawn from them."""

    def __init__(self, files, settings):
        self.files = files
        self.settings = settings
        self.studies = {}
        self.drawings = {}

    def study(self, name):
        """Return the study of a figure, with nothing but what the figure says that it needs."""
        if name not in self.studies:
            needs = FIGURES[name].needs
            files = {need: self.files[need] for need in needs if need in self.files}
            settings = {need: self.settings[need] for need in needs if need in self.settings}
            self.studies[name] = study_of(Results(files, settings))
        return self.studies[name]

    def drawn(self, name, variant="", inches=look.WIDE):
        """Return a figure and its SVG, drawn once for all tests."""
        key = (name, variant, inches)
        if key not in self.drawings:
            self.drawings[key] = draw(self.study(name), name, variant, inches)
        return self.drawings[key]


def draw(study, name, variant="", inches=look.WIDE):
    with look.drawing(inches):
        figure = drawn_by(study, name, variant)
        return figure, svg.to_bytes(figure, FIGURES[name].heading(variant, "row"))


def sketch(study, name, variant=""):
    """Return a figure that is not laid out, which takes as long again: its marks, lines, labels."""
    with look.drawing():
        return drawn_by(study, name, variant)


def drawn_by(study, name, variant):
    return importlib.import_module(f"backprop.report.figures.{name}").draw(study, variant)


def make_results(folder, config, dataset, row="row", change=lambda configuration, fit: fit):
    """Train the models of a config on a data set; `change` may make another fit of each."""
    (folder / "dataset.csv").write_bytes(canonical(dataset))
    (folder / "columns.json").write_text(json.dumps(columns_of(dataset)))
    folds = config["validation"]["folds"]
    assigned = draw_folds(dataset.y, folds=folds, repeats=config["validation"]["repeats"], seed=1)
    write_folds(folder / "folds.csv", assigned)
    every_split = splits_of(assigned)
    candidates = configurations_of(typed(config))
    fits_files = [
        file
        for model, every in candidates.items()
        for file in train(folder, model, every, every_split, dataset, change)
    ]
    scores, _ = score_files(fits_files, dataset.y)
    fits, folds = read_fits(fits_files), config["validation"]["folds"]
    judgement = Judgement(scores, fits, dataset.y, candidates, metric="accuracy", rope=0.01)
    guessing = score_guessing(judgement)
    written = {
        "scores": scores,
        "guessing": guessing,
        "hard_rows": count_wrong(judgement),
        "comparison": compare_models(judgement),
        **judge_calibration(judgement),
        "pairs": compare_pairs(judgement),
        "configurations": summarise_configurations(judgement),
        "effects": compare_values(judgement),
    }
    if shares := typed(config).learning.shares:
        sizes = sizes_of(folder, candidates, every_split, dataset, change, shares)
        written["training_sizes"] = compare_by_size(sizes, "accuracy")
        written["rows_needed"] = count_rows_needed(sizes, seed=1)
    if typed(config).importance.features != "none":
        written["importance"] = weigh(folder, candidates, every_split, dataset, fits)
    for name, table in written.items():
        write_table(folder / f"{name}.csv", table)
    references = {every[0].shape.name for model, every in candidates.items() if is_network(model)}
    headline = {*config["models"], *references}
    files = {
        **{name: str(folder / f"{name}.csv") for name in written},
        "data": [str(folder / "dataset.csv"), str(folder / "columns.json")],
        "folds": str(folder / "folds.csv"),
        "fits": [str(file) for file in fits_files],
        "headline_fits": [str(file) for file in fits_files if file.stem in headline],
    }
    baseline = Contender(model="logistic", outcome=None, trouble={}, solution="found")
    decided = Recommendation(kind="baseline", model="logistic", baseline=baseline, others=[])
    write_recommendation(folder / "recommendation.json", decided)
    files["recommendation"] = str(folder / "recommendation.json")
    files["candidates"] = write_candidates(folder / "candidates.json", candidates)
    settings = {"seed": 1, "rope": 0.01, "metric": "accuracy", "row": row, "duplicates": "keep"}
    settings["feature_groups"] = {}
    return Made(files, settings)


def sizes_of(folder, candidates, every_split, dataset, change, shares):
    """Train the references on shares of the training sets, all networks as one."""
    sizes = []
    for share in shares:
        parts = training_subsets(every_split, dataset.y, share, seed=1)
        own = folder / str(share)
        own.mkdir()
        files = [
            file
            for model, every in candidates.items()
            if model != "tensorflow"
            for file in train(own, model, every[:1], parts, dataset, change)
        ]
        fits, (scores, _) = read_fits(files), score_files(files, dataset.y)
        judgement = Judgement(
            scores, fits, dataset.y, candidates, metric="accuracy", rope=0.01, share=share
        )
        training_rows = sum(len(part.train) for part in parts) / len(parts)
        sizes.append(Size(share, training_rows, judgement.headlines))
    return sizes


def weigh(folder, candidates, every_split, dataset, fits):
    """Train the references without each feature, all networks as one."""
    groups = {name: (name,) for name in dataset.features[:3]}
    (folder / "importance").mkdir()
    files = []
    for model, (reference, *_) in candidates.items():
        if model != "tensorflow":
            files.append(folder / f"importance/{model}.parquet")
            family, needs = MODELS[model].family, {"seed": 1, "training": {"epochs": EPOCHS}}
            train_each = partial(
                train_without, family, MODELS[model].implementation, reference,
                dataset=dataset, **needs,
            )  # fmt: skip
            every = [*leaving_out(reference, groups).values()]
            update_fits(files[-1], model, every, every_split, "", train_each)
    own = [file.stem for file in files]
    both = pd.concat([fits[fits["model"].isin(own)], read_fits(files)], ignore_index=True)
    without = score_fits(both, dataset.y)
    judgement = Judgement(without, both, dataset.y, candidates, metric="accuracy", rope=0.01)
    return compare_without(judgement, groups, len(groups), len(groups))


def train(folder, model, configurations, every_split, dataset, change):
    """Write the files of fits of a model, one for each shape of a network, as the workflow does."""

    def train_missing(missing):
        entry = MODELS["scratch" if is_network(model) else model]
        training = {"epochs": EPOCHS}
        trained = entry.family.train(
            entry.implementation, missing, dataset, seed=1, training=training
        )
        return enumerate(change(c, fit) for (c, _), fit in zip(missing, trained, strict=True))

    if not is_network(model):
        parts = {folder / f"{model}.parquet": configurations}
    else:
        (folder / model).mkdir()
        parts = {}
        for each in configurations:
            parts.setdefault(folder / model / f"{each.shape.name}.parquet", []).append(each)
    for file, every in parts.items():
        update_fits(file, model, every, every_split, "", train_missing)
    return list(parts)
