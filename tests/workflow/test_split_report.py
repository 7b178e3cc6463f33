"""The report of several data sets: what is in which file, how large the index is, what it costs."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from docutils.core import publish_parts
from docutils.writers.html4css1 import Writer
from full_config import typed
from made_comparisons import across, compared, data_set
from snakemake.report import Category, html_reporter
from snakemake_interface_report_plugins.registry import ReportPluginRegistry
from steps import steps

from backprop.report.across import page_across
from backprop.report.contents import ACROSS
from backprop.report.index import render_index, together
from backprop.workflow.plan import paths
from backprop.workflow.plan.outputs import Outputs
from backprop.workflow.plan.report_items import Items
from backprop.workflow.snakemake_run import split_report
from backprop.workflow.snakemake_run.split_report import write_split

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
FETCH, INDEX = "fetch", "index"
MODELS = ("scratch", "softmax", "bayes", "knn", "tree", "svm", "forest")
SEVEN = 7 * [0.1]
GRAPH = ("nodes", "links", "links_direct")

pytestmark = pytest.mark.usefixtures("in_a_folder")


def names_of(number):
    return [f"data_set_{place}" for place in range(number)]


def record(file, **labels):
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(file)
    return SimpleNamespace(
        path=Path(file), labels=labels, caption="", params="", name=Path(file).name, size=1,
        filename=Path(file).name, mime="text/html", wildcards="", job=job_of(INDEX).job,
        aux_files=[],
    )  # fmt: skip


def job_of(rule, **wildcards):
    own = SimpleNamespace(wildcards=wildcards, rule=SimpleNamespace(name=rule))
    return SimpleNamespace(rule=rule, starttime=1, endtime=2, job=own, output=[])


def study(number):
    """Return the plan and the whole report of some data sets, which has three pages of each."""
    entry = CONFIG["datasets"]["ex4"]
    config = typed({**CONFIG, "datasets": dict.fromkeys(names_of(number), entry)})
    design = SimpleNamespace()
    plan = SimpleNamespace(
        config=config, items=Items(config), outputs=Outputs(config, design, several=True)
    )
    records, jobs = [record(paths.ACROSS_PAGE, data=" all")], [job_of(INDEX)]
    for name in config.datasets:
        files = [file for file, owner in plan.items.datasets.items() if owner == name][:3]
        records += [record(file, data=name) for file in files]
        jobs.append(job_of(FETCH, dataset=name))
        page = Path(paths.of_each(paths.SUMMARY).format(dataset=name))
        page.write_text(f"`All <../report.html>`__ of {name}")
    results = {Category("1 Result"): {Category(None): records}}
    text = "".join(f'<a href="report/{name}.html">{name}</a>' for name in config.datasets)
    reporter = SimpleNamespace(
        results=results, jobs=jobs, rules={FETCH: 1, INDEX: 2}, workflow_description=text,
        settings=SimpleNamespace(path=Path("out/all.html")), metadata={}, custom_stylesheet="",
        mode_embedded=True,
    )  # fmt: skip
    return plan, reporter


def write(reporter):
    """Write what a part has, as Snakemake's reporter does."""
    items = [r for parts in reporter.results.values() for each in parts.values() for r in each]
    content = {
        "files": [str(each.path) for each in items],
        "labels": [each.labels for each in items],
        "jobs": [[each.rule, each.job.wildcards] for each in reporter.jobs],
        "rules": [*reporter.rules],
        "page": reporter.workflow_description,
    }
    reporter.settings.path.write_text(json.dumps(content))


def split(number):
    plan, reporter = study(number)
    write_split(reporter, plan, lambda: write(reporter))
    return {str(file): json.loads(file.read_text()) for file in sorted(Path("out").rglob("*.html"))}


def test_each_file_has_its_own_items_jobs_and_page_and_links_to_the_others():
    files = split(2)
    assert files.keys() == {"out/all.html", "out/all/data_set_0.html", "out/all/data_set_1.html"}
    index, one = files["out/all.html"], files["out/all/data_set_1.html"]
    assert index["files"] == [paths.ACROSS_PAGE]
    assert index["jobs"] == [[INDEX, {}]]
    assert re.findall('href="(.*?)"', index["page"]) == [
        "all/data_set_0.html", "all/data_set_1.html",
    ]  # fmt: skip
    assert len(one["files"]) == 3
    assert all(file.startswith("results/data_set_1/") for file in one["files"])
    assert one["labels"] == 3 * [{"": ""}]
    assert one["jobs"] == [[FETCH, {"dataset": "data_set_1"}]]
    assert one["rules"] == [FETCH]
    assert re.findall('href="(.*?)"', one["page"]) == ["../all.html"]


def test_a_report_of_twice_as_many_data_sets_takes_twice_as_long(monkeypatch):
    page = '<a href="../report.html">All</a>'
    monkeypatch.setattr(split_report, "publish_parts", lambda *_, **__: {"html_body": page})
    monkeypatch.setattr(split_report, "code_of_report", str)

    def taken(number):
        plan, reporter = study(number)
        _ = plan.items.datasets  # which the menu needs, too
        return steps(lambda: write_split(reporter, plan, lambda: write(reporter)))

    few, many = taken(20), taken(40)
    assert 1.5 * few < many < 2.2 * few


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Snakemake's files
def test_the_index_of_1000_data_sets_has_less_than_8_megabytes(monkeypatch):
    own = {
        "headline": "Give logistic regression a weight decay; for probabilities, use the network",
        "differences": {"scratch": ["+10.0", "+10.0 to +20.0"], "tensorflow": ["+1.0", "0 to 2"]},
    }
    first = {"question": "?", "unit": "", "first_look": "", "across": []}
    every = [{**first, "datasets": {name: own}} for name in names_of(1000)]
    failed = {f"failed_{place}": 300 * "a" for place in range(100)}
    page = render_index(ROOT / "workflow/report/index.rst.jinja", together(every, [], failed))
    sets = {name: data_set(*map(compared, MODELS, SEVEN, SEVEN)) for name in names_of(1000)}
    looks = [entry.look(name, "accuracy") for name, entry in ACROSS.items()]
    whole = page_across("Across", across(sets), looks, "accuracy", 0.01)
    item = record(paths.ACROSS_PAGE)
    item.path.write_text(whole)
    monkeypatch.setattr(
        html_reporter, "rulegraph_spec", lambda _: ({name: [] for name in GRAPH}, 0, 0)
    )
    reporter = ReportPluginRegistry().get_plugin("html").reporter(
        {}, {Category("1 Result"): {Category(None): [item]}}, [], [],
        SimpleNamespace(path=Path("index.html"), stylesheet_path=None),
        publish_parts(page, writer=Writer())["html_body"], dag=None, metadata={},
    )  # fmt: skip
    reporter.render()
    size = Path("index.html").stat().st_size
    assert 3_000_000 < size < 8_000_000, size
