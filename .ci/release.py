"""Check that a tag is of this version: of the library, of CITATION.cff and of the changelog.

``python .ci/release.py v0.4.0`` then prints the notes of the release: its section of the changelog.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATE = r"\d{4}-\d\d-\d\d"


def searched(file: Path, pattern: str) -> str:
    """Return what a pattern has in its group, in a file; nothing if it is not there."""
    match = re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else ""


def faults(root: Path, tag: str) -> list[str]:
    """Return what does not agree with a tag, each with what was found."""
    version = tag.removeprefix("v")
    of_library = searched(root / "src/backprop/__init__.py", '^__version__ = "(.*)"$')
    changelog, citation = root / "CHANGELOG.md", root / "CITATION.cff"
    released = searched(changelog, rf"^## {re.escape(version)} - ({DATE})$")
    pairs = {
        "the tag": (tag, f"v{of_library}"),
        "version in CITATION.cff": (searched(citation, "^version: (.*)$"), version),
        "date-released in CITATION.cff": (
            searched(citation, rf'^date-released: "({DATE})"$'),
            released or f"the date of {version} in CHANGELOG.md",
        ),
        "the first version in CHANGELOG.md": (searched(changelog, "^## ([^ ]*)"), version),
    }
    return [
        f"{what}: found {value or 'none'}; use {expected}"
        for what, (value, expected) in pairs.items()
        if value != expected
    ]


def notes(root: Path) -> str:
    """Return the first section of the changelog, without its heading."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.split("^## .*\n", text, flags=re.MULTILINE)[1].strip()


if __name__ == "__main__":
    if lines := faults(ROOT, "".join(sys.argv[1:])):
        sys.exit("\n".join(f"error: {line}" for line in lines))
    print(notes(ROOT))
