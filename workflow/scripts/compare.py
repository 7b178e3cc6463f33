"""Compute the statistics of the configurations and the models of a data set."""

from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.data.groups import groups_of
from backprop.files import read_table, write_table
from backprop.models.registry import read_candidates
from backprop.statistics.comparison import compare_by_each_metric, compare_models
from backprop.statistics.configurations import summarise_configurations
from backprop.statistics.effects import compare_values
from backprop.statistics.grouping import COLUMNS, Judgement
from backprop.statistics.guessing import compare_with_guess, score_guessing
from backprop.statistics.hard_rows import count_wrong
from backprop.statistics.nested import INNER_COLUMNS, estimate_nested, judge_tuned
from backprop.statistics.pairs import compare_pairs
from backprop.statistics.parity import MARKED, mark_chaotic
from backprop.statistics.tuning import estimate_tuning
from backprop.study.fits import read_fits
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files = [Path(file) for file in snakemake.input.fits]
    dataset = read_dataset(*map(Path, snakemake.input.data))
    judgement = Judgement(
        read_table(Path(snakemake.input.scores)),
        read_fits(files, columns=COLUMNS),
        dataset.y,
        metric=parameters["metric"],
        groups=groups_of(dataset, parameters["duplicates"]),
    )
    candidates, choosers = read_candidates(parameters["candidates"]), dict(parameters["choosers"])
    rope, seed = parameters["rope"], parameters["seed"]
    inner = read_fits(files, columns=INNER_COLUMNS, inner=True)
    tuned = judge_tuned(judgement, inner, candidates, choosers)
    nested, nested_pairs = estimate_nested(judgement, tuned, candidates, choosers, rope=rope)
    own = {m: each.judged for m, each in tuned.items() if choosers[m] == m and each.judged.scored}
    statistics = {
        "configurations": summarise_configurations(judgement, candidates, rope=rope),
        "comparison": compare_models(judgement, candidates, rope=rope),
        "metrics": compare_by_each_metric(judgement, candidates, rope=rope),
        "pairs": compare_pairs(judgement, candidates, rope=rope),
        "tuning": estimate_tuning(judgement, candidates, seed=seed),
        "nested": nested,
        "nested_pairs": nested_pairs,
        "effects": compare_values(judgement, candidates, rope=rope),
        "guessing": score_guessing(judgement, candidates),
        "learning": compare_with_guess(judgement, candidates, own),
        "hard_rows": count_wrong(judgement, candidates),
    }
    if snakemake.input.parity:
        parity = read_table(Path(snakemake.input.parity))
        for name, column in MARKED.items():
            statistics[name] = mark_chaotic(statistics[name], parity, column)
    for name, table in statistics.items():
        write_table(Path(snakemake.output[name]), table)
