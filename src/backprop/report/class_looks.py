"""The colours and markers of the classes, in figures and on the page that trains networks.

It imports nothing: the page needs no Matplotlib.
"""

CLASSES = {
    "#E69F00": "X", "#009E73": "o", "#BB99FF": "^", "#F2AAC2": "s", "#8699BF": "D", "#98A653": "P",
    "#30D2F2": "v", "#BAF249": "*", "#F2798D": "p", "#30F271": "h", "#91F2A1": "<", "#D9C357": ">",
}  # fmt: skip
"""The colours and markers of the classes, class 0 first. With more classes, both repeat."""


def class_colour(c: int) -> str:
    """Return the colour of class c."""
    return list(CLASSES)[c % len(CLASSES)]


def class_marker(c: int) -> str:
    """Return the marker of class c. Classes of one colour have different markers."""
    return list(CLASSES.values())[(c + c // len(CLASSES)) % len(CLASSES)]
