"""Find the warnings that a careful reviewer would give on a data set."""

from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.data.groups import groups_of
from backprop.files import read_table, write_table
from backprop.models.registry import read_candidates
from backprop.statistics.grouping import COLUMNS, Judgement
from backprop.statistics.review import Evidence, find_warnings
from backprop.study.fits import read_fits
from backprop.study.splits import read_folds
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files = snakemake.input
    names = ("comparison", "tuning", "learning")
    dataset = read_dataset(*map(Path, files.data))
    judgement = Judgement(
        read_table(Path(files.scores)),
        read_fits([Path(file) for file in files.fits], columns=COLUMNS),
        dataset.y,
        metric=parameters["metric"],
        groups=groups_of(dataset, parameters["duplicates"]),
    )
    evidence = Evidence(
        dataset=dataset,
        judgement=judgement,
        folds=read_folds(Path(files.folds)),
        candidates=read_candidates(parameters["candidates"]),
        rope=parameters["rope"],
        **{name: read_table(Path(files[name])) for name in names},
    )
    write_table(Path(snakemake.output[0]), find_warnings(evidence))
