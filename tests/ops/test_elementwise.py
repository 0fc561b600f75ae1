"""Functions of each element: values worked by hand, types, and points where formulas break."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ShapeError
from tests.helpers import check_grads

NAN, INF = float("nan"), float("inf")

BY_HAND = [
    ("add", ([1, 2], [10, 20]), [11, 22]),
    ("subtract", ([1, 2], [10, 30]), [-9, -28]),
    ("multiply", ([2, 3], [10, -20]), [20, -60]),
    ("divide", ([1, 3], [2, -4]), [0.5, -0.75]),
    ("true_divide", ([1.0, -1.0, 0.0], [0.0, 0.0, 0.0]), [INF, -INF, NAN]),
    ("divide_no_nan", ([1.0, 0.0, 3.0, INF], [0.0, 0.0, 2.0, 0.0]), [0, 0, 1.5, 0]),
    ("floor_divide", ([7.0, -7.0], [2.0, 2.0]), [3, -4]),
    ("mod", ([7.0, -7.0, 7.0], [3.0, 3.0, -3.0]), [1, 2, -2]),
    ("power", ([2.0, 4.0, -2.0, 0.0], [3.0, 0.5, 3.0, 0.0]), [8, 2, -8, 1]),
    ("maximum", ([1.0, 5.0, NAN], [3.0, 2.0, 1.0]), [3, 5, NAN]),
    ("minimum", ([1.0, 5.0, 1.0], [3.0, 2.0, NAN]), [1, 2, NAN]),
    ("negative", ([1, -2],), [-1, 2]),
    ("absolute", ([1.5, -2.5, -INF],), [1.5, 2.5, INF]),
    ("square", ([3, -4],), [9, 16]),
    ("sqrt", ([9, 2.25, 0],), [3, 1.5, 0]),
    ("sign", ([-2.5, 0.0, 7.0],), [-1, 0, 1]),
    ("floor", ([1.7, -1.2],), [1, -2]),
    ("ceil", ([1.2, -1.7],), [2, -1]),
    ("round", ([0.5, 1.5, 2.5, -0.5, 1.2],), [0, 2, 2, -0.0, 1]),
    ("exp", ([0, -INF, 1e4],), [1, 0, INF]),
    ("log", ([1, 0, -1],), [0, -INF, NAN]),
    ("log1p", ([0, -1],), [0, -INF]),
    ("tanh", ([0, 1e4, -1e4],), [0, 1, -1]),
    ("sigmoid", ([0, 1e4, -1e4, -INF, INF],), [0.5, 1, 0, 0, 1]),
]


@pytest.mark.parametrize(("name", "inputs", "expected"), BY_HAND)
def test_by_hand(name, inputs, expected):
    np.testing.assert_array_equal(getattr(ops, name)(*inputs), np.float64(expected))


def test_e():
    assert ops.exp(np.float64(1)) == pytest.approx(2.718281828459045, rel=1e-15)
    assert ops.log(np.float64(10)) == pytest.approx(2.302585092994046, rel=1e-15)
    assert ops.tanh(np.float64(0.5)) == pytest.approx(0.46211715726000975, rel=1e-15)
    assert ops.sigmoid(np.float64(-2)) == pytest.approx(0.11920292202211755, rel=1e-15)
    assert ops.log1p(np.float64(1e-20)) == 1e-20


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "maximum", "minimum", "power", "floor_divide"])
@pytest.mark.parametrize(
    ("first", "second", "dtype"),
    [
        (np.ones(1, "int32"), np.ones(1, "float32"), "float32"),
        (np.ones(1, "float32"), 2.5, "float32"),
        (2, np.ones(1, "float16"), "float16"),
        (np.ones(1, "int8"), 2, "int8"),
        (np.ones(1, "int64"), np.ones(1, "float16"), "float16"),
        (np.ones(1, "float32"), np.float64(2), "float64"),
        (1, 2, "int32"),
        (1, 2.5, "float32"),
        ([1.5], [2], "float32"),
    ],
)
def test_types_of_results(name, first, second, dtype):
    assert getattr(ops, name)(first, second).dtype == dtype


@pytest.mark.parametrize("name", ["exp", "log", "log1p", "sqrt", "tanh", "sigmoid", "floor", "ceil"])
def test_integers_become_floats(name):
    assert getattr(ops, name)(np.int64([1, 2])).dtype == "float32"
    assert getattr(ops, name)([True]).dtype == "float32"


def test_division_of_integers():
    result = ops.true_divide(np.int32([1]), np.int32([2]))
    assert result.dtype == "float32" and result.tolist() == [0.5]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [([1.26, -1.26], 1, [1.3, -1.3]), ([126.0], -1, [130.0]), ([7, 12], 2, [7, 12]), ([12, 17], -1, [10, 20])],
)
def test_round_to_decimals(value, decimals, expected):
    result = ops.round(value, decimals)
    np.testing.assert_allclose(result, expected, rtol=1e-6)
    assert result.dtype == np.float32 if isinstance(value[0], float) else result.dtype == np.int32


def test_clip():
    assert ops.clip([1, 5, 9], 2, 6).tolist() == [2, 5, 6]
    assert np.isnan(ops.clip(NAN, 0.0, 1.0))
    assert ops.clip(np.float32([5]), 0.0, np.float64(1)).dtype == "float32"
    assert ops.clip([True], 0, 1).dtype == "int32"


def gradient(function, *values):
    with Trace() as trace:
        inputs = [Tensor(np.float32(value), trace) for value in values]
        found = gradients(function(*inputs), inputs)
        return [None if grad is None else np.asarray(getattr(grad, "array", grad)).tolist() for grad in found]


def test_gradients_where_there_are_several():
    assert gradient(ops.absolute, [0.0, -2.0, 3.0]) == [[0, -1, 1]]
    assert gradient(ops.maximum, [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]) == [[1, 0, 1], [0, 1, 0]]
    assert gradient(ops.minimum, [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]) == [[1, 1, 0], [0, 0, 1]]
    assert gradient(lambda x: ops.clip(x, 0.0, 1.0), [0.0, 1.0, -1.0, 2.0, 0.5]) == [[1, 1, 0, 0, 1]]


def test_gradients_far_out():
    for function in (ops.sigmoid, ops.tanh):
        assert gradient(function, [-1e4, 1e4]) == [[0, 0]]
    assert gradient(ops.exp, [-1e4]) == [[0]]
    assert gradient(ops.sqrt, [0.0]) == [[INF]]


def test_gradients_of_powers():
    assert gradient(lambda x: x**2, [0.0, -3.0]) == [[0, -6]]
    assert gradient(lambda x: x**1, [0.0]) == [[1]]
    assert gradient(ops.power, [-2.0, 0.0], [3.0, 2.0]) == [[12, 0], [0, 0]]


def test_gradients_of_quotients():
    assert gradient(ops.divide_no_nan, [1.0, 4.0], [0.0, 2.0]) == [[0, 0.5], [0, -1]]
    check_grads(ops.mod, [7.3, -7.3, 7.3], [3.1, 3.2, -3.3])


@pytest.mark.parametrize("shapes", [((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 2)), ((4, 1, 3), (2, 1)), ((1,), ())])
@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "maximum", "power"])
def test_gradients_of_broadcasts(name, shapes):
    rng = np.random.default_rng(0)
    check_grads(getattr(ops, name), *[rng.uniform(0.5, 2, shape) for shape in shapes])


@pytest.mark.parametrize("name", ["add", "maximum", "mod", "power", "divide_no_nan"])
def test_shapes_that_do_not_fit(name):
    with pytest.raises(ShapeError, match="do not fit together"):
        getattr(ops, name)(np.ones((2, 3)), np.ones((2, 4)))


def test_no_gradient_of_a_constant_is_computed():
    with Trace() as trace:
        x = Tensor(np.ones(3, "float32"), trace)
        y = x * np.ones(3, "float32")
        count = len(trace.entries)
        gradients(y, [x])
    assert len(trace.entries) == count  # the gradient is itself constant
