import numpy as np

from backprop.network.samples import SampleSets


def side_by_side(sets, outputs=1, places=None):
    """Return sets (x, y), of shapes (samples, d) and (samples,), as rows of one table.

    With places, these of the sets only, but of the same table.
    """
    x, y = (np.concatenate(arrays) for arrays in zip(*sets, strict=True))
    rows = np.split(np.arange(len(y)), np.cumsum([len(classes) for _, classes in sets])[:-1])
    places = range(len(sets)) if places is None else places
    return SampleSets(x, y, [(rows[place], np.copy) for place in places], outputs)


def block_of(sets, outputs=1):
    """Return all samples of these sets, padded."""
    (block,) = side_by_side(sets, outputs).blocks(np.arange(len(sets)))
    return block
