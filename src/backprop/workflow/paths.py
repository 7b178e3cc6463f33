"""Where each file is: the rules and the plan take every path from here.

A path may have wildcards, such as ``{dataset}``, for Snakemake or `str.format` to fill in.
"""

from backprop.report.contents import picture
from backprop.report.inputs import Source

SCHEMAS = "workflow/schemas"
TEMPLATE = "workflow/report/summary.rst.jinja"  # of the landing page

SUMMARY = "results/summary.rst"
PDF = "results/report.pdf"
SUMMARY_LOG = "results/logs/summarise.log"

DATASET = "results/{dataset}"
DATA = f"{DATASET}/data/dataset.csv"
COLUMNS = f"{DATASET}/data/columns.json"
DATA_PROVENANCE = f"{DATASET}/data/provenance.json"
FOLDS = f"{DATASET}/data/folds.csv"
INNER_FOLDS = f"{DATASET}/data/inner_folds.csv"
NETWORK_FITS = f"{DATASET}/fits/{{model}}/{{shape}}.parquet"
FITS = f"{DATASET}/fits/{{model}}.parquet"
TABLES = f"{DATASET}/tables"
PLOTS = f"{DATASET}/plots"
PROVENANCE = f"{DATASET}/provenance.json"
PROVENANCE_PAGE = f"{DATASET}/provenance.html"


def statistics(name: str) -> str:
    """Return the file with the numbers of a table, before its sentences are added."""
    return f"{DATASET}/statistics/{name}.csv"


def table(name: str) -> str:
    """Return the CSV file of a table."""
    return f"{TABLES}/{name}.csv"


def page(name: str) -> str:
    """Return the page of a table."""
    return f"{TABLES}/{name}.html"


def plot(figure: str, variant: str) -> str:
    """Return the file of a picture. A figure without variants has one picture, of variant ""."""
    return f"{PLOTS}/{picture(figure, variant)}.svg"


def log(job: str) -> str:
    """Return the log of a job, such as ``train_shape/{model}/{shape}``."""
    return f"{DATASET}/logs/{job}.log"


def benchmark(job: str) -> str:
    """Return the file in which Snakemake notes the time and the memory of a job."""
    return f"{DATASET}/benchmarks/{job}.tsv"


SOURCES: dict[Source, str | list[str]] = {
    Source.DATA: [DATA, COLUMNS],
    Source.FOLDS: FOLDS,
    Source.SCORES: table("fits"),
    Source.TIMINGS: table("timings"),
    Source.CONFIGURATIONS: table("configurations"),
    Source.PAIRS: table("pairs"),
    Source.COMPARISON: statistics("comparison"),
    Source.GUESSING: statistics("guessing"),
    Source.HARD_ROWS: statistics("hard_rows"),
}
"""The files of the sources of figures, without the files of fits, which depend on the config."""
