"""The documentation: what is generated has every key and column; `make site` checks all else."""

import re
from pathlib import Path

import pytest
import reference
import yaml

from backprop.statistics import tables
from backprop.workflow.config_check.config_schema import read_schema

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def sections(text):
    """Return the rows of the table in each section, by its heading: lists of cells."""
    _, *parts = re.split(r"^## `(.*)`$", text, flags=re.MULTILINE)
    return {
        heading: [line.strip("| ").split(" | ") for line in part.splitlines() if "| `" in line]
        for heading, part in zip(parts[::2], parts[1::2], strict=True)
    }


def keys(schema, path=()):
    """Yield the path of each key in a mapping; a key of any name is ``<name>``."""
    inside = {**schema.get("properties", {})}
    if isinstance(others := schema.get("additionalProperties"), dict):
        inside["<name>"] = others
    for key, value in inside.items():
        yield (*path, key)
        yield from keys(value, (*path, key))


def test_each_key_of_the_config_has_an_entry_with_a_description():
    entries = sections(reference.config_keys())
    schema = read_schema()
    paths = [*keys(schema)]
    assert ("datasets", "<name>", "source") in paths
    for section, *inner in paths:
        described = {row[0]: row[1] for row in entries[section]}
        assert not inner or described[f"`{'.'.join(inner)}`"], (section, inner)


def test_an_entry_says_what_may_be_written_and_what_is_there_by_default():
    entries = sections(reference.config_keys())
    rows = {row[0]: row[2:] for row in entries["training"] + entries["datasets"]}
    assert rows["`epochs`"] == ["a whole number, at least 1, at most 1000000", "*required*"]
    assert rows["`<name>.missing`"] == ["one of refuse, impute", "`refuse`"]


def test_each_key_of_known_answers_has_an_entry():
    schema = yaml.safe_load((ROOT / "workflow/schemas/known_answers.schema.yaml").read_text())
    text = reference.known_answers()
    for key in schema["properties"]["answers"]["items"]["properties"]:
        assert f"| `answers.{key}` | " in text


def test_each_column_of_each_table_has_an_entry_with_a_description():
    entries = sections(reference.tables())
    assert list(entries) == list(tables.TABLES)
    for name, table in tables.TABLES.items():
        rows = {
            column.strip("`"): words
            for columns, words, *_ in entries[name]
            for column in columns.split(", ")
        }
        assert list(rows) == list(table.columns("accuracy", reference.HYPERPARAMETERS))
        assert all(rows.values())


def test_each_page_is_in_the_menu():
    blocks = re.findall(
        r"^```\{toctree\}\n(?::[^\n]*\n)*\n(.*?)^```",
        (DOCS / "index.md").read_text() + (DOCS / "api.md").read_text(),
        flags=re.MULTILINE | re.DOTALL,
    )
    listed = [line for block in blocks for line in block.splitlines()]
    pages = {page.stem for page in DOCS.glob("*.md")} - {"index", "package"}
    assert pages <= set(listed)
    assert all((DOCS / f"{page}.md").exists() for page in listed)


PAGES = [
    file
    for folder in (
        ROOT,
        DOCS,
        DOCS / "gallery",
        *(ROOT / n for n in ("config", "resources", ".github")),
    )
    for file in sorted(folder.glob("*.md"))
]
CODE = re.compile(r"^( *)```.*?^\1```$|`[^`\n]+`", flags=re.MULTILINE | re.DOTALL)


def anchors(page):
    """Return the anchors that a host of repositories gives to the headings of a page."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_to_a_file_leads_somewhere_without_the_site(page):
    text = CODE.sub("`code`", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)\s]+)\)|<(?:img|a) [^>]*(?:src|href)=\"([^\"]+)\"", text)
    dead = []
    for target in (markdown or html for markdown, html in links):
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        is_there = file.exists() and (not anchor or anchor in anchors(file))
        if not re.match("https?:|mailto:", target) and not is_there:
            dead.append(target)
    assert dead == []
