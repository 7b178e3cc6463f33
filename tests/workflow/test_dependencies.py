"""What counts as a change of the code, and which code a job depends on."""

import shutil
from importlib.metadata import packages_distributions, version

import pytest
from project import ROOT

import backprop
from backprop.report.contents import FIGURES
from backprop.workflow.plan import dependencies
from backprop.workflow.plan.dependencies import Dependencies, digest_of_code
from backprop.workflow.records import between_starts

CODE = '''"""A module."""

import logging
from typing import NamedTuple

from backprop.typing import NoEffect, Shown

__version__ = "1.0"

log = logging.getLogger(__name__)


class Entry(NamedTuple):
    """An entry."""

    value: float
    label: Shown[str]
    cores: NoEffect[int] = 1


ENTRIES = {"one": Entry(value=1.0, label="the first"), "two": Entry(value=2.0, label="2")}


def scaled(x, name):
    """Scale x."""
    if name not in ENTRIES:
        raise KeyError(f"found {name}; use {', '.join(ENTRIES)}")
    log.info("scale by %s", ENTRIES[name].label)
    return x * ENTRIES[name].value  # the only number
'''

# The edit, what is replaced, and by what.
NO_CHANGE = {
    "a comment": ("  # the only number", "  # the one number"),
    "the version": ('"1.0"', '"1.1"'),
    "no version": ('__version__ = "1.0"\n', ""),
    "a docstring": ('"""Scale x."""', '"""Multiply x by a value."""'),
    "another docstring": ("def scaled(x, name):", 'def scaled(x, name):\n    "Scaled."'),
    "the formatting": ("x * ENTRIES[name].value", "(x\n        * ENTRIES[name].value)"),
    "an error message": ("found {name}; use ", "there is no {name}; use "),
    "a log message": ('"scale by %s"', '"scaled by %s"'),
    "a default that has no effect": ("NoEffect[int] = 1", "NoEffect[int] = 2"),
    "a field that has no effect": ("    cores: NoEffect[int] = 1\n", ""),
}
NO_CHANGE_OF_NUMBERS = {
    "a label": ("the first", "the 1st"),
    "a field that is shown": ("    label: Shown[str]\n", '    label: Shown[str] = ""\n'),
}
CHANGE = {
    "a number": ("value=2.0", "value=2.5"),
    "an operation": ("x * ENTRIES", "x / ENTRIES"),
    "the order of entries": (
        '"one": Entry(value=1.0, label="the first"), "two": Entry(value=2.0, label="2")',
        '"two": Entry(value=2.0, label="2"), "one": Entry(value=1.0, label="the first")',
    ),
    "a condition": ("if name not in", "if name in"),
    "the kind of an error": ("KeyError", "ValueError"),
    "a field": ("value: float", "value: float = 1.0"),
    "a key": ('"two"', '"three"'),
    "a call in an error message": ("', '.join(ENTRIES)", "ENTRIES.pop(name)"),
    "an error with a value": ('KeyError(f"found', 'KeyError(x, f"found'),
    "a call in a log message": ("ENTRIES[name].label)", "ENTRIES.pop(name).label)"),
    "a list with the name of a log": ('log.info("scale', 'log.append("scale'),
    "a label that is computed": ('label="the first"', "label=ENTRIES.popitem()"),
    "a label by its position": ('Entry(value=2.0, label="2")', 'Entry(2.0, "2")'),
    "another mark": ("label: Shown[str]", "label: Annotated[str]"),
    "a label of another class": ("Entry(value=2.0", "Other(value=2.0"),
}


def edited(case):
    old, new = case
    assert CODE.count(old) == 1, old
    return CODE.replace(old, new)


@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("case", NO_CHANGE)
def test_an_edit_that_changes_no_result_keeps_the_digest(case, words):
    changed = digest_of_code(edited(NO_CHANGE[case]), words=words)
    assert changed == digest_of_code(CODE, words=words)


@pytest.mark.parametrize("case", NO_CHANGE_OF_NUMBERS)
def test_an_edit_of_words_changes_the_digest_only_where_words_count(case):
    changed = edited(NO_CHANGE_OF_NUMBERS[case])
    assert digest_of_code(changed, words=False) == digest_of_code(CODE, words=False)
    assert digest_of_code(changed, words=True) != digest_of_code(CODE, words=True)


@pytest.mark.parametrize("words", [True, False])
def test_of_classes_with_one_name_only_fields_that_all_of_them_mark_are_left_out(words):
    other = "class Other:\n    class Entry:\n        label: str\n        cores: int\n"
    for code in (f"{CODE}\n\n{other}", f"{other}\n\n{CODE}"):
        changed = code.replace("the first", "the 1st")
        assert digest_of_code(changed, words=words) != digest_of_code(code, words=words)


