"""The lecture's network, one network and one sample at a time: read this first, beside the slides.

One sample has inputs x_i (i = 1..d) and targets y_j. The network has hidden nodes h = 1..q and
outputs j = 1..l. The slides write delta for sigma, and omega for w in some places::

    forward    alpha_h = sum_i v_ih x_i        b_h    = sigma(alpha_h + gamma_h)
               beta_j  = sum_h w_hj b_h        yhat_j = sigmoid(beta_j + theta_j)

    cost       E = 1/2 sum_j (yhat_j - y_j)^2

    errors     error_j = dE / d(beta_j + theta_j)   = (yhat_j - y_j) yhat_j (1 - yhat_j)
               error_h = dE / d(alpha_h + gamma_h)  = sum_j error_j w_hj sigma'(alpha_h + gamma_h)

    gradients  dE/dw_hj = error_j b_h          dE/dtheta_j = error_j
               dE/dv_ih = error_h x_i          dE/dgamma_h = error_h

    update     w_hj -= eta dE/dw_hj            theta_j -= eta dE/dtheta_j
               v_ih -= eta dE/dv_ih            gamma_h -= eta dE/dgamma_h

With sigma = sigmoid, sigma' is b_h (1 - b_h). Other choices of sigma and of E, with their
derivatives, are entries of `backprop.network.functions`. With cross entropy, several outputs share
a softmax; otherwise each has a sigmoid.

The lecture updates after each sample. With batches, an update is for m samples: it takes the mean
of their gradients, all from the weights before the update. Weight decay l2 makes weights smaller,
but not thresholds. So an update is, in general::

    w_hj -= eta (1/m sum_k dE(k)/dw_hj + l2 w_hj)    theta_j -= eta 1/m sum_k dE(k)/dtheta_j

The lecture has m = 1 and l2 = 0. Other optimisers take other steps from the same mean gradients:
`backprop.network.optimisers` has their formulas.

The lecture's algorithm, and where its steps are:

1. initialise all parameters in (0, 1): `INITIALISATIONS` in `backprop.network.functions`
2. repeat: `train` in `backprop.network.training`
3. for all samples of the training set: `train_network`
4. calculate yhat: `forward`
5. calculate the errors of the output layer: `errors`
6. calculate the errors of the hidden layer: `errors`
7. update w, theta, v and gamma: `update`, after `decay`
8. end for: `train_network`
9. until the stop condition is reached: `StopCondition` in `backprop.network.training`

A network is a list of layers, each a pair of weights and thresholds: ``[(v, gamma), (w, theta)]``.
More hidden layers are more pairs (v, gamma), and the same formulas again. The tests and the report
check `backprop.network.stacked` and `backprop.network.autodiff` against this module.
"""

from collections.abc import Sequence

import numpy as np

from backprop.network.functions import ACTIVATIONS, OUTPUTS, cost_of
from backprop.network.optimisers import Method
from backprop.network.parameters import Layer, assign_layers, copy_layers, network_of
from backprop.typing import Array


def forward(
    layers: Sequence[Layer], x: Array, activation: str, output: str = "sigmoid"
) -> tuple[list[Array], list[Array]]:
    """Calculate yhat for one sample, and keep the sums and outputs of all layers.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        (v, gamma) of each hidden layer, then (w, theta).
    x : array, shape (d,)
        The inputs.
    activation : str
        sigma, an entry of `backprop.network.functions.ACTIVATIONS`.
    output : str, default="sigmoid"
        The function of the output layer, an entry of `backprop.network.functions.OUTPUTS`.

    Returns
    -------
    sums : list of arrays, shapes (nodes,)
        alpha + gamma of each hidden layer, then beta + theta.
    outputs : list of arrays, shapes (nodes,)
        x, b of each hidden layer, then yhat.
    """
    sigma = ACTIVATIONS[activation].value
    *hidden_layers, (w, theta) = layers
    sums, outputs = [], [x]
    for v, gamma in hidden_layers:
        alpha = outputs[-1] @ v
        sums.append(alpha + gamma)
        b = sigma(np, alpha + gamma)
        outputs.append(b)
    beta = outputs[-1] @ w
    sums.append(beta + theta)
    yhat = OUTPUTS[output].value(np, beta + theta)
    outputs.append(yhat)
    return sums, outputs


def errors(
    layers: Sequence[Layer],
    sums: Sequence[Array],
    outputs: Sequence[Array],
    y: Array,
    activation: str,
    cost: str,
) -> list[Array]:
    """Calculate the errors of all layers for one sample, the output layer first.

    Parameters
    ----------
    layers, sums, outputs, activation
        As `forward` takes and returns them.
    y : array, shape (l,)
        The targets, 0 or 1. With a softmax one of them is 1.
    cost : str
        E, an entry of `backprop.network.functions.COSTS`.

    Returns
    -------
    list of arrays, shapes (nodes,)
        error_h of each hidden layer, first to last, then error_j.
    """
    sigma_prime = ACTIVATIONS[activation].derivative
    error_j = cost_of(cost, len(y)).error(outputs[-1], y)
    layer_errors = [error_j]
    for place in reversed(range(len(layers) - 1)):  # the hidden layers, last to first
        w, _ = layers[place + 1]  # the weights to the layer above
        error_h = w @ layer_errors[0] * sigma_prime(sums[place], outputs[place + 1])
        layer_errors.insert(0, error_h)
    return layer_errors


