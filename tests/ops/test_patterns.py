"""Rearrangement by patterns: what they mean, sizes, and patterns that are refused."""

import numpy as np
import pytest

from minikeras import Model, ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.layers import Input
from tests.helpers import check_grads, run_step_test

X = np.arange(120.0).reshape(2, 3, 4, 5)


@pytest.mark.parametrize(
    ("pattern", "sizes", "expected"),
    [
        ("b h w c -> b c h w", {}, X.transpose(0, 3, 1, 2)),
        ("b h w c->(b h) w c", {}, X.reshape(6, 4, 5)),
        ("b h w c -> b (c h w)", {}, X.transpose(0, 3, 1, 2).reshape(2, 60)),
        (
            "b h (w1 w) c -> (b w1) h w c",
            {"w1": 2},
            X.reshape(2, 3, 2, 2, 5).transpose(0, 2, 1, 3, 4).reshape(4, 3, 2, 5),
        ),
        ("b h (w w1) c -> b h w (w1 c)", {"w": 2, "w1": 2, "b": 2}, X.reshape(2, 3, 2, 10)),
        (" b h w c ->  b h w c ", {}, X),
        ("(b) h w c -> (b h w c)", {}, X.reshape(-1)),
    ],
)
def test_rearrange(pattern, sizes, expected):
    np.testing.assert_array_equal(ops.rearrange(X, pattern, **sizes), expected)
    assert ops.rearrange(KerasTensor(X.shape), pattern, **sizes).shape == expected.shape
    run_step_test(lambda x: ops.rearrange(x, pattern, **sizes), X, X + 1)


def test_gradients():
    check_grads(lambda x: ops.square(ops.rearrange(x, "a (b c) -> c (b a)", b=2)), np.arange(12.0).reshape(3, 4))


def test_free_sizes():
    x = KerasTensor((None, None, 4))
    assert ops.rearrange(x, "b h w -> (b h) w").shape == (None, 4)
    assert ops.rearrange(x, "b h (w c) -> h w (c b)", c=2).shape == (None, 2, None)
    assert ops.rearrange(KerasTensor((None, 6)), "(b h) w -> b h w", h=2).shape == (None, 2, 6)
    inputs = Input((3, 4))
    model = Model(inputs, ops.rearrange(inputs, "b h (w c) -> (b h) c w", w=2))
    assert model(X[:, :, :, :4].reshape(-1, 3, 4)[:3]).shape == (9, 2, 2)


@pytest.mark.parametrize(
    ("pattern", "sizes", "error", "message"),
    [
        ("a b c d", {}, ArgumentError, "such as 'a b -> b a'"),
        (3, {}, ArgumentError, "such as 'a b -> b a'. Received: pattern=3"),
        ("a b c d -> a b c", {}, ArgumentError, "each axis once on either side"),
        ("a a c d -> a a c d", {}, ArgumentError, "each axis once on either side"),
        ("... c d -> d c ...", {}, ArgumentError, "are not supported"),
        ("a b c d -> a b c d 1", {}, ArgumentError, "are not supported"),
        ("a (b (c d)) e f -> a b c d e f", {}, ArgumentError, "single parentheses"),
        ("a b c d) -> a b c d", {}, ArgumentError, "single parentheses"),
        ("a () b c d -> a b c d", {}, ArgumentError, "names in parentheses"),
        ("a b -> b a", {}, ShapeError, r"2 axes. Received: shape \(2, 3, 4, 5\)"),
        ("a (b e) c d -> a b e c d", {}, ArgumentError, "sizes of all but one of the axes b, e"),
        ("a (b e) c d -> a b e c d", {"b": 2}, ShapeError, "axis 'b e' .* does not fit size 3"),
        ("a b c d -> b a c d", {"a": 3}, ShapeError, "axis 'a' .* does not fit size 2"),
        ("a b c d -> b a c d", {"e": 2}, ArgumentError, "has no axis 'e'"),
        ("a b c d -> b a c d", {"a": 2.0}, ArgumentTypeError, "Received: a=2.0"),
    ],
)
def test_refused(pattern, sizes, error, message):
    with pytest.raises(error, match=f"`rearrange`.*{message}"):
        ops.rearrange(X, pattern, **sizes)
