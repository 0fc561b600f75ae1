import math

import numpy as np

from minikeras import ops
from minikeras.engine.step import Step


def test_gelu_is_approximate_by_default():
    x = np.array([-2.0, 0.5, 3.0])
    expected = [0.5 * v * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3))) for v in x.tolist()]
    np.testing.assert_allclose(ops.gelu(x), expected, rtol=1e-12)


def test_leaky_relu_of_a_slope_above_1_is_not_a_maximum():
    assert ops.leaky_relu(np.float32([-1, 1]), 2.0).tolist() == [-2, 1]


def test_softplus_of_large_values():
    assert ops.softplus(np.float32([-200, 200])).tolist() == [0, 200]


def test_elu_of_large_values():
    assert ops.elu(np.float32([-1000, 1000])).tolist() == [-1, 1000]


def test_integers_become_floats():
    for function in (
        ops.leaky_relu,
        ops.elu,
        ops.selu,
        ops.gelu,
        ops.silu,
        ops.hard_sigmoid,
        ops.softplus,
        ops.softsign,
    ):
        assert function(np.array([-1, 2], "int64")).dtype == "float32"


def test_in_place_replay():
    # The input of each dies at once, so the results may take its place.
    def step(x):
        for function in (ops.leaky_relu, ops.relu6, ops.softplus, ops.erf, ops.expm1):
            x = function(x * 1.5)
        return x

    x = np.linspace(-3, 3, 13, dtype="float32")
    replayed = Step(step, "chain")
    for _ in range(3):
        np.testing.assert_array_equal(replayed(x), step(x))