def update(
    layers: Sequence[Layer], outputs: Sequence[Array], layer_errors: Sequence[Array], eta: float
) -> None:
    """Update the parameters of all layers, in place, for one sample.

    All errors of its batch were calculated before, and so from the weights before this update.

    Parameters
    ----------
    layers, outputs, layer_errors
        As `forward` and `errors` take and return them.
    eta : float
        The learning rate, at least 0, divided by the number m of samples of the batch.
    """
    for (weights, thresholds), below, error in zip(layers, outputs[:-1], layer_errors, strict=True):
        weights -= eta * np.outer(below, error)  # w_hj -= eta error_j b_h, v_ih -= eta error_h x_i
        thresholds -= eta * error  # theta_j -= eta error_j, gamma_h -= eta error_h


def decay(layers: Sequence[Layer], eta: float, l2: float) -> None:
    """Make the weights of all layers smaller, in place, before the updates of a batch.

    Parameters
    ----------
    layers
        As in `forward`.
    eta : float
        The learning rate, at least 0.
    l2 : float
        The weight decay, at least 0.
    """
    for weights, _ in layers:
        weights *= 1.0 - eta * l2  # w_hj -= eta l2 w_hj, v_ih -= eta l2 v_ih


def mean_gradients(
    layers: Sequence[Layer],
    steps: Sequence[tuple[Sequence[Array], Sequence[Array], float]],
    l2: float,
) -> list[Layer]:
    """Return the mean gradient of each parameter over a batch, with the weight decay of weights.

    Parameters
    ----------
    layers, l2
        As in `decay`.
    steps : sequence of (outputs, layer_errors, share)
        For each sample, what `forward` and `errors` return, and its share in the mean.
    """
    gradients = []
    for place, (weights, thresholds) in enumerate(layers):
        of_weights, of_thresholds = l2 * weights, np.zeros_like(thresholds)
        for outputs, layer_errors, share in steps:
            of_weights += share * np.outer(outputs[place], layer_errors[place])
            of_thresholds += share * layer_errors[place]
        gradients.append((of_weights, of_thresholds))
    return gradients


def train_network(layers: Sequence[Layer], x: Array, y: Array, eta: Array, method: Method) -> Array:
    """Train one network for one epoch: every sample once, in order.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,); changed in place.
    x : array, shape (n, d)
        The inputs.
    y : array, shape (n, l)
        The targets, 0 or 1.
    eta : array, shape (n,)
        The learning rate, divided by the number m of samples of the batch; 0 for padding.
    method : Method

    Returns
    -------
    array, shape (n, l)
        beta + theta of each sample, before its update.
    """
    activation, cost, batch_size, l2, memory = method
    z = np.empty(y.shape)
    output = cost_of(cost, y.shape[1]).output
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        steps = []
        for k in range(len(x))[batch]:
            sums, outputs = forward(layers, x[k], activation, output)
            layer_errors = errors(layers, sums, outputs, y[k], activation, cost)
            steps.append((outputs, layer_errors, eta[k]))
            z[k] = sums[-1]
        rate = eta[batch].sum()
        if memory is None:
            decay(layers, rate, l2 or 0.0)
            for step in steps:
                update(layers, *step)
        elif rate > 0:  # not of padding
            shares = [(outputs, layer_errors, own / rate) for outputs, layer_errors, own in steps]
            memory.step(layers, mean_gradients(layers, shares, l2 or 0.0), rate)
    return z


# The functions of a `backprop.network.training.Network`: for stacks, the networks on the last axis.


def train_epoch(layers: Sequence[Layer], x: Array, y: Array, eta: Array, method: Method) -> Array:
    """Train each network of a stack for one epoch; see `backprop.network.stacked.train_epoch`."""
    z = np.empty(y.shape)
    decays = np.zeros(x.shape[-1]) if method.l2 is None else method.l2
    for f in range(x.shape[-1]):
        own = method._replace(l2=decays[f], memory=method.memory and method.memory.of_network(f))
        network = copy_layers(network_of(layers, f))
        z[..., f] = train_network(network, x[..., f], y[..., f], eta[:, f], own)
        assign_layers(network_of(layers, f), network)
    return z


def predict(layers: Sequence[Layer], x: Array, activation: str) -> Array:
    """Return beta + theta of every sample; see `backprop.network.stacked.predict`."""
    z = np.empty((len(x), layers[-1][1].shape[0], x.shape[-1]))
    for f in range(x.shape[-1]):
        network = network_of(layers, f)
        for k in range(len(x)):
            sums, _ = forward(network, x[k, :, f], activation)
            z[k, :, f] = sums[-1]
    return z
