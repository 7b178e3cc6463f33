"""The report of several data sets: an index, and beside it a folder with a file for each of them.

All reports of Snakemake are written so, whether by ``--report`` or by a plugin.
"""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docutils.core import publish_parts
from jinja2 import Environment

from backprop.workflow.plan import paths
from backprop.workflow.plan.plan import Plan

INDEX = ""  # in the place of a data set


def write_split(reporter: Any, plan: Plan, write: Callable[[], None]) -> None:
    """Write a report as an index and a file for each data set; in a zip if its path is one.

    Parameters
    ----------
    reporter : object
        Snakemake's, which has the whole report.
    plan : Plan
    write : callable
        Writes what the reporter has.
    """
    path = Path(reporter.settings.path)
    if path.suffix != ".zip":
        for _ in _parts(reporter, plan, path):
            write()
        return
    reporter.mode_embedded = True
    with TemporaryDirectory() as folder:
        (Path(folder) / path.stem).mkdir()
        for _ in _parts(reporter, plan, Path(folder, path.stem, "report.html")):
            write()
        shutil.make_archive(str(path.with_suffix("")), "zip", folder)


def _parts(reporter: Any, plan: Plan, index: Path) -> Iterator[None]:
    """Let a reporter have each part in turn, the index last."""
    folder, text = index.with_suffix(""), reporter.workflow_description
    folder.mkdir(parents=True, exist_ok=True)
    results, jobs = _results_by_dataset(reporter.results, plan), defaultdict(list)
    for each in reporter.jobs:
        name = each.job.wildcards.get("dataset", INDEX)
        jobs[name if name in plan.config.datasets else INDEX].append(each)
    for name in [*plan.config.datasets, INDEX]:
        reporter.results, reporter.jobs = results[name], jobs[name]
        reporter.settings.path = folder / f"{name}.html" if name else index
        page = _page(plan, name) if name else text
        page = page.replace('href="../report.html"', f'href="../{index.name}"')
        reporter.workflow_description = page.replace('href="report/', f'href="{folder.name}/')
        yield


def _results_by_dataset(results: Any, plan: Plan) -> Any:
    """Return the items of each part, in Snakemake's categories."""
    parts: Any = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for category, subcategories in results.items():
        for subcategory, records in subcategories.items():
            for record in records:
                name = plan.items.datasets.get(str(record.path), INDEX)
                if name:  # a column would say it in each line
                    record.labels = {"": "", **record.labels}
                    record.labels.pop("data", None)
                parts[name][category][subcategory].append(record)
    return parts


def _page(plan: Plan, dataset: str) -> str:
    """Return the landing page of a data set, as Snakemake makes that of a report."""
    file = Path(plan.outputs.on_disk(paths.of_each(paths.SUMMARY).format(dataset=dataset)))
    page = Environment(trim_blocks=True, lstrip_blocks=True).from_string(file.read_text("utf-8"))
    return str(publish_parts(page.render(), writer_name="html")["html_body"])
