"""The page docs/your-own-data.md says what the code does."""

import copy
import re

import numpy as np
import pytest
import yaml
from data_cases import DATA, ENTRIES, entry_config
from project import ROOT, SMALL

from backprop.data.dataset import Dataset
from backprop.data.downloads import download
from backprop.data.encoding import Encoder
from backprop.errors import BackpropError
from backprop.workflow.plan import Plan

PAGE = (ROOT / "docs/your-own-data.md").read_text(encoding="utf-8")
MESSAGES = PAGE[PAGE.index("## The messages") :]
ON_PAGE = [
    double or single
    for double, single in re.findall(r"^\| (?:`` (.*?) ``|`(.*?)`) \| ", MESSAGES, re.MULTILINE)
]
PATTERNS = {
    message: re.compile(".+".join(map(re.escape, message.split("…"))) + "$") for message in ON_PAGE
}
NOT_OF_DATA = {"another remedy for missing values", "another use of equal rows", "a list for a row"}
NOT_OF_DATA |= {"a list for the positive class", "a key that is almost known"}


def messages(folder):
    """Return the messages of all cases, line by line, by the name of the case."""
    listed = {}
    for case, (content, _) in DATA.items():
        (folder / "data.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        config = copy.deepcopy(SMALL)
        entry = {"source": str(folder / "data.csv"), "features": ["a", "b"], "label": "y"}
        config["datasets"] = {"mine": entry}
        listed[case] = refusal(lambda config=config: Plan(config, ROOT))
    for case in ENTRIES.keys() - NOT_OF_DATA:
        config = entry_config(folder, ENTRIES[case][0])
        listed[case] = refusal(lambda config=config: Plan(config, ROOT))
    listed["download"] = refusal(lambda: download("http://127.0.0.1:1/", 1.0, 1.0, 1))
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


def test_every_message_is_on_the_page_and_every_message_of_the_page_can_be_met(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(ROOT)
    met = set()
    for case, lines in messages(tmp_path).items():
        for line in lines:
            of_line = {message for message, pattern in PATTERNS.items() if pattern.search(line)}
            assert of_line, f"{case}: {line}"
            met |= of_line
    assert set(ON_PAGE) == met


def test_every_key_of_a_data_set_is_on_the_page():
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    keys = schema["properties"]["datasets"]["additionalProperties"]["properties"]
    on_page = re.findall(r"^\| `([a-z_0-9]+)` \|", PAGE, re.MULTILINE)
    assert set(on_page) == set(keys)
