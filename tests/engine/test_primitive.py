"""Primitives: how they are bound for replay, and the shapes that broadcast."""

import numpy as np
import pytest

from minikeras.engine.primitive import Primitive, broadcast_shapes, in_sequence
from minikeras.errors import ShapeError

X = np.float32([1, 2, 3])


def kernel(x, factor, out=None):
    return np.multiply(x, factor, out=out)


BOUND = {
    "ufunc": (Primitive("negative", np.negative, shape=None), {}, -X),
    "ufunc that deprecates a positional out": (Primitive("maximum", np.maximum, shape=None), {}, None),
    "function with out": (Primitive("scale", kernel, shape=None, has_out=True), {"factor": 2}, X * 2),
    "function without out": (Primitive("scale", lambda x, factor: x * factor, shape=None), {"factor": 2}, X * 2),
    "own bind": (
        Primitive("fill", None, shape=None, bind=lambda arrays, out, value: lambda: out.fill(value)),
        {"value": 7},
        X * 0 + 7,
    ),
}


@pytest.mark.parametrize("name", BOUND)
def test_bind(name):
    primitive, params, expected = BOUND[name]
    x, out = X.copy(), np.zeros(3, "float32")
    arrays, expected = ([x], expected) if expected is not None else ([x, X[::-1]], np.float32([3, 2, 3]))
    call = primitive.bind(arrays, out, params)
    call()
    assert out.tolist() == expected.tolist()
    if name != "own bind":
        x[:] = 0
        call()
        assert out.tolist() == ([3, 2, 1] if len(arrays) == 2 else [0, 0, 0])


@pytest.mark.parametrize("name", BOUND)
def test_bind_each(name):
    primitive, params, expected = BOUND[name]
    xs, outs = [X.copy(), X * 10], np.zeros((2, 3), "float32")
    inputs = [xs] if expected is not None else [xs, [X[::-1], X * 0]]
    calls = primitive.bind_each(inputs, outs, params)
    assert len(calls) == 2 and not outs.any()
    in_sequence(calls)()
    alone = np.zeros((2, 3), "float32")
    for row, out in zip(zip(*inputs, strict=True), alone, strict=True):
        primitive.bind(row, out, params)()
    assert outs.any() and outs.tolist() == alone.tolist()


def test_a_kernel_of_another_type_than_its_buffer_is_noticed():
    call = Primitive("bad", lambda x: x.astype("float64"), shape=None).bind([X], np.zeros(3, "float32"), {})
    with pytest.raises(TypeError, match="Cannot cast"):
        call()


def test_repr():
    assert repr(Primitive("scale", kernel, shape=None)) == "<Primitive scale>"


@pytest.mark.parametrize(
    ("shapes", "result"),
    [
        ([(2, 3), (3,)], (2, 3)),
        ([(2, 1), (1, 3)], (2, 3)),
        ([(), (4,)], (4,)),
        ([(None, 3), (1,)], (None, 3)),
        ([(None, 3), (5, 1)], (5, 3)),
        ([(None,), (None,)], (None,)),
        ([(None, 1), (None,)], (None, None)),
        ([(0,), (1,)], (0,)),
        ([(1,), (1,), (2, 1)], (2, 1)),
    ],
)
def test_broadcast_shapes(shapes, result):
    assert broadcast_shapes(*shapes) == broadcast_shapes(*shapes[::-1]) == result
    if not any(None in shape for shape in shapes):
        assert np.broadcast_shapes(*shapes) == result


@pytest.mark.parametrize("shapes", [[(2,), (3,)], [(None, 2), (3,)], [(0,), (2,)]])
def test_shapes_that_do_not_fit(shapes):
    with pytest.raises(ShapeError, match="cannot be broadcast together"):
        broadcast_shapes(*shapes)
