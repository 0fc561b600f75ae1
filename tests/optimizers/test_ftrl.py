"""FTRL on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError
from minikeras.optimizers import Ftrl
from tests.helpers import run_optimizer_test


def after(start, gradient, **options):
    variable = Variable(np.float32(start))
    optimizer = Ftrl(**options)
    optimizer.apply([np.float32(gradient)], [variable])
    return variable.numpy(), [each.numpy() for each in optimizer.variables[2:]]


def test_a_step():
    # a' = 9 + 16 = 25, sigma = (5 - 3) / 0.5 = 4, z = 4 - 4 * 2 = -4, w = 4 / (5 / 0.5) = 0.4
    weights, (accumulator, linear) = after([2.0], [4.0], learning_rate=0.5, initial_accumulator_value=9.0)
    np.testing.assert_allclose(weights, [0.4], rtol=1e-6)
    assert (accumulator.tolist(), linear.tolist()) == ([25.0], [-4.0])


def test_penalties():
    # As above, but l1 takes 1.5 from z; l2 and beta give 2 * 0.25 + 3 / 0.5 more to divide by.
    options = {"learning_rate": 0.5, "initial_accumulator_value": 9.0, "l2_regularization_strength": 0.25, "beta": 3.0}
    weights, _ = after([2.0], [4.0], l1_regularization_strength=1.5, **options)
    np.testing.assert_allclose(weights, [2.5 / 16.5], rtol=1e-6)
    weights, _ = after([2.0], [4.0], l1_regularization_strength=4.5, **options)
    assert weights.tolist() == [0.0]


def test_shrinkage_is_a_part_of_the_gradient_but_not_of_its_square():
    # z = 4 + 2 * 0.75 * 2 - 8 = -1
    options = {"learning_rate": 0.5, "initial_accumulator_value": 9.0}
    weights, (accumulator, linear) = after([2.0], [4.0], l2_shrinkage_regularization_strength=0.75, **options)
    np.testing.assert_allclose(weights, [0.1], rtol=1e-6)
    assert (accumulator.tolist(), linear.tolist()) == ([25.0], [-1.0])


def test_power():
    # a'^1 = 3, a^1 = 2: sigma = 1 / 0.5, z = 1 - 2 * 2 = -3, w = 3 / (3 / 0.5)
    options = {"learning_rate": 0.5, "initial_accumulator_value": 2.0, "learning_rate_power": -1.0}
    np.testing.assert_allclose(after([2.0], [1.0], **options)[0], [0.5], rtol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate_power": 0.5},
        {"initial_accumulator_value": -0.1},
        {"l1_regularization_strength": -0.1},
        {"l2_regularization_strength": -0.1},
        {"l2_shrinkage_regularization_strength": -0.1},
        {"beta": float("inf")},
    ],
)
def test_bad_arguments(options):
    with pytest.raises(ArgumentError, match=f"Ftrl: `{next(iter(options))}` must be a finite number"):
        Ftrl(**options)


def test_what_holds_for_all():
    run_optimizer_test(Ftrl, 0.5, l2_regularization_strength=0.01)
