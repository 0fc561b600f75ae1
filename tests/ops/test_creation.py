"""Filled arrays and ranges."""

import numpy as np
import pytest

from minikeras import config, ops
from minikeras.engine.keras_tensor import KerasTensor
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import UnknownNameError
from tests.helpers import run_step_test


@pytest.mark.parametrize(
    ("arguments", "expected", "dtype"),
    [
        ((3,), [0, 1, 2], "int32"),
        ((1, 4), [1, 2, 3], "int32"),
        ((5, 0, -2), [5, 3, 1], "int32"),
        ((0,), [], "int32"),
        ((1.0, 2.0, 0.5), [1, 1.5], "float32"),
        ((0, 1, 0.5), [0, 0.5], "float32"),
        ((np.int64(2),), [0, 1], "int64"),
        ((0, 2, 1, "float16"), [0, 1], "float16"),
    ],
)
def test_arange(arguments, expected, dtype):
    result = ops.arange(*arguments)
    assert result.tolist() == expected and result.dtype == dtype


def test_filled_arrays():
    assert ops.zeros((1, 2)).tolist() == [[0, 0]] and ops.zeros(2).dtype == "float32"
    assert ops.ones((2,), dtype="int8").tolist() == [1, 1]
    assert ops.full((2, 2), [1, 2]).tolist() == [[1, 2], [1, 2]]
    assert ops.full((2,), True, dtype="bool").dtype == "bool"
    filled = ops.full((2,), 1.0)
    filled[0] = 5  # its elements do not share their memory
    assert filled.tolist() == [5, 1]


def test_floatx_is_the_default():
    config.set_floatx("float16")
    try:
        assert {ops.zeros(1).dtype.name, ops.ones(1).dtype.name, ops.full(1, 2).dtype.name} == {"float16"}
    finally:
        config.set_floatx("float32")


def test_like():
    assert ops.zeros_like([1, 2]).dtype == "int32" and ops.ones_like(2.5).dtype == "float32"
    assert ops.ones_like(np.zeros(2, "int8")).tolist() == [1, 1]
    symbolic = ops.zeros_like(KerasTensor((None, 3)), dtype="int32")
    assert symbolic.shape == (None, 3) and symbolic.dtype == "int32"
    with Trace() as trace:
        assert isinstance(ops.ones_like(Tensor(np.zeros(2), trace)), np.ndarray)  # a constant


def test_full_of_a_traced_value():
    results = run_step_test(lambda x: ops.full((2, 2), ops.sum(x)), np.float32([1, 2]), np.float32([3, 4]))
    assert [result.tolist() for result in results] == [[[3, 3], [3, 3]], [[7, 7], [7, 7]]]


@pytest.mark.parametrize("make", [ops.zeros, ops.ones, lambda shape, dtype: ops.full(shape, 1, dtype)])
def test_bad_arguments(make):
    with pytest.raises(UnknownNameError):
        make((2,), dtype="flaot32")
    with pytest.raises(ValueError, match="negative"):
        make((-2,), dtype=None)
