"""The page docs/your-own-data.md says what the code does."""

import copy
import re
from unittest.mock import patch

import numpy as np
import pytest
from data_cases import DATA, ENTRIES, config_for, entry_config, write_bytes
from project import ROOT, SMALL

from backprop.data import downloads
from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.errors import BackpropError
from backprop.workflow.plan.plan import Plan
from backprop.workflow.snakemake_run.start import name_doubts

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
        config = config_for(write_bytes(folder / "data.csv", content))
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
    at_the_root, tmp_path
):
    met = set()
    for case, lines in messages(tmp_path).items():
        for line in lines:
            of_line = {message for message, pattern in PATTERNS.items() if pattern.search(line)}
            assert of_line or REMEDY.search(line), f"{case}: {line}"
            met |= of_line
    assert set(ON_PAGE) == met


def test_a_note_on_the_terminal_names_texts_that_may_be_numbers(in_a_folder, tmp_path, capsys):
    rows = [f"{n % 7},{n % 2}" for n in range(60)]
    config = copy.deepcopy(SMALL) | {"datasets": {"mine": {"source": "mine.csv", "label": "y"}}}
    (tmp_path / "mine.csv").write_text("\n".join(["a,y", *rows, ""]))
    name_doubts(Plan(config, ROOT))
    assert capsys.readouterr().err == ""
    priced = [f"${n % 3},{row}" for n, row in enumerate(rows)]
    (tmp_path / "mine.csv").write_text("\n".join(["price\x1b,a,y", *priced, ""]))
    name_doubts(Plan(config, ROOT))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("note: mine: column 'price\\x1b': '$0' and the like are 3 categories")
