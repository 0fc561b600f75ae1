"""Python's operators on values mean the ops of the same name."""

import operator

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.graph.keras_tensor import KerasTensor

X = np.float32([[1, 2], [3, 4]])
Y = np.float32([[4, 3], [2, 2]])
BINARY = {
    operator.add: ops.add,
    operator.sub: ops.subtract,
    operator.mul: ops.multiply,
    operator.truediv: ops.true_divide,
    operator.floordiv: ops.floor_divide,
    operator.mod: ops.mod,
    operator.pow: ops.power,
    operator.matmul: ops.matmul,
    operator.lt: ops.less,
    operator.le: ops.less_equal,
    operator.gt: ops.greater,
    operator.ge: ops.greater_equal,
    operator.eq: ops.equal,
    operator.ne: ops.not_equal,
    operator.and_: ops.logical_and,
    operator.or_: ops.logical_or,
    operator.xor: ops.logical_xor,
}
UNARY = {
    operator.neg: ops.negative,
    operator.abs: ops.absolute,
    operator.invert: ops.logical_not,
    operator.pos: ops.add,
}


def array(value):
    return value.array if isinstance(value, Tensor) else np.asarray(value)


@pytest.mark.parametrize("symbol", BINARY, ids=lambda symbol: symbol.__name__)
def test_binary(symbol):
    logic = symbol in (operator.and_, operator.or_, operator.xor)  # numpy's own work on the bits of integers
    x, y = (X > 1, Y > 2) if logic else (X, Y)
    expected = BINARY[symbol](x, y)
    with Trace() as trace:
        for first, second in [
            (Tensor(x, trace), y),
            (x, Tensor(y, trace)),
            (Variable(x), y),
            (x, Variable(y)),
            (Tensor(x, trace), Variable(y)),
            (x.tolist(), Tensor(y, trace)),
        ]:
            result = symbol(first, second)
            assert isinstance(result, Tensor) and result.dtype == expected.dtype
            np.testing.assert_array_equal(array(result), expected)
    for first, second in [
        (KerasTensor((None, 2), x.dtype), y[:1]),
        (x[:1], KerasTensor((2, 2), x.dtype)),
        (True if logic else 2.0, KerasTensor((2, 2), x.dtype)),
    ]:
        if symbol not in (operator.matmul, operator.eq):  # which asks which value it is
            result = symbol(first, second)
            assert isinstance(result, KerasTensor) and result.dtype == expected.dtype.name


@pytest.mark.parametrize("symbol", UNARY, ids=lambda symbol: symbol.__name__)
def test_unary(symbol):
    expected = X if symbol is operator.pos else UNARY[symbol](X)
    with Trace() as trace:
        for value in (Tensor(X, trace), Variable(X)):
            result = symbol(value)
            assert isinstance(result, Tensor) and (result.array == expected).all()
    assert (symbol(Variable(X)) == expected).all()
    assert symbol(KerasTensor((None, 2))).shape == (None, 2)


def test_bits_are_not_taken_for_truth():
    with Trace() as trace:
        found = np.bitwise_and(np.int32([6]), Tensor(np.int32([3]), trace))
        assert found.dtype == "int32" and found.array.tolist() == [2]


def test_indexing_and_iterating():
    with Trace() as trace:
        x = Tensor(X, trace)
        assert x[1, 0].array == 3 and x[:, -1].array.tolist() == [2, 4]
        assert [row.array.tolist() for row in x] == X.tolist() and len(x) == 2


def test_values_stay_dictionary_keys():
    v, w = Variable([1.0]), Variable([1.0])
    assert {v: 1, w: 2}[v] == 1 and len({v, w}) == 2


def test_numbers_and_arrays_of_float64_take_the_type_beside_them():
    """As with tensors of TensorFlow: `np.sqrt(2.0)` is a float64 that nobody asked for."""
    variable = Variable(np.float32([1, 2]))
    for value in (variable * np.sqrt(2.0), variable / np.float64(3), variable + np.ones(2)):
        assert value.dtype == np.float32
    with Trace() as trace:
        traced = Tensor(np.float32([1, 2]), trace)
        for value in (traced * np.sqrt(2.0), np.sqrt(2.0) * traced, traced - np.ones(2), traced ** np.float64(2)):
            assert value.dtype == np.float32
        wide = Tensor(np.float64([1, 2]), trace)
        assert (wide * np.sqrt(2.0)).dtype == (np.float32(2) * wide).dtype == np.float64


def test_rounding():
    for x in (Variable([1.25, -2.5]), KerasTensor((2,))):
        for found in (round(x), round(x, 1)):
            assert tuple(found.shape) == (2,) and found.dtype == "float32"
    assert round(Variable([1.26, -2.5])).tolist() == [1, -2]
    assert round(Variable([1.26, -2.5]), 1).tolist() == pytest.approx([1.3, -2.5])
    with Trace() as trace:
        assert round(Tensor(np.float32([1.5, 2.5]), trace)).array.tolist() == [2, 2]


def test_inverting():
    assert (~Variable(np.int32([7, -3]))).tolist() == [-8, 2]  # as in Keras
    assert (~Variable([True, False])).tolist() == [False, True]
    assert (~KerasTensor((2,), "int32")).dtype == "bool"
