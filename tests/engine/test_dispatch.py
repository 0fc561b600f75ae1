"""One dispatcher for arrays, traced, symbolic values and variables."""

import numpy as np
import pytest

from minikeras import config, ops
from minikeras.engine.dispatch import apply, operand, to_array, with_gradient
from minikeras.engine.gradients import gradients
from minikeras.engine.primitive import Primitive, broadcast_shapes
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

DOUBLE = Primitive("double", lambda x: x * 2, shape=lambda x: (x.shape, x.dtype), vjps=(lambda g, y, x: g * 2,))
ADD = Primitive("add", np.add, shape=lambda a, b: (broadcast_shapes(a.shape, b.shape), a.dtype))


def test_the_kind_of_the_result():
    x = np.ones(2, "float32")
    v = Variable(x)
    assert isinstance(apply(DOUBLE, x), np.ndarray) and isinstance(apply(DOUBLE, v), np.ndarray)
    assert isinstance(apply(DOUBLE, [1.0, 1.0]), np.ndarray) and apply(DOUBLE, 1.0).shape == ()
    assert isinstance(apply(ADD, v, KerasTensor((None, 2))), KerasTensor)
    with Trace() as trace:
        assert isinstance(apply(DOUBLE, v), Tensor) and isinstance(apply(DOUBLE, x), np.ndarray)
        assert isinstance(apply(ADD, x, Tensor(x, trace)), Tensor)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1.5, "float32"),
        ([1.5], "float32"),
        (3, "int32"),
        (True, "bool"),
        ([True, False], "bool"),
        ([], "float32"),
        (2**31 - 1, "int32"),
        (2**31, "int64"),
        (-(2**31), "int32"),
        (-(2**31) - 1, "int64"),
        (-(2**63), "int64"),
        (np.float64(1.5), "float64"),
        (np.int64(1), "int64"),
        (np.ones(1), "float64"),
    ],
)
def test_to_array(value, dtype):
    array = to_array(value)
    assert isinstance(array, np.ndarray) and array.dtype == dtype
    assert array.tolist() == np.asarray(value).tolist()


def test_to_array_follows_floatx():
    config.set_floatx("float16")
    try:
        assert to_array(1.5).dtype == "float16"
    finally:
        config.set_floatx("float32")


@pytest.mark.parametrize("value", ["1", ["a"], None, [None], {}, object(), [[1], [1, 2]], b"1"])
def test_what_is_no_number(value):
    with pytest.raises(ArgumentTypeError, match="Expected numbers"):
        to_array(value)
    with pytest.raises(ArgumentTypeError, match="Expected numbers"):
        ops.exp(value)


def test_operand_of_an_array_is_the_array():
    x = np.ones(2)
    assert operand(x) is x


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ShapeError, match=r"Shapes \(2,\) and \(3,\) cannot be broadcast together"):
        apply(ADD, np.ones(2), np.ones(3))
    with Trace() as trace, pytest.raises(ShapeError, match=r"Shapes \(2,\) and \(3,\)"):
        apply(ADD, Tensor(np.ones(2), trace), np.ones(3))


def test_other_errors_of_kernels_stay():
    def kernel(x):
        raise ValueError("of the kernel")

    with pytest.raises(ValueError, match="of the kernel"):
        apply(Primitive("bad", kernel, shape=lambda x: (x.shape, x.dtype)), np.ones(1))


def test_new_arrays_are_in_c_order():
    x = np.asfortranarray(np.ones((2, 3)))
    assert apply(DOUBLE, x).flags.c_contiguous
    assert ops.exp(ops.transpose(np.ones((2, 3)))).flags.c_contiguous


def test_no_warnings_of_numpy():
    ops.log(np.float32([0, -1]))
    ops.exp(np.float32(1e9))
    ops.true_divide(1.0, np.zeros(2, "float32"))
    with Trace() as trace:
        ops.log(Tensor(np.float32([0, -1]), trace))


def test_with_gradient():
    seen = []

    def vjp(g, y, x, w):
        seen.append((y.array.tolist(), x.array.tolist()))
        return [g * 10, None]

    v = Variable([1.0, 2.0])
    with Trace() as trace:
        w = Tensor(np.float32([5, 5]), trace)
        y = with_gradient((v, w), lambda x, w: x * x + w, vjp)
        found = gradients(ops.sum(y * 2), [v, w])
        assert found[0].tolist() == [20, 20] and found[1] is None
    assert seen == [([6, 9], [1, 2])]
    assert with_gradient((v, 1.0), lambda x, w: x * x + w, vjp).tolist() == [2, 5]
    assert with_gradient((KerasTensor((None,)), 1.0), lambda x, w: x * x + w, vjp).shape == (None,)


def test_the_outer_rule_counts_when_rules_nest():
    def rule(factor):
        return lambda g, y, x: [g * factor]

    with Trace() as trace:
        x = Tensor(np.float32([1, 2]), trace)

        def outer(x):
            return with_gradient((x,), lambda x: x * x, rule(10.0))

        y = with_gradient((x,), outer, rule(100.0)) + with_gradient((x,), lambda x: x * 1.0, rule(1000.0))
        assert gradients(y, [x])[0].tolist() == [1100, 1100]
