"""Sums over time: the gradients of what is the same in all turns of a loop."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from tests.helpers import check_grads

X = np.random.default_rng(0).normal(size=(4, 2, 3)).astype("float32")
W = np.random.default_rng(1).normal(size=(3, 3)).astype("float32")


@pytest.mark.parametrize("length", [0, 1, 4])
def test_gradients_of_weights_are_one_product(length):
    x = X[:length].astype("float64")

    def step(values):
        x, h, w, u = values
        y = ops.scan(lambda c, row: (ops.tanh(row @ w + c @ u), c), h, x)
        return gradients(ops.sum(y[0] ** 2) + ops.sum(y[1] ** 3), [w, u])

    values = [x, X[0].astype("float64"), W.astype("float64"), W.T.astype("float64").copy()]
    trained = Step(step, "step")
    found = trained(values)
    (plan,) = trained.plans().values()
    assert plan.names.count("matmul") == 3 and plan.names.count("scan") == 2

    def unrolled(values):
        x, h, w, u = values
        total = ops.sum(h * 0)
        for row in x if length else []:
            total = total + ops.sum(h**3)
            h = ops.tanh(row @ w + h @ u)
        total = total + ops.sum(h**2)
        return [ops.zeros_like(v) if g is None else g for v, g in zip((w, u), gradients(total, [w, u]), strict=True)]

    for ours, theirs in zip(found, Step(unrolled, "unrolled")(values), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "function",
    [
        lambda c, row, w: c @ w + row @ w,
        lambda c, row, w: c @ ops.transpose(w) * 0.5,
        lambda c, row, w: (c + w[0]) * ops.sum(w),
        lambda c, row, w: c * ops.sum(w, axis=1) + ops.sum(ops.transpose(row) @ c @ w[:, :1] @ w[:1], 0),
    ],
    ids=["products", "transposed", "sums", "all"],
)
def test_gradients(function):
    def run(x, w):
        def turn(c, row):
            y = function(c, row, w)
            return ops.tanh(y[:2]), ops.sum(y)

        return ops.scan(turn, x[0], x)

    check_grads(run, X, W, atol=1e-5)


@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
@pytest.mark.parametrize("length", [0, 1, 3])
def test_gradients_of_kernels_are_one_convolution(length, layout):
    rng = np.random.default_rng(5)
    shape = (2, 4, 5) if layout == "channels_last" else (5, 2, 4)
    x, w, u = rng.normal(size=(length, 2, *shape)), rng.normal(size=(3, 3, 5, 5)), rng.normal(size=(2, 3, 5, 5))

    def convolved(x, w):
        return ops.conv(x, w, padding="same", data_format=layout)

    def step(values):
        x, h, w, u = values
        y = ops.scan(lambda c, row: (ops.tanh(convolved(row, w) + convolved(c, u)), c), h, x)
        return gradients(ops.sum(y[0] ** 2) + ops.sum(y[1] ** 3), [w, u])

    values = [x, rng.normal(size=(2, *shape)), w, u]
    trained = Step(step, "step")
    found = trained(values)
    (plan,) = trained.plans().values()
    assert sum("conv_kernel_gradient" in name for name in plan.names) == 2 and plan.names.count("scan") == 2

    def unrolled(values):
        x, h, w, u = values
        total = ops.sum(h * 0)
        for row in x if length else []:
            total = total + ops.sum(h**3)
            h = ops.tanh(convolved(row, w) + convolved(h, u))
        total = total + ops.sum(h**2)
        return [ops.zeros_like(v) if g is None else g for v, g in zip((w, u), gradients(total, [w, u]), strict=True)]

    for ours, theirs in zip(found, Step(unrolled, "unrolled")(values), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
