"""Escape texts from the data and the config, such as the name of a column, for where they go.

HTML is escaped by `html.escape` of the standard library.
"""

import re

from backprop.errors import printable

IN_PARAMETERS = {ord(character): f"\\u{ord(character):04x}" for character in "<>&{}"}


def for_rst(text: str) -> str:
    """Escape a text for reStructuredText: a backslash before each character that may be markup.

    A line break, which could end a paragraph, and other characters that have no picture are shown
    as in `backprop.errors.printable`.
    """
    one_line = printable(text).replace("\n", r"\n")
    return re.sub(r"([^\w\s]|_)", r"\\\1", one_line)


def for_jinja(page: str) -> str:
    """Escape a page so that Jinja renders it unchanged.

    Everything that Jinja acts on begins with a brace; each becomes an expression for itself.
    """
    return page.replace("{", "{{ '{' }}")


def for_parameters(json: str) -> str:
    """Escape JSON for the parameters of a job. It is the same value, in other characters.

    Snakemake replaces ``{name}`` in parameters, and its report puts them into a script.
    """
    # In the texts only.
    return re.sub(r'"(?:[^"\\]|\\.)*"', lambda text: text[0].translate(IN_PARAMETERS), json)


def for_figure(text: str) -> str:
    """Escape a text for a figure, where Matplotlib reads a pair of $ as mathematics.

    SVG allows no character that controls a terminal.
    """
    return printable(text).replace("$", r"\$")


# Where a cell begins: at the start of a text, or after what separates or quotes cells for a program
# that is set to another language or format.
CELL_START = r"(?<![^;\t\r\n\"])"


def for_spreadsheet(text: str) -> str:
    """Escape a text for a CSV file, so that a spreadsheet does not take it for a formula.

    OWASP recommends an apostrophe before each cell that begins with one of these characters (*CSV
    Injection*). `from_spreadsheet` removes it; so a text that begins with an apostrophe gets one.
    """
    return re.sub(CELL_START + r"(?=[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20])", "'", text)


def from_spreadsheet(text: str) -> str:
    """Return the text that `for_spreadsheet` escaped."""
    return re.sub(CELL_START + "'", "", text)
