"""Where each file is: the rules and the plan take every path from here.

A path may have wildcards, such as ``{dataset}``, for Snakemake or `str.format` to fill in.
"""

import re
from pathlib import PurePath

from backprop.workflow.records.job_records import USES_OF_NEW_DATA

TEMPLATE = "workflow/report/summary.rst.jinja"  # of the landing page
INDEX = "workflow/report/index.rst.jinja"  # of a study of several data sets
STYLE = "workflow/report/report.css"  # of the report

RESULTS = "results/"
REPORT = "results/report.html"
REPORT_OF = "results/report/{dataset}.html"  # one of several
ARCHIVE = "results/archive.zip"
SUMMARY = "results/summary.rst"
PDF = "results/report.pdf"
SUMMARY_JSON = "results/summary.json"  # what the end of a run says, and the report leaves out
SUMMARY_LOG = "results/logs/summarise.log"
INDEX_LOG = "results/logs/index.log"

ACROSS_PAGE = "results/across.html"  # what several data sets show together
ACROSS_LOG = "results/logs/across.log"

CANDIDATES = "results/candidates.json"
CANDIDATES_LOG = "results/logs/candidates.log"

DATASET = "results/{dataset}"
DATA = f"{DATASET}/data/dataset.csv"
COLUMNS = f"{DATASET}/data/columns.json"
DATA_PROVENANCE = f"{DATASET}/data/provenance.json"
FOLDS = f"{DATASET}/data/folds.csv"
INNER_FOLDS = f"{DATASET}/data/inner_folds.csv"
NETWORK_FITS = f"{DATASET}/fits/{{model}}/{{shape}}.parquet"
FITS = f"{DATASET}/fits/{{model}}.parquet"
SHARE_FITS = f"{DATASET}/learning/{{model}}/{{share}}.parquet"
WITHOUT_FITS = f"{DATASET}/importance/{{model}}.parquet"  # each without some features
RECOMMENDATION = f"{DATASET}/statistics/recommendation.json"
MODEL = f"{DATASET}/model/model.json"
RIVAL = f"{DATASET}/model/rival.json"  # the model that the recommended one is judged beside
NEW_DATA = f"{DATASET}/data/new_data.csv"
NEW_COLUMNS = f"{DATASET}/data/new_data_columns.json"
USES = f"{DATASET}/data/{USES_OF_NEW_DATA}"  # how often new data were used
NEW_PREDICTIONS = f"{DATASET}/model/new_data_predictions.csv"
TABLES = f"{DATASET}/tables"
WORDED_WARNINGS = f"{TABLES}/warnings.json"
PLOTS = f"{DATASET}/plots"
LIVE = f"{DATASET}/live.html"
ROWS = f"{DATASET}/rows.csv"  # of the data, with what models predict for them
ROWS_PAGE = f"{DATASET}/rows.html"
HANDED_IN = f"{PLOTS}/decision_boundaries.png"  # the picture on the page to hand in
PROVENANCE = f"{DATASET}/provenance.json"
PROVENANCE_PAGE = f"{DATASET}/provenance.html"


def wildcards(path: str, file: PurePath) -> dict[str, str]:
    """Return the wildcards of a path, from a file with this path; none if it has another.

    Before the path of the file may be a folder, such as the prefix of a module.
    """
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
    parts = re.fullmatch(f"(?s:.*/)?{pattern}", str(file))
    return parts.groupdict() if parts else {}


def of_each(path: str) -> str:
    """Return the path of what each of several data sets has in place of one file in results."""
    return path.replace(RESULTS, f"{DATASET}/", 1)


def statistics(name: str) -> str:
    """Return the file with the numbers of a table, before its sentences are added."""
    # Each warning has facts of its own.
    return f"{DATASET}/statistics/{name}.{'json' if name == 'warnings' else 'csv'}"


def table(name: str) -> str:
    """Return the CSV file of a table."""
    return f"{TABLES}/{name}.csv"


def table_across(name: str) -> str:
    """Return the CSV file of a table over all data sets."""
    return f"results/{name}.csv"


def page(name: str) -> str:
    """Return the page of a table."""
    return f"{TABLES}/{name}.html"


def picture(figure: str, variant: str) -> str:
    """Return the name of a picture, such as ``models-accuracy``; the variant may be ""."""
    return f"{figure}-{variant}" if variant else figure


def plot(figure: str, variant: str) -> str:
    """Return the file of a picture. A figure without variants has one picture, of variant ""."""
    return f"{PLOTS}/{picture(figure, variant)}.svg"


def plot_page(figure: str, variant: str) -> str:
    """Return the page of a picture, which the report shows."""
    return f"{PLOTS}/{picture(figure, variant)}.html"


def log(job: str) -> str:
    """Return the log of a job, such as ``train_share/{model}/{share}``."""
    return f"{DATASET}/logs/{job}.log"


def benchmark(job: str) -> str:
    """Return the file in which Snakemake notes the time and the memory of a job."""
    return f"{DATASET}/benchmarks/{job}.tsv"
