"""The gradient of `scan`: a loop backwards, which is differentiable itself."""

import numpy as np
import pytest

from minikeras import grad, ops
from minikeras.compiler.control_flow import for_loops as loops
from minikeras.compiler.plan import Plan
from minikeras.compiler.step import Step
from minikeras.engine.deferred import DeferredTrace
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from tests.helpers import check_grads, run_step_test
from tests.ops.recurrent import WEIGHTS, cell, gradients_of, lstm, normal


def unrolled(x, h, w, u, b):
    carry, ys = (h, h), []
    for index in range(x.shape[0]):
        carry = cell(carry, x[index], w, u, b)
        ys.append(carry[0])
    return carry, ops.stack(ys)


def test_an_lstm_has_the_gradients_of_an_unrolled_one():
    values = [part.astype("float64") for part in WEIGHTS]
    found = Step(gradients_of(lstm), "scan")(values)
    for ours, expected in zip(found, Step(gradients_of(unrolled), "unrolled")(values), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("reverse", [False, True])
def test_gradients_of_an_lstm(reverse):
    check_grads(lambda *values: lstm(*values, reverse=reverse), *WEIGHTS, atol=1e-5)


def test_gradients_replay():
    data = [[part.astype("float32") * factor for part in WEIGHTS] for factor in (1, 0.5, -2)]
    run_step_test(gradients_of(lstm), *data)


def second_order(values):
    x, w = values
    loss = ops.sum(ops.scan(lambda c, row: (ops.tanh(c @ w + row), c), x[0], x)[0] ** 2)
    (first,) = gradients(loss, [w])
    return gradients(ops.sum(first * first), [x, w])


def test_gradients_of_gradients_replay():
    run_step_test(second_order, *[(normal(4, 2, 3, seed=seed), normal(3, 3, seed=seed)) for seed in range(3)])


def test_a_long_loop_reuses_memory(monkeypatch):
    data = [[part.astype("float32") * factor for part in WEIGHTS] for factor in (1, 0.5, -2)]
    for reverse in (False, True):
        step = gradients_of(lambda *values, reverse=reverse: lstm(*values, reverse=reverse))
        expected = run_step_test(step, *data)
        monkeypatch.setattr(loops, "_MOST_CALLS", 0)
        np.testing.assert_equal(run_step_test(step, *data), expected)
        monkeypatch.undo()


@ops.custom_gradient
def doubled_gradient(x):
    y = ops.sin(x)
    return y, lambda upstream: upstream * ops.cos(x) * 2


def test_custom_gradients():
    def run(x, function):
        return ops.sum(ops.scan(lambda c, row: (function(c) * row, None), x, ops.ones((3, 2), "float64"))[0])

    x = np.float64([0.3, 0.4])
    plain = grad(lambda x: run(x, ops.sin))(x)
    np.testing.assert_allclose(grad(lambda x: run(x, doubled_gradient))(x), plain * 8)


def test_a_step_runs_the_loop_and_its_gradient_once_each():
    start = np.zeros(2, np.float32)

    def step(x):
        total, _ = ops.scan(lambda c, each: (ops.tanh(c + each), None), start, x)
        loss = ops.sum(total)
        return loss, gradients(loss, [x])[0]

    with DeferredTrace() as trace:
        x = Tensor(np.ones((3, 2), np.float32), trace)
        outputs = list(step(x))
    assert Plan(trace, [x], outputs).names.count("scan") == 2
