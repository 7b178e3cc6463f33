import numpy as np

from backprop.network.samples import SampleSets


def random_sets(*sizes):
    """Draw sets of two classes in turn."""
    generator = np.random.default_rng(sum(sizes))
    return [(generator.normal(size=(n, 2)), np.arange(n) % 2) for n in sizes]


def side_by_side(sets, outputs=1):
    """Return sets (x, y), of shapes (samples, d) and (samples,), as rows of one table."""
    x, y = (np.concatenate(arrays) for arrays in zip(*sets, strict=True))
    rows = np.split(np.arange(len(y)), np.cumsum([len(classes) for _, classes in sets])[:-1])
    return SampleSets(x, y, [(own, np.copy) for own in rows], outputs)


def block_of(sets, outputs=1):
    """Return all samples of these sets, padded."""
    (block,) = side_by_side(sets, outputs).blocks(np.arange(len(sets)))
    return block
