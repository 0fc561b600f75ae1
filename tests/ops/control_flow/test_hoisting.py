"""What loops do not compute each turn."""

import numpy as np
import pytest

from minikeras import Variable, ops
from minikeras.compiler.control_flow.regions import ControlFlow
from minikeras.compiler.step import Step
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

X = np.random.default_rng(0).normal(size=(4, 2, 3)).astype("float32")
W = np.random.default_rng(1).normal(size=(3, 3)).astype("float32")


def bodies(function, *arrays):
    """Returns the names of what the loops compute each turn, and of what is computed outside them."""
    with Trace() as trace:
        function(*[Tensor(array, trace) for array in arrays])
    ops_found = [entry.params["op"] for entry in trace.entries if isinstance(entry.params.get("op"), ControlFlow)]
    inside = [[entry.primitive.name for entry in op.body.entries] for op in ops_found]
    return inside, [entry.primitive.name for entry in trace.entries]


def test_what_is_the_same_in_all_turns():
    def run(x, w):
        return ops.scan(lambda c, row: (ops.tanh(c + row @ ops.exp(w * 2)), None), x[0], x)

    (inside,), outside = bodies(run, X, W)
    assert inside == ["add", "tanh"] and {"exp", "multiply", "matmul"} <= set(outside)


def test_products_of_all_turns_are_one():
    bias = np.float32([1, 2, 3])

    def run(x, w):
        return ops.scan(lambda c, row: (ops.tanh((row @ w + bias) + c @ w), row @ w), x[0], x)

    (inside,), outside = bodies(run, X, W)
    assert inside == ["matmul", "add", "tanh"] and outside.count("matmul") == 2
    traced = Step(lambda values: run(*values), "step")([X, W])
    for ours, theirs in zip(traced, run(X, W), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_what_is_before_and_after_products_is_hoisted_with_them():
    mask, bias = np.float32([[0, 2, 1], [2, 0, 1]]), np.float32([1, 2, 3, 1, 2, 3])

    def run(x, w):
        def turn(c, row):
            parts = ops.concatenate([(row * mask) @ w, (row * (1 - mask)) @ w], axis=-1) + bias
            return ops.tanh(c + parts[:, :3] * parts[:, 3:]), None

        return ops.scan(turn, x[0], x)[0]

    (inside,), _ = bodies(run, X, W)
    assert inside == ["get_item", "get_item", "multiply", "add", "tanh"]
    np.testing.assert_allclose(Step(lambda values: run(*values), "step")([X, W]), run(X, W), rtol=1e-5)


def test_what_depends_on_the_turn_stays():
    def run(x, w):
        return ops.scan(lambda c, row: (c * ops.exp(row), ops.sum(row, axis=0)), x[0], x)

    assert bodies(run, X, W)[0] == [["exp", "multiply", "sum"]]


def test_products_with_what_changes_stay():
    w = Variable(W)

    def run(x, _):
        def turn(c, row):
            w.assign(w * 2)
            return c + row @ w, None

        return ops.scan(turn, x[0], x)

    (inside,), _ = bodies(run, X, W)
    assert inside.count("matmul") == 1
    for function in (run, lambda x, w: Step(lambda values: run(*values), "step")([x, w])):
        w.assign(W)
        np.testing.assert_allclose(
            function(X, W)[0], X[0] + sum(2 ** (t + 1) * (X[t] @ W) for t in range(4)), rtol=1e-5
        )


IMAGES = np.random.default_rng(2).normal(size=(4, 2, 3, 6, 6)).astype("float32")  # channels first
KERNEL = np.random.default_rng(3).normal(size=(3, 3, 3, 3)).astype("float32")


@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
def test_convolutions_of_all_turns_are_one(layout):
    x = IMAGES if layout == "channels_first" else np.moveaxis(IMAGES, 2, 4)
    mask = np.random.default_rng(4).integers(0, 2, x.shape[1:]).astype("float32")

    def run(x, w):
        def turn(c, each):
            y = ops.conv(each * mask, w, padding="same", data_format=layout) + np.float32(1)
            return ops.tanh(y + ops.conv(c, w, padding="same", data_format=layout)), None

        return ops.scan(turn, x[0], x)[0]

    (inside,), outside = bodies(run, x, KERNEL)
    assert inside.count("conv") == 1 and outside.count("conv") == 1 and "multiply" not in inside
    assert inside.count("transpose") == (2 if layout == "channels_first" else 0)
    c = x[0]
    for each in x:
        y = ops.conv(each * mask, KERNEL, padding="same", data_format=layout) + 1
        c = np.tanh(y + ops.conv(c, KERNEL, padding="same", data_format=layout))
    traced = Step(lambda values: run(*values), "step")([x, KERNEL])
    np.testing.assert_allclose(traced, c, rtol=1e-4, atol=1e-5)
