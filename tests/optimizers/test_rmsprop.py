"""RMSprop on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers import RMSprop
from tests.helpers import run_optimizer_test


def steps(gradients, **options):
    variable = Variable(np.float32([4.0]))
    optimizer = RMSprop(rho=0.75, epsilon=3.0, **options)
    after = []
    for gradient in gradients:
        optimizer.apply([np.float32([gradient])], [variable])
        after.append(float(variable.numpy()[0]))
    return after, [each.name.rpartition("_")[2] for each in optimizer.variables[2:]]


def test_plain():
    # v = 0.25 * 4 = 1, a move of 2 / sqrt(1 + 3); then v = 0.75 + 0.25 * 16 = 4.75, a move of 4 / sqrt(4.75 + 3).
    after, names = steps([2.0, 4.0], learning_rate=0.5)
    np.testing.assert_allclose(after, [3.5, 3.5 - 2 / 7.75**0.5], rtol=1e-6)
    assert names == ["velocity"]


def test_momentum():
    # The second move is 0.5 times the first one more.
    after, names = steps([2.0, 4.0], learning_rate=0.5, momentum=0.5)
    np.testing.assert_allclose(after, [3.5, 3.5 - 2 / 7.75**0.5 - 0.25], rtol=1e-6)
    assert names == ["velocity", "momentum"]


def test_centered():
    # a = 0.25 * 2 = 0.5: a move of 1 / sqrt(1 - 0.25 + 3)
    after, names = steps([2.0], learning_rate=0.5, centered=True)
    np.testing.assert_allclose(after, [4 - 1 / 3.75**0.5], rtol=1e-6)
    assert names == ["velocity", "gradient"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"rho": 1.5}, ArgumentError),
        ({"momentum": -0.5}, ArgumentError),
        ({"epsilon": -1.0}, ArgumentError),
        ({"centered": 2}, ArgumentTypeError),
    ],
)
def test_bad_arguments(options, error):
    with pytest.raises(error, match=f"RMSprop: `{next(iter(options))}` must be"):
        RMSprop(**options)


def test_what_holds_for_all():
    run_optimizer_test(RMSprop, 0.05)
    run_optimizer_test(RMSprop, 0.05, centered=True, momentum=0.5)
