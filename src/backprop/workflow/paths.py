"""Where each file is: rules, plan and scripts take every path of the results from here.

A path may have wildcards, such as ``{dataset}``, for Snakemake or `str.format` to fill in.
"""

from backprop.report.contents import Source, picture

SUMMARY = "results/summary.rst"
SUMMARY_LOG = "results/logs/summarise.log"

DATASET = "results/{dataset}"
DATA = f"{DATASET}/data/dataset.csv"
DATA_PROVENANCE = f"{DATASET}/data/provenance.json"
FOLDS = f"{DATASET}/data/folds.csv"
FITS = f"{DATASET}/fits"
NETWORK_FITS = f"{FITS}/{{model}}/{{shape}}.parquet"
BASELINE_FITS = f"{FITS}/{{model}}.parquet"
PROVENANCE = f"{DATASET}/provenance.json"
PROVENANCE_PAGE = f"{DATASET}/provenance.html"


def statistics(name: str) -> str:
    """Return the file with the numbers of a table, before its sentences are added."""
    return f"{DATASET}/statistics/{name}.csv"


def table(name: str) -> str:
    """Return the CSV file of a table."""
    return f"{DATASET}/tables/{name}.csv"


def page(name: str) -> str:
    """Return the page of a table."""
    return f"{DATASET}/tables/{name}.html"


def plot(figure: str, variant: str) -> str:
    """Return the file of a picture; the one picture of a figure has the variant ""."""
    return f"{DATASET}/plots/{picture(figure, variant)}.svg"


def log(job: str) -> str:
    """Return the log of a job, such as ``train_network/{model}/{shape}``."""
    return f"{DATASET}/logs/{job}.log"


def benchmark(job: str) -> str:
    """Return the file in which Snakemake notes the time and the memory of a job."""
    return f"{DATASET}/benchmarks/{job}.tsv"


SOURCES = {
    Source.DATA: DATA,
    Source.FOLDS: FOLDS,
    Source.SCORES: table("fits"),
    Source.TIMINGS: table("timings"),
    Source.CONFIGURATIONS: table("configurations"),
}
"""The sources of figures that are one file; the files of fits depend on the config."""
