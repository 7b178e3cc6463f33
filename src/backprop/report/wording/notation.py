"""The symbols and formulas of the lecture in HTML: Greek letters, indices, the signs of sums."""

import re
from html import escape

SIGNS = {
    "dE/d": "\N{PARTIAL DIFFERENTIAL}E/\N{PARTIAL DIFFERENTIAL}",
    "alpha": "\N{GREEK SMALL LETTER ALPHA}",
    "beta": "\N{GREEK SMALL LETTER BETA}",
    "gamma": "\N{GREEK SMALL LETTER GAMMA}",
    "theta": "\N{GREEK SMALL LETTER THETA}",
    "yhat": "\N{LATIN SMALL LETTER Y WITH CIRCUMFLEX}",
}
"""What is written in letters of ASCII in the table."""


def as_symbol(text: str) -> str:
    """Write a symbol of the lecture in HTML.

    Examples
    --------
    >>> as_symbol("v_1,10"), as_symbol("dE/dw_3"), as_symbol("b(2)_1")
    ('v<sub>1,10</sub>', '∂E/∂w<sub>3</sub>', 'b<sup>(2)</sup><sub>1</sub>')
    >>> as_symbol("yhat"), as_symbol("new theta"), as_symbol("error(out)_2")
    ('ŷ', 'new θ', 'error<sup>(out)</sup><sub>2</sub>')
    """
    text = escape(text)
    for letters, sign in SIGNS.items():
        text = re.sub(rf"(?<![a-z]){letters}", sign, text)
    text = re.sub(r"(\w)(\((?:\d+|out)\))(?=_)", r"\1<sup>\2</sup>", text)
    return re.sub(r"_([a-z]+|[\d,]+)", r"<sub>\1</sub>", text)


def as_formula(text: str) -> str:
    """Write a formula of the lecture in HTML.

    Examples
    --------
    >>> as_formula("sum of v_ih x_i"), as_formula("1/2 (1 + yhat)^2")
    ('Σ v<sub>ih</sub> x<sub>i</sub>', '½ (1 + ŷ)²')
    """
    text = re.sub(r"\bsum of ", "\N{GREEK CAPITAL LETTER SIGMA} ", text)
    text = text.replace("1/2 ", "\N{VULGAR FRACTION ONE HALF} ")
    text = text.replace("^2", "\N{SUPERSCRIPT TWO}").replace("-", "\N{MINUS SIGN}")
    return as_symbol(text)
