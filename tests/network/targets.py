import numpy as np


def draw_targets(generator, outputs, *shape):
    """Draw classes of some shape; return their targets, shape (outputs, *shape)."""
    if outputs == 1:
        return generator.integers(0, 2, (1, *shape)).astype(float)
    classes = generator.integers(0, outputs, shape)
    return np.stack([classes == j for j in range(outputs)]).astype(float)
