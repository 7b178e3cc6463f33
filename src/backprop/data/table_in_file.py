"""Where the table is in a file: below a title, with units or totals, in which encoding."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from backprop.data.text_appearance import LIKE_A_NUMBER

LOOKED_AT = 30  # rows in which the header may be
TOTAL = re.compile(
    r"(?i)(grand )?(total|sum|mean|average|summe|gesamt|mittel(wert)?|somme|moyenne)\b.*"
)
# What means the same in the encodings of western and of central Europe, of those from 0x80.
SAME_LETTERS = frozenset("ÁÂÄÇÉËÍÎÓÔÖÚÜÝßáâäçéëíîóôöúüý")
SAME_SIGNS = frozenset(
    bytes.fromhex(
        "80 82 84 85 86 87 89 8b 91 92 93 94 95 96 97 99 9b a0 a4 a6 a7 a9 ab ac ad ae b0 b1 b4 b5"
        "b6 b7 b8 bb d7 f7"
    ).decode("cp1252")
)
IN_WORDS = frozenset("\u2019\u2013\xad\xb7\xb5\xa0")  # the apostrophe, hyphens, micro
# In a word, the byte of another sign is a letter, as on old PCs and Macs.
SIGN_IN_WORD = re.compile(rf"[^\W\d_][{''.join(sorted(SAME_SIGNS - IN_WORDS))}][^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
POUNDS = re.compile("\xa3(?= ?\\d)")  # elsewhere, its byte may be a letter
OF_METRES = re.compile(r"(?<![^\W\d_])[cdkm]?m[\xb2\xb3](?![^\W\d_])")
CODE_NAME = re.compile(r"(?i)(.*[\W_])?(plz|postleitzahl|zip([ _-]?code)?|post(al)?[ _-]?code)")
LOOKED_AT_CELLS = 1000


def likely_header(rows: Sequence[tuple[int, Sequence[str]]]) -> int | None:
    """Return the line of the row that looks like the header, if that is not the first one.

    That is the first of the rows with the most frequent number of cells, if they are different
    texts, and all rows before it have fewer. Cells that are empty do not count.

    Parameters
    ----------
    rows : sequence of (int, sequence of str)
        The first rows of a file that are not blank, with the number of each line.

    Examples
    --------
    >>> rows = [["Trees of 2024"], ["kind", "height"], ["oak", "20"], ["ash", "18"]]
    >>> likely_header([*enumerate(rows, 1)]), likely_header([*enumerate(rows[1:], 1)])
    (2, None)
    """
    filled = [(line, [cell.strip() for cell in cells if cell.strip()]) for line, cells in rows]
    widths = Counter(len(cells) for _, cells in filled)
    if not widths:
        return None
    width = max(widths, key=lambda each: (widths[each], each))
    for number, (line, cells) in enumerate(filled):
        if len(cells) >= width:
            is_header = len({*cells}) == len(cells) and not any(map(LIKE_A_NUMBER.fullmatch, cells))
            return line if number and width > 1 and is_header else None
    return None


def units_and_totals(
    columns: Sequence[Sequence[str]], lines: Sequence[int], of_label: int
) -> dict[int, str]:
    """Return the lines of a table that seem to be no rows, and what they seem to be.

    Parameters
    ----------
    columns : sequence of sequence of str
    lines : sequence of int
        The number of the line of each row.
    of_label : int
        The place of the column with the class.
    """
    if len(lines) < 3:
        return {}
    seem = {}
    classes = Counter(map(str.strip, columns[of_label]))
    first, last = ([cells[row].strip() for cells in columns] for row in (0, -1))
    # Whether most of the first cells, but for the one in the first row, are numbers.
    below = [cells[1:LOOKED_AT] for cells in columns]
    of_numbers = [2 * sum(map(_is_number, cells)) > len(cells) for cells in below]
    units = [text for text, is_of in zip(first, of_numbers, strict=True) if is_of and text]
    if units and not any(map(_is_number, units)) and not _is_class(first[of_label], classes):
        seem[lines[0]] = f"units, such as {units[0]!r:.40}"
    if any(map(TOTAL.fullmatch, last)) and not _is_class(last[of_label], classes):
        seem[lines[-1]] = f"totals, as {next(filter(TOTAL.fullmatch, last))!r:.40} says"
    return seem


def _is_class(text: str, classes: Mapping[str, int]) -> bool:
    """Return whether a text is a class of other rows, too."""
    return bool(text) and classes[text] > 1


def _is_number(cell: str) -> bool:
    return bool(LIKE_A_NUMBER.fullmatch(cell.strip()))


def seems_a_code(name: str, cells: Sequence[str]) -> bool:
    """Return whether a column of numbers seems to be one of codes, such as postcodes.

    Examples
    --------
    >>> seems_a_code("PLZ", ["80331"]), seems_a_code("x", ["01067", "80331"])
    (True, True)
    >>> seems_a_code("x", ["0.5", "0", "12"])
    False
    """
    texts = [cell.strip() for cell in cells[:LOOKED_AT_CELLS]]
    lengths = {len(text) for text in texts if text}
    zeros = any(text[0] == "0" for text in texts if text)
    alike = len(lengths) == 1 and min(lengths) > 1 and all(t.isdigit() for t in texts if t)
    return bool(CODE_NAME.fullmatch(name)) or (zeros and alike)


def from_windows(content: bytes) -> str | None:
    """Decode text in Windows-1252; None if its bytes may as well mean something else.

    The encodings of central Europe have other letters in many places, Greek and Cyrillic have words
    without a letter of ASCII, and those for Asia and old Macs use bytes that are letters in
    no European language here.

    Examples
    --------
    >>> from_windows("Größe in °C".encode("cp1252")), from_windows("père".encode("cp1252"))
    ('Größe in °C', None)
    """
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    signs = {c for c in set(OF_METRES.sub("", POUNDS.sub("", text))) if ord(c) > 127}
    if not signs <= SAME_LETTERS | SAME_SIGNS:
        return None
    if SIGN_IN_WORD.search(text):
        return None
    words = {word for word in WORD.findall(text) if not word.isascii()}
    has_ascii = all(any(letter.isascii() for letter in word) for word in words)
    return text if has_ascii else None
