"""Nadam on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError
from minikeras.optimizers import Nadam
from tests.helpers import run_optimizer_test


def test_two_steps():
    # u_1 = 0.5 * (1 - 0.5 * 0.96) = 0.26, u_2 = 0.5 * (1 - 0.5 * 0.9216) = 0.2696, u_3 = 0.278816 (0.96^3 = 0.884736).
    # Step 1: p = 0.26, m = 0.5 * 2 = 1, v = 0.25 * 4 = 1.
    first = (0.2696 * 1 / (1 - 0.26 * 0.2696) + (1 - 0.26) * 2 / (1 - 0.26)) / ((1 / 0.25) ** 0.5 + 1)
    # Step 2: p = 0.26 * 0.2696, g = 4, m = 1 + 0.5 * 3 = 2.5, v = 1 + 0.25 * 15 = 4.75.
    product, now, following = 0.26 * 0.2696, 0.2696, 0.278816
    second = following * 2.5 / (1 - product * following) + (1 - now) * 4 / (1 - product)
    second /= (4.75 / (1 - 0.75**2)) ** 0.5 + 1
    variables = [Variable(np.float32([9.0])) for _ in range(2)]
    optimizer = Nadam(1.0, beta_1=0.5, beta_2=0.75, epsilon=1.0)
    after = []
    for gradient in (2.0, 4.0):
        optimizer.apply([np.float32([gradient])] * 2, variables)
        after.append([float(variable.numpy()[0]) for variable in variables])
    # The product grows once a step: both variables move alike.
    np.testing.assert_allclose(after, [[9 - first] * 2, [9 - first - second] * 2], rtol=1e-6)
    np.testing.assert_allclose(optimizer.variables[-1].numpy(), product, rtol=1e-6)
    assert optimizer.variables[-1].path.startswith(f"{optimizer.name}/variable")


def test_the_product_has_the_dtype_of_the_first_variable():
    for dtype in ("float16", "float64"):
        optimizer = Nadam()
        optimizer.build([Variable(np.ones(1, dtype))])
        assert optimizer.variables[-1].dtype == dtype
    optimizer.build([])
    empty = Nadam()
    empty.build([])
    assert empty.variables[-1].dtype == "float32"


@pytest.mark.parametrize("options", [{"beta_1": -0.1}, {"beta_2": 1.5}, {"epsilon": -1.0}])
def test_bad_arguments(options):
    with pytest.raises(ArgumentError, match=f"Nadam: `{next(iter(options))}` must be a finite number (>= 0|in .0, 1.)"):
        Nadam(**options)


def test_what_holds_for_all():
    run_optimizer_test(Nadam, 0.1)
