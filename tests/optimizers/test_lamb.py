"""Lamb on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError
from minikeras.optimizers import Lamb
from tests.helpers import run_optimizer_test


def after(start, gradient, **options):
    variable = Variable(np.float32(start))
    Lamb(**options).apply([np.float32(gradient)], [variable])
    return variable.numpy()


def test_the_move_is_as_long_as_the_weights():
    # m / (1 - beta_1) = g, v / (1 - beta_2) = g^2: r = g / (|g| + 1) = (0.75, -0.8), and |w| = 5.
    length = (0.75**2 + 0.8**2) ** 0.5
    weights = after([3.0, 4.0], [3.0, -4.0], learning_rate=0.5, beta_1=0.5, beta_2=0.5, epsilon=1.0)
    np.testing.assert_allclose(weights, [3 - 2.5 * 0.75 / length, 4 + 2.5 * 0.8 / length], rtol=1e-6)


def test_weights_or_moves_of_length_0():
    weights = after([0.0, 0.0], [3.0, 0.0], learning_rate=0.5, beta_1=0.5, beta_2=0.5, epsilon=1.0)
    np.testing.assert_allclose(weights, [-0.375, 0.0], rtol=1e-6)
    assert after([1.0], [0.0], learning_rate=0.5).tolist() == [1.0]


def test_second_step():
    # m = v = 0.5 after step 1, and half of that after step 2, with g = 0.
    variable = Variable(np.float32([2.0, 2.0]))
    optimizer = Lamb(0.5, beta_1=0.5, beta_2=0.5, epsilon=0.5)
    optimizer.build([variable])
    momentum, velocity = optimizer.variables[2:]
    for gradient in (1.0, 0.0):
        optimizer.apply([np.float32([gradient, gradient])])
    np.testing.assert_allclose([momentum.numpy()[0], velocity.numpy()[0]], [0.25, 0.25], rtol=1e-6)
    # Both elements are alike, so each move is learning_rate * |w| / |r| * r = 0.5 * w.
    np.testing.assert_allclose(variable.numpy(), [0.5, 0.5], rtol=1e-6)


@pytest.mark.parametrize("options", [{"beta_1": -0.1}, {"beta_2": 1.5}, {"epsilon": -1.0}])
def test_bad_arguments(options):
    with pytest.raises(ArgumentError, match=f"Lamb: `{next(iter(options))}` must be a finite number (>= 0|in .0, 1.)"):
        Lamb(**options)


def test_what_holds_for_all():
    run_optimizer_test(Lamb, 0.1)
