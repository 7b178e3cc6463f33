"""What the report says in many situations is what `sentences.md` says.

After a change of words, `make sentences` writes that file again, and its diff shows what readers
will see.
"""

import re
from pathlib import Path

import pytest
from situations import CHAPTERS, PAGES, landing_page

from backprop.statistics.review import WARNINGS

FILE = Path(__file__).with_name("sentences.md")
LANDING_PAGE = "## The landing page"


def said(text):
    """Return what a text says of each situation, by its chapter and its title."""
    _, *pieces = re.split(r"^(##+ .*)\n", text, flags=re.MULTILINE)
    chapter, contents = "", {}
    for title, content in zip(pieces[::2], pieces[1::2], strict=True):
        chapter = title if title.startswith("## ") else chapter
        contents[chapter, title] = content.strip()
    return contents


def written(text):
    """Return a text with the sentences that the report has now."""
    paragraphs = [text[: text.index("\n\n## ")]]
    for (chapter, title), content in said(text).items():
        if chapter == LANDING_PAGE:
            break
        base, write = CHAPTERS[chapter.removeprefix("## ")]
        paragraphs.append(title)
        if title == "## The recommendation":
            paragraphs += [f"*{outcome}*: {usual(row)}." for outcome, row in base.items()]
        elif title == chapter:
            paragraphs.append(f"Usually {usual(base)}, and all else 0 or none.")
        else:
            here = content.partition("\n")[0]
            situation = here.removeprefix("Here ").removesuffix(".")
            paragraphs += [here, listed(write(situation))]
    paragraphs.append(LANDING_PAGE)
    for title in ("both networks", *PAGES):
        paragraphs += [f"### {title[0].upper()}{title[1:]}", listed(landing_page(title))]
    return "\n\n".join(paragraphs) + "\n"


def listed(sentences):
    return "\n".join(f"- {sentence}" for sentence in sentences)


def usual(base):
    """Return the values of a base as a text, but 0 and none."""
    return ", ".join(f"{key} {value}" for key, value in base.items() if value and value == value)


@pytest.fixture(scope="module")
def before():
    return FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def now(before):
    return written(before)


def test_the_report_says_what_the_file_says(before, now, request):
    if request.config.getoption("--update-sentences", default=False):
        FILE.write_text(now, encoding="utf-8")
        before = now
    before, after = said(before), said(now)
    differing = {title: after[title] for title in after if before.get(title) != after[title]}
    expected = {title: before.get(title) for title in differing}
    assert differing == expected, "if this is what readers should see, run `make sentences`"
    assert [*before] == [*after]


def test_every_warning_is_in_a_situation(before):
    assert set(WARNINGS) == set(re.findall(r"(?:Here|;) warning (\w+)", before))


def test_every_chapter_has_situations(before):
    chapters = [chapter.removeprefix("## ") for chapter, title in said(before) if title != chapter]
    assert set(chapters) == {*CHAPTERS, "The landing page"}


def test_no_sentence_has_a_number_that_is_none(now):
    sentences = [line for line in now.splitlines() if line.startswith("- ")]
    assert len(sentences) > 100
    for sentence in sentences:
        assert not re.search(r"\b(nan|inf|None)\b|-0\.0\b|  |[{}]", sentence), sentence
