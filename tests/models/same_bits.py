import dataclasses

import numpy as np


def assert_same_bits(one, other):
    """Assert that two fits are bit-identical, apart from their times."""
    for field in dataclasses.fields(one):
        if field.name != "seconds":
            values = [np.asarray(getattr(fit, field.name)) for fit in (one, other)]
            if values[0].dtype == float:  # ignore the sign of a NaN
                np.testing.assert_array_equal(*values, field.name)
                values = [np.nan_to_num(array) for array in values]
            assert values[0].tobytes() == values[1].tobytes(), field.name
