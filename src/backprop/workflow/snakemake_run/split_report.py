"""The report of several data sets: an index, and beside it a folder with a file for each of them.

All reports of Snakemake are written so, whether by ``--report`` or by a plugin.
"""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docutils.core import publish_parts
from docutils.writers.html4css1 import Writer
from jinja2 import Environment

from backprop.files import digest, digest_of_text
from backprop.workflow.plan import paths
from backprop.workflow.plan.plan import Plan
from backprop.workflow.records import between_starts
from backprop.workflow.records.report_sources import code_of_report

INDEX = ""  # in the place of a data set
SUBJECT = "reports"  # of what a start remembers


@dataclass
class Part:
    """What a file of a report shows, as Snakemake's reporter has it.

    Attributes
    ----------
    results : mapping
        Lists of items, by category and subcategory.
    jobs : list of object
    rules : dict of str to object
    page : str
        The landing page, as HTML.
    """

    results: Any
    jobs: list[Any]
    rules: dict[str, Any]
    page: str

    def sources(self) -> str:
        """Return a digest of what it is written from, besides the code."""
        records = [r for parts in self.results.values() for each in parts.values() for r in each]
        items = [(digest(Path(r.path)), r.caption, r.labels, r.params) for r in records]
        times = [(job.rule, job.starttime, job.endtime) for job in self.jobs]
        return digest_of_text(repr((self.page, items, times)))


def write_split(reporter: Any, plan: Plan, write: Callable[[], None]) -> None:
    """Write a report as an index and a file for each data set; in a zip if its path is one.

    A file that is as it would be written stays.

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
        _write(reporter, plan, path, write)
        return
    reporter.mode_embedded = True
    with TemporaryDirectory() as folder:
        _write(reporter, plan, Path(folder, path.stem, "report.html"), write)
        shutil.make_archive(str(path.with_suffix("")), "zip", folder)


def _write(reporter: Any, plan: Plan, index: Path, write: Callable[[], None]) -> None:
    folder = index.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    before, now = between_starts.recall(SUBJECT), dict[str, str]()
    same = repr((code_of_report(), reporter.custom_stylesheet, reporter.metadata))
    for name, part in _parts(reporter, plan):
        page = part.page.replace('href="../report.html"', f'href="../{index.name}"')
        part.page = page.replace('href="report/', f'href="{folder.name}/')
        file = folder / f"{name}.html" if name else index
        sources = digest_of_text(same + part.sources())
        if not (file.is_file() and before.get(str(file.absolute())) == sources + digest(file)):
            reporter.results, reporter.jobs, reporter.rules = part.results, part.jobs, part.rules
            reporter.workflow_description, reporter.settings.path = part.page, file
            write()
        now[str(file.absolute())] = sources + digest(file)
    for name in before.keys() - now.keys():  # of a data set that is not shown now
        old = Path(name)
        if old.parent == folder.absolute() and old.is_file() and before[name].endswith(digest(old)):
            old.unlink()
    between_starts.remember(SUBJECT, now)


def _parts(reporter: Any, plan: Plan) -> Iterator[tuple[str, Part]]:
    """Yield the parts with the names of the data sets, the index last."""
    results, jobs = _by_dataset(reporter.results, plan), defaultdict(list)
    for job in reporter.jobs:
        name = job.job.wildcards.get("dataset", INDEX)
        jobs[name if name in plan.config.datasets else INDEX].append(job)
    rules, page = reporter.rules, reporter.workflow_description
    for name in plan.config.datasets:
        own = {job.rule: rules[job.rule] for job in jobs[name]}
        yield name, Part(results[name], jobs[name], own, _page(plan, name))
    yield INDEX, Part(results[INDEX], jobs[INDEX], rules, page)


def _by_dataset(results: Any, plan: Plan) -> Any:
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
    """Return the landing page of a data set, as Snakemake makes the page of a report."""
    file = Path(plan.outputs.on_disk(paths.of_each(paths.SUMMARY).format(dataset=dataset)))
    page = Environment(trim_blocks=True, lstrip_blocks=True).from_string(file.read_text("utf-8"))
    return str(publish_parts(page.render(), writer=Writer())["html_body"])
