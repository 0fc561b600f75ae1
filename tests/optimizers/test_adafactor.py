"""Adafactor on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers import Adafactor
from tests.helpers import run_optimizer_test


def step(start, gradient, **options):
    variable = Variable(np.float32(start), name="w")
    optimizer = Adafactor(name="opt", **options)
    optimizer.apply([np.float32(gradient)], [variable])
    return variable.numpy(), optimizer


def test_a_vector():
    # Step 1 keeps nothing of v: v = g^2, u = sign(g), rms(u) = 1, alpha = rms(w) * 0.5 = 1.
    after, optimizer = step([2.0, -2.0], [3.0, -8.0], learning_rate=0.5)
    np.testing.assert_allclose(after, [1.0, -1.0], rtol=1e-6)
    assert [(each.path, each.shape) for each in optimizer.variables[2:]] == [
        ("opt/w", ()),
        ("opt/w", ()),
        ("opt/w_velocity", (2,)),
    ]
    np.testing.assert_allclose(optimizer.variables[4].numpy(), [9.0, 64.0])


def test_a_matrix():
    # g^2 = [[1, 4], [9, 16]]: r = [2.5, 12.5], c = [5, 10], v = r c / 7.5 = [[5/3, 10/3], [25/3, 50/3]].
    after, optimizer = step([[1.0, 1.0], [1.0, 1.0]], [[1.0, 2.0], [3.0, 4.0]], learning_rate=0.5)
    rows, columns, v = (each.numpy() for each in optimizer.variables[2:])
    np.testing.assert_allclose(rows, [2.5, 12.5], rtol=1e-6)
    np.testing.assert_allclose(columns, [5.0, 10.0], rtol=1e-6)
    np.testing.assert_allclose(v, [[5 / 3, 10 / 3], [25 / 3, 50 / 3]], rtol=1e-6)
    # u^2 = [[0.6, 1.2], [1.08, 0.96]], whose mean 0.96 is below 1: no clipping. alpha = 1 * 0.5.
    np.testing.assert_allclose(after, 1 - 0.5 * np.sqrt([[0.6, 1.2], [1.08, 0.96]]), rtol=1e-6)


def test_large_moves_are_clipped_and_small_weights_counted_as_epsilon_2():
    # u = 1, divided by 1 / 0.25; alpha = max(4, 2) * 0.5.
    after, _ = step([2.0], [7.0], learning_rate=0.5, clip_threshold=0.25, epsilon_2=4.0)
    np.testing.assert_allclose(after, [2 - 2 * 0.25], rtol=1e-6)


def test_later_steps_keep_more():
    # Step 2 of `beta_2_decay` -1 keeps half: v = 0.5 * 4 + 0.5 * (16 + 2) and at most 1 / sqrt(2) as learning rate.
    variable = Variable(np.float32([1.0]))
    optimizer = Adafactor(100.0, beta_2_decay=-1.0, epsilon_1=2.0, epsilon_2=0.0, clip_threshold=9.0)
    optimizer.apply([np.float32([2.0])], [variable])
    first = 1 - 2 / 6**0.5
    np.testing.assert_allclose(variable.numpy(), [first], rtol=1e-6)
    optimizer.apply([np.float32([4.0])], [variable])
    np.testing.assert_allclose(variable.numpy(), [first - first / 2**0.5 * 4 / (3 + 9) ** 0.5], rtol=1e-5)


def test_three_axes_are_factored_by_the_last_two():
    _, optimizer = step(np.ones((2, 3, 4)), np.ones((2, 3, 4)))
    assert [each.shape for each in optimizer.variables[2:]] == [(2, 3), (2, 4), (2, 3, 4)]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"beta_2_decay": 0.1}, ArgumentError),
        ({"epsilon_1": -1e-30}, ArgumentError),
        ({"epsilon_2": None}, ArgumentTypeError),
        ({"clip_threshold": 0.0}, ArgumentError),
        ({"relative_step": "yes"}, ArgumentTypeError),
    ],
)
def test_bad_arguments(options, error):
    with pytest.raises(error, match=f"Adafactor: `{next(iter(options))}` must be"):
        Adafactor(**options)


def test_what_holds_for_all():
    run_optimizer_test(Adafactor, 0.5)
