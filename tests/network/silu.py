import numpy as np

from backprop.network.functions import Activation, sigmoid

# Its derivative needs the sum a: SiLU falls and then rises, so b does not determine a.
SILU = Activation(
    value=lambda xp, a: a * sigmoid(xp, a),
    derivative=lambda a, b: b + sigmoid(np, a) * (1.0 - b),
    formula="a / (1 + exp(-a))",
    derivative_formula="b + sigmoid(a) (1 - b)",
    label="SiLU",
)
