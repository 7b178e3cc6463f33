"""The page docs/your-own-data.md says what the code does."""

import copy
import re
import textwrap
from unittest.mock import patch

import numpy as np
import pytest
import yaml
from data_cases import DATA, ENTRIES, entry_config
from project import ROOT, SMALL

from backprop.data import downloads
from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.errors import BackpropError
from backprop.workflow.plan import Plan
from backprop.workflow.start import name_doubts

PAGE = (ROOT / "docs/your-own-data.md").read_text(encoding="utf-8")
MESSAGES = PAGE[PAGE.index("## The messages") :]
ON_PAGE = [
    double or single
    for double, single in re.findall(r"^\| (?:`` (.*?) ``|`(.*?)`) \| ", MESSAGES, re.MULTILINE)
]
PATTERNS = {
    message: re.compile(".+".join(map(re.escape, message.split("…"))) + "$") for message in ON_PAGE
}
REMEDY = re.compile(
    r"[;:] (use|leave|name|save|open|did you mean|the first line must have|it is) "
    r"|: `header: \d+` in the config reads it"
)


def messages(folder):
    """Return the messages of all cases, line by line, by the name of the case."""
    listed = {}
    for case, (content, _) in DATA.items():
        (folder / "data.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        config = copy.deepcopy(SMALL)
        entry = {"source": str(folder / "data.csv"), "features": ["a", "b"], "label": "y"}
        config["datasets"] = {"mine": entry}
        listed[case] = refusal(lambda config=config: Plan(config, ROOT))
    for case, (changes, _) in ENTRIES.items():
        config = entry_config(folder, changes)
        listed[case] = refusal(lambda config=config: Plan(config, ROOT))
    with patch.object(downloads, "ATTEMPTS", 1):
        listed["download"] = refusal(lambda: downloads.download("http://127.0.0.1:1/"))
    one_sided = Dataset(
        ("a",), "y", np.array([[0.0], [0], [1]]), np.array([0, 1, 1]), categories={"a": ("u", "v")}
    )
    listed["split"] = refusal(lambda: Encoder.of(one_sided, np.arange(2)))
    return listed


def refusal(action):
    with pytest.raises(BackpropError) as caught:
        action()
    lines = str(caught.value).splitlines()
    return lines[1:] if lines[0].endswith("faults:") else lines


def test_a_message_says_what_to_do_or_is_on_the_page_and_each_of_the_page_can_be_met(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(ROOT)
    met = set()
    for case, lines in messages(tmp_path).items():
        for line in lines:
            of_line = {message for message, pattern in PATTERNS.items() if pattern.search(line)}
            assert of_line or REMEDY.search(line), f"{case}: {line}"
            met |= of_line
    assert set(ON_PAGE) == met


PENGUINS = [
    "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year",
    *(
        f"{('Adelie', 'Chinstrap', 'Gentoo')[n % 3]},{('Biscoe', 'Dream')[n % 2]},{36 + n / 5:.1f},"
        f"{17 + n % 4}.{n % 7},{180 + n},{3500 + 25 * n},{('female', 'male', 'NA')[n // 3 % 3]},"
        f"{2007 + n % 3}"
        for n in range(60)
    ),
    "Adelie,Torgersen,NA,NA,NA,NA,NA,2007",
    "Gentoo,Biscoe,NA,NA,NA,NA,NA,2009",
]
"""A table as that of the penguins: some were not weighed, and the sex of some is not known."""


def entry_of_page(folder, table):
    """Return the config of step 2 of the page, for a table in a folder."""
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[:1]
    entries = yaml.safe_load(textwrap.dedent(block))["datasets"]
    (folder / entries["penguins"]["source"]).write_text("\n".join([*table, ""]))
    return copy.deepcopy(SMALL) | {"datasets": entries}


def test_the_example_of_the_page_can_be_used_with_gaps_in_the_table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = Plan(entry_of_page(tmp_path, PENGUINS), ROOT).datasets.data("penguins")
    assert data.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert data.categories == {
        "island": ("Biscoe", "Dream", "Torgersen"),
        "sex": ("female", "male"),
    }
    gaps = np.isnan(data.x).sum(axis=0).tolist()
    assert gaps == [0, 2, 2, 2, 2, 20, 0]  # 18 + 2 without a sex, 2 without sizes


def test_a_note_on_the_terminal_names_texts_that_may_be_numbers(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table = [f"{row},${n % 3}" for n, row in enumerate(PENGUINS)]
    table[0] = f"{PENGUINS[0]},price\x1b"
    name_doubts(Plan(entry_of_page(tmp_path, table), ROOT))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "note: penguins: column 'price\\x1b': '$0' and the like are 3 categories"
    )
    name_doubts(Plan(entry_of_page(tmp_path, PENGUINS), ROOT))
    assert capsys.readouterr().err == ""
