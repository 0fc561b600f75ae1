import numpy as np
import pytest

from minikeras.from_scratch import GD, Passes, backpropagation, count_passes, forward_pass, gradient_estimator

W, B = [np.ones((3, 2)), np.ones((1, 3))], [np.zeros((3, 1)), np.zeros((1, 1))]
X, Y = np.ones((5, 2)), np.ones(5)


def test_one_forward_pass():
    with count_passes() as passes:
        forward_pass(X.T, W, B)
    assert passes == Passes(forward=1, backward=0)


def test_the_estimator_makes_one_more_for_each_of_thirteen_parameters():
    with count_passes() as passes:
        gradient_estimator(X, Y, W, B)
    assert passes == Passes(forward=1 + 9 + 4, backward=0)


def test_backpropagation_makes_two():
    with count_passes() as passes:
        backpropagation(X, Y, W, B)
    assert passes == Passes(forward=1, backward=1)


def test_training_makes_two_a_step_and_one_for_the_last_error():
    with count_passes() as passes:
        GD(X, Y, W, B, epoch=7, lr=0.1, show=False, progress=False)
    assert passes == Passes(forward=8, backward=7)


def test_blocks_inside_blocks_and_after_an_error():
    with count_passes() as outer:
        forward_pass(X.T, W, B)
        with pytest.raises(ValueError, match="inp"), count_passes() as inner:
            forward_pass(X.T, W, B)
            forward_pass(X, W, B)  # refused, so no pass
    forward_pass(X.T, W, B)
    assert (outer.forward, inner.forward) == (2, 1)
