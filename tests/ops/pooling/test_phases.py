"""Maxima over phases: values, ties, gradients to second order."""

import numpy as np

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.dispatch import apply
from minikeras.engine.gradients import gradients
from minikeras.ops.pooling.phases import PHASE_MAX
from tests.helpers import _gradient_function as gradient_of
from tests.helpers import check_grads, run_step_test

X = np.random.default_rng(0).normal(size=(2, 4, 3, 2)).astype("float32")


def maxima(x):
    return apply(PHASE_MAX, x)


def test_values_and_gradients():
    assert np.array_equal(maxima(X), X.max(1))
    assert PHASE_MAX.shape(X) == ((2, 3, 2), np.float32)
    check_grads(lambda x: maxima(x) ** 2, X.astype("float64"))


def test_ties_go_to_the_first():
    x = np.float32([[[0], [2], [2], [2]]])
    (gradient,) = gradient_of(maxima)(x)
    assert gradient.sum() and (gradient != 0).ravel().tolist() == [False, True, False, False]


def test_replayed():
    run_step_test(lambda x: maxima(x) * 2, X, -X)


def test_infinite_gradients_leave_the_other_phases_at_0():
    def first(x, g):
        return gradients(ops.sum(maxima(x) * g), [x])[0]

    def step(data):
        x, g, h = data
        return [first(x, g), gradients(ops.sum(first(x, g) * h), [g])[0]]

    x = np.float32([1, 3, 2, 3]).reshape(1, 4, 1, 1)
    g, h = np.full((1, 1, 1), -np.inf, "float32"), np.float32([np.inf, 7, np.nan, 1]).reshape(1, 4, 1, 1)
    replayed = Step(step, "replayed")
    for _ in range(2):
        once, twice = replayed((x, g, h))
        assert once.ravel().tolist() == [0, -np.inf, 0, 0] and twice.ravel().tolist() == [7]
