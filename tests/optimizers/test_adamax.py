"""Adamax on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError
from minikeras.optimizers import Adamax
from tests.helpers import run_optimizer_test


def test_two_steps():
    # Step 1: m = 0.5 * 2 = 1, u = max(0, 2) = 2, a move of 1 / ((1 - 0.5) * (2 + 2)) = 0.5.
    # Step 2: m = 1 + (1 - 1) * 0.5 = 1, u = max(0.75 * 2, 1) = 1.5, a move of 1 / ((1 - 0.25) * (1.5 + 2)).
    variable = Variable(np.float32([4.0]))
    optimizer = Adamax(1.0, beta_1=0.5, beta_2=0.75, epsilon=2.0)
    after = []
    for gradient in (2.0, 1.0):
        optimizer.apply([np.float32([gradient])], [variable])
        after.append(float(variable.numpy()[0]))
    np.testing.assert_allclose(after, [3.5, 3.5 - 1 / 2.625], rtol=1e-6)
    assert [each.path for each in optimizer.variables[2:]] == [
        f"{optimizer.name}/{variable.path}_{end}" for end in ("momentum", "norm")
    ]


@pytest.mark.parametrize("options", [{"beta_1": -0.1}, {"beta_2": 1.5}, {"epsilon": -1.0}])
def test_bad_arguments(options):
    with pytest.raises(
        ArgumentError, match=f"Adamax: `{next(iter(options))}` must be a finite number (>= 0|in .0, 1.)"
    ):
        Adamax(**options)


def test_what_holds_for_all():
    run_optimizer_test(Adamax, 0.1)
