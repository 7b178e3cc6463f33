"""Messages never control the terminal."""

import pytest

from backprop.data.dataset import DataError
from backprop.errors import BackpropError, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a \x1b[2J b", r"a \x1b[2J b"),
        ("\x07\x00\x9b", r"\x07\x00\x9b"),
        ("over\r", r"over\r"),
        ("right to left \u202e", r"right to left \u202e"),
        ("a byte of a file name \udcff", r"a byte of a file name \udcff"),
        ("two\nlines", "two\nlines"),
        ("Größe → 5 %, 体重", "Größe → 5 %, 体重"),
    ],
)
def test_a_message_shows_control_characters_as_escape_sequences(text, shown):
    assert printable(text) == shown
    for kind in (BackpropError, DataError):
        assert str(kind(text)) == shown
