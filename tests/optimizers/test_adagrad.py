"""Adagrad on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError
from minikeras.optimizers import Adagrad
from tests.helpers import run_optimizer_test


def test_two_steps():
    # Step 1: a = 3 + 1 = 4, a move of 1 / sqrt(4 + 5). Step 2: a = 4 + 16 = 20, a move of 4 / sqrt(20 + 5).
    variable = Variable(np.float32([4.0]))
    optimizer = Adagrad(1.5, initial_accumulator_value=3.0, epsilon=5.0)
    after = []
    for gradient in (1.0, -4.0):
        optimizer.apply([np.float32([gradient])], [variable])
        after.append(float(variable.numpy()[0]))
    np.testing.assert_allclose(after, [3.5, 3.5 + 1.2], rtol=1e-6)
    assert optimizer.variables[2].numpy().tolist() == [20.0]
    assert optimizer.variables[2].path.endswith("_accumulator")


@pytest.mark.parametrize("options", [{"initial_accumulator_value": -0.1}, {"epsilon": float("nan")}])
def test_bad_arguments(options):
    with pytest.raises(ArgumentError, match=f"Adagrad: `{next(iter(options))}` must be a finite number >= 0"):
        Adagrad(**options)


def test_what_holds_for_all():
    run_optimizer_test(Adagrad, 0.5)
