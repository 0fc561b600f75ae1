"""Adadelta on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError
from minikeras.optimizers import Adadelta
from tests.helpers import run_optimizer_test


def test_two_steps():
    # Step 1: a = 0.5 * 4 = 2, a move of sqrt(0 + 2) / sqrt(2 + 2) * 2 = sqrt(2), d = 0.5 * 2 = 1.
    # Step 2: a = 1 + 0.5 * 36 = 19, a move of sqrt(1 + 2) / sqrt(19 + 2) * 6.
    variable = Variable(np.float32([4.0]))
    optimizer = Adadelta(0.5, rho=0.5, epsilon=2.0)
    after = []
    for gradient in (2.0, 6.0):
        optimizer.apply([np.float32([gradient])], [variable])
        after.append(float(variable.numpy()[0]))
    first = 4 - 0.5 * 2**0.5
    np.testing.assert_allclose(after, [first, first - 0.5 * 6 * (3 / 21) ** 0.5], rtol=1e-6)
    squares, moves = optimizer.variables[2:]
    assert squares.name.endswith("_accumulated_grad") and moves.name.endswith("_accumulated_delta_var")
    assert squares.numpy().tolist() == [19.0]
    np.testing.assert_allclose(moves.numpy(), [0.5 * 1 + 0.5 * 36 * 3 / 21], rtol=1e-6)


@pytest.mark.parametrize("options", [{"rho": -0.1}, {"rho": 1.5}, {"epsilon": -1.0}])
def test_bad_arguments(options):
    with pytest.raises(
        ArgumentError, match=f"Adadelta: `{next(iter(options))}` must be a finite number (>= 0|in .0, 1.)"
    ):
        Adadelta(**options)


def test_what_holds_for_all():
    run_optimizer_test(Adadelta, 1.0, epsilon=0.01)
