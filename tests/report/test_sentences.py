"""What the report says in many situations is what `sentences.md` says.

After a change of words, `make sentences` writes that file again, and its diff shows what readers
will see.
"""

import re
from pathlib import Path

import pytest
from situations import WARNINGS as WARNED_OF
from situations import chapters, in_words

from backprop.statistics.review import WARNINGS

FILE = Path(__file__).with_name("sentences.md")
HEAD = """# What the report says

Situations of a study, each in a few numbers, with the sentences that the report then has.
`make sentences` writes this file, and `test_sentences.py` compares it."""


def written():
    """Return the situations of all chapters as a text."""
    paragraphs = [HEAD]
    for chapter, base, situations in chapters():
        paragraphs.append(f"## {chapter}")
        if chapter == "The recommendation":
            paragraphs += [f"*{outcome}*: {usual(row)}." for outcome, row in base.items()]
        elif base:
            paragraphs.append(f"Usually {usual(base)}, and all else 0 or none.")
        for title, (numbers, sentences) in situations.items():
            paragraphs.append(f"### {title[0].upper()}{title[1:]}")
            paragraphs += [f"Here {numbers}."] if numbers else []
            paragraphs.append("\n".join(f"- {sentence}" for sentence in sentences))
    return "\n\n".join(paragraphs) + "\n"


def usual(base):
    """Return the values of a base as a text, but 0 and none."""
    return in_words({key: value for key, value in base.items() if value and value == value})


def by_title(text):
    """Return what a text says of each situation."""
    pieces = re.split(r"^(##+ .*)\n", text, flags=re.MULTILINE)[1:]
    chapter, said = "", {}
    for title, content in zip(pieces[::2], pieces[1::2], strict=True):
        if title.startswith("## "):
            chapter = title
        said[chapter, title] = content.strip()
    return said


@pytest.fixture(scope="module")
def now():
    return written()


def test_the_report_says_what_the_file_says(now, request):
    if request.config.getoption("--update-sentences", default=False):
        FILE.write_text(now, encoding="utf-8")
    before, after = by_title(FILE.read_text(encoding="utf-8")), by_title(now)
    differing = {title: after[title] for title in after if before.get(title) != after[title]}
    expected = {title: before.get(title) for title in differing}
    assert differing == expected, "if this is what readers should see, run `make sentences`"
    assert [*before] == [*after]


def test_every_warning_is_in_a_situation():
    shown = {row["warning"] for rows in WARNED_OF.values() for row in rows}
    assert set(WARNINGS) == shown, "add a row to WARNINGS in situations.py"


def test_no_sentence_has_a_number_that_is_none(now):
    sentences = [line for line in now.splitlines() if line.startswith("- ")]
    assert len(sentences) > 100
    for sentence in sentences:
        assert not re.search(r"\b(nan|inf|None)\b|-0\.0\b|  |[{}]", sentence), sentence