@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("case", CHANGE)
def test_an_edit_that_can_change_a_result_changes_the_digest(case, words):
    changed = digest_of_code(edited(CHANGE[case]), words=words)
    assert changed != digest_of_code(CODE, words=words)


# Of the real code


@pytest.fixture(scope="module")
def known():
    """The digests of the code, as starts remember them, so that each is computed once."""
    return {}


@pytest.fixture
def copied(tmp_path, monkeypatch, known):
    monkeypatch.setattr(between_starts, "recall", lambda _: known)
    for name in ("src", "workflow"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_versions_are_those_of_the_packages_that_compute():
    dependencies = Dependencies(ROOT)
    scratch = dependencies.of_modules("backprop.models.networks", "backprop.network.stacked")
    assert scratch["versions"].keys() == {"python", "numpy"}
    tensorflow = dependencies.of_modules("backprop.models.networks", "backprop.network.autodiff")
    assert "tensorflow" in tensorflow["versions"]


RENDERING = {
    "templates/pages.css": {"write_tables", "provenance", "every_row", "across"},
    "templates/figure_pages.css": {"plot"},
    "templates/figure_pages.js": {"plot"},
    "live/page.html": {"live"},
}


def test_a_template_counts_for_the_jobs_that_render_it_alone(copied):
    scripts = {file.stem: () for file in (ROOT / "workflow/scripts").glob("*.py")}
    scripts["plot"] = [f"backprop.report.figures.{name}" for name in FIGURES]

    def codes():
        dependencies = Dependencies(copied)
        return {each: dependencies.of_job(each, *scripts[each], words=True) for each in scripts}

    before = codes()
    for template, rendering in RENDERING.items():
        file = copied / "src/backprop/report" / template
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text}\n", encoding="utf-8")
        after = codes()
        file.write_text(text, encoding="utf-8")
        assert {each for each in scripts if after[each] != before[each]} == rendering, template


def test_a_second_start_computes_no_digest_of_code_and_no_imports_again(in_a_folder, monkeypatch):
    first = Dependencies(ROOT)
    first.remember()
    expected = first.of_job("plot", "backprop.report.figures.models", words=True)
    for name in ("digest_of_code", "_imports_of"):
        monkeypatch.setattr(dependencies, name, None)
    second = Dependencies(ROOT)
    second.remember()
    assert second.of_job("plot", "backprop.report.figures.models", words=True) == expected


def test_a_remembered_digest_is_that_of_the_source_as_it_is_now(in_a_folder, tmp_path):
    for folder in ("src/backprop", "workflow/scripts"):
        (tmp_path / folder).mkdir(parents=True)
    script = tmp_path / "workflow/scripts/fetch.py"
    for source in ("print(1)", "print(2)", "print(1)"):
        script.write_text(source)
        dependency = Dependencies(tmp_path)
        dependency.remember()
        expected = digest_of_code(source, words=False)
        assert dependency.code(["fetch"], [])["fetch"] == expected
    (between_starts.FOLDER / "code").write_text("damaged")
    assert Dependencies(tmp_path).code(["fetch"], [])["fetch"] == expected


def test_remembered_imports_are_those_of_the_sources_as_they_are_now(
    in_a_folder, monkeypatch, tmp_path
):
    for name in ("src/backprop", "workflow/scripts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setattr(backprop, "__file__", str(tmp_path / "src/backprop/__init__.py"))
    searches, find = [], dependencies._imports_of
    monkeypatch.setattr(dependencies, "_imports_of", lambda *own: searches.append(1) or find(*own))

    def code():
        return Dependencies(tmp_path).code(["split"], []).keys()

    before = code()
    assert "backprop.network.stacked" not in before
    script, module = (tmp_path / f for f in ("workflow/scripts/split.py", "src/backprop/files.py"))
    script.write_text(f"{script.read_text()}\nimport backprop.network.stacked\n")
    assert code() > before | {"backprop.network.stacked"}
    assert len(searches) == 2
    module.write_text(f"{module.read_text()}\nimport backprop.models.chosen\n")
    assert code() == code()
    assert len(searches) == 3
    (between_starts.FOLDER / "imports").write_text("damaged")
    assert code() > before
    assert len(searches) == 4


def test_the_version_of_a_package_is_that_of_its_distribution():
    by_package = packages_distributions()
    packages = ("numpy", "scipy", "pandas", "sklearn", "jinja2", "matplotlib", "yaml", "dateutil")
    for package in packages:
        name = by_package[package][0]
        assert dependencies._release(package) == (name, version(name))
