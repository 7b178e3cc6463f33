import numpy as np
import pytest

from backprop.network.parameters import (
    draw_layers,
    flatten,
    layer_sizes,
    output_nodes,
    parameter_count,
    stack_layers,
    unflatten,
)


@pytest.mark.parametrize(
    ("hidden", "sizes", "count"),
    [((10,), [(2, 10), (10, 1)], 41), ((4, 3), [(2, 4), (4, 3), (3, 1)], 31)],
)
def test_the_sizes_of_the_layers_give_the_number_of_parameters(hidden, sizes, count):
    assert layer_sizes(2, hidden) == sizes
    assert parameter_count(2, hidden) == count
    layers = draw_layers(np.random.default_rng(0), 2, hidden, "uniform")
    assert [weights.shape for weights, _ in layers] == sizes
    assert sum(weights.size + thresholds.size for weights, thresholds in layers) == count


def test_two_classes_have_one_output_and_more_have_one_each():
    assert [output_nodes(classes) for classes in (2, 3, 10)] == [1, 3, 10]
    assert layer_sizes(4, (5,), 3) == [(4, 5), (5, 3)]
    assert parameter_count(4, (5,), 3) == 43
    layers = draw_layers(np.random.default_rng(0), 4, (5,), "uniform", 3)
    assert [p.shape for layer in layers for p in layer] == [(4, 5), (5,), (5, 3), (3,)]


def test_both_initialisations_use_the_same_draws():
    (uniform, _), (glorot, thresholds) = (
        draw_layers(np.random.default_rng(0), 2, (10,), name)[0] for name in ("uniform", "glorot")
    )
    np.testing.assert_allclose(glorot, (2 * uniform - 1) * (6 / 12) ** 0.5, rtol=1e-14)
    assert (thresholds == 0).all()


@pytest.mark.parametrize("outputs", [1, 4])
def test_unflatten_is_the_inverse_of_flatten(outputs):
    networks = [
        draw_layers(np.random.default_rng(f), 2, (4, 3), "uniform", outputs) for f in range(5)
    ]
    stack = stack_layers(networks)
    parameters = flatten(stack)
    assert parameters.shape == (parameter_count(2, (4, 3), outputs), 5)
    for layers, expected in (
        (unflatten(parameters, 2, (4, 3)), stack),
        (unflatten(parameters[:, 3], 2, (4, 3)), networks[3]),
    ):
        for layer, expected_layer in zip(layers, expected, strict=True):
            for values, expected_values in zip(layer, expected_layer, strict=True):
                np.testing.assert_array_equal(values, expected_values)


def test_flat_parameters_are_the_weights_in_c_order_and_then_the_thresholds():
    stack = stack_layers([[(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]))]] * 2)
    assert flatten(stack)[:, 0].tolist() == [1, 2, 3, 4, 5, 6]
