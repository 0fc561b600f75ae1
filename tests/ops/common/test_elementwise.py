"""What every elementwise function has: a common dtype, broadcasting, and gradients that undo it."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.dispatch import apply
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.common.elementwise import binary, unary
from tests.helpers import check_grads


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


@pytest.mark.parametrize("shapes", [((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 2)), ((4, 1, 3), (2, 1)), ((1,), ())])
@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "maximum", "power"])
def test_gradients_of_broadcasts(name, shapes):
    rng = np.random.default_rng(0)
    check_grads(getattr(ops, name), *[rng.uniform(0.5, 2, shape) for shape in shapes])


@pytest.mark.parametrize("name", ["add", "maximum", "mod", "power", "divide_no_nan"])
def test_shapes_that_do_not_fit(name):
    with pytest.raises(ShapeError, match="cannot be broadcast together"):
        getattr(ops, name)(np.ones((2, 3)), np.ones((2, 4)))


def test_no_gradient_of_a_constant_is_computed():
    with Trace() as trace:
        x = Tensor(np.ones(3, "float32"), trace)
        y = x * np.ones(3, "float32")
        count = len(trace.entries)
        gradients(y, [x])
    assert len(trace.entries) == count  # the gradient is itself constant


def test_unary():
    primitive = unary("double", lambda x, out=None: np.multiply(x, 2, out=out), lambda g, y, x: g * 2)
    assert apply(primitive, np.float32([1, 2])).tolist() == [2, 4]
    check_grads(lambda x: apply(primitive, x), np.float64([1, 2]))
    nan = unary("is_nan", np.isnan, None, "bool")
    assert apply(nan, KerasTensor((None, 2))).dtype == "bool" and apply(nan, KerasTensor((None, 2))).shape == (None, 2)


def test_binary():
    primitive = binary("scale", np.multiply, lambda g, y, a, b: g * b, None)
    assert apply(primitive, np.float32([[1], [2]]), np.float32([3, 4])).tolist() == [[3, 4], [6, 8]]
    with Trace() as trace:
        a, b = Tensor(np.float32([[1], [2]]), trace), Tensor(np.float32([3, 4]), trace)
        first, second = gradients(apply(primitive, a, b), [a, b])
    assert first.array.tolist() == [[7], [7]] and second is None
