"""Filled arrays, ranges, grids and identity matrices."""

import numpy as np
import pytest

from minikeras import config, ops
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, DTypeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
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


LINES = [
    ((0.0, 1.0, 5), {}),
    ((-1, 2, 4), {}),
    ((0.0, 1.0, 4), {"endpoint": False}),
    ((5.0, 5.0, 3), {}),
    ((0.0, 1.0, 1), {}),
    ((0.0, 1.0, 0), {}),
    ((np.float32([0, 10]), np.float32([1, 20]), 3), {}),
    ((np.float32([[0, 10]]), 1.0, 3), {"axis": -1}),
    ((np.float32([[0, 10]]), 1.0, 3), {"axis": 1, "endpoint": False}),
    ((0.0, 5.0, 6), {"dtype": "int32"}),
]


@pytest.mark.parametrize(("arguments", "options"), LINES, ids=str)
def test_linspace(arguments, options):
    result, expected = ops.linspace(*arguments, **options), np.linspace(*arguments, **options)
    assert result.shape == expected.shape and result.dtype == options.get("dtype", "float32")
    np.testing.assert_allclose(result, expected, rtol=1e-6)
    (again, step), (_, gap) = (f(*arguments, **options, retstep=True) for f in (ops.linspace, np.linspace))
    np.testing.assert_array_equal(again, result)
    np.testing.assert_allclose(step, gap, rtol=1e-6)


def test_linspace_of_values():
    first, _ = run_step_test(lambda x: ops.linspace(x, 2.0, 3), np.float32([0, 1]), np.float32([1, 2]))
    assert first.tolist() == [[0, 1], [1, 1.5], [2, 2]]
    with pytest.raises(ArgumentError, match="a non-negative `num`. Received: num=-1"):
        ops.linspace(0, 1, -1)


def test_values_like_others():
    x = np.float16([[1, 2]])
    assert ops.full_like(x, 3).tolist() == [[3, 3]] and ops.full_like(x, 3).dtype == np.float16
    assert ops.full_like(x, 1.7, dtype="int32").tolist() == [[1, 1]]
    assert ops.full_like(KerasTensor((None, 2)), 1).shape == (None, 2)
    assert ops.empty_like(x, "bool").dtype == bool and ops.empty((2, 3)).shape == (2, 3)


def test_copies():
    x = np.float32([1, 2])
    copy = ops.copy(x)
    copy[0] = 9
    assert x[0] == 1 and ops.array([1, 2], "float32").dtype == np.float32
    with Trace() as trace:
        tensor = Tensor(x, trace)
        assert isinstance(ops.copy(tensor), Tensor) and isinstance(ops.array(tensor), Tensor)


X = np.arange(12.0).reshape(3, 4).astype("float32")


def same(ours, theirs):
    assert len(ours) == len(theirs)
    for first, second in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(first, second)


def test_grids():
    for indexing in ("xy", "ij"):
        same(ops.meshgrid(X[0], X[:, 0], indexing=indexing), np.meshgrid(X[0], X[:, 0], indexing=indexing))
        same(
            ops.meshgrid([1], [2, 3], [4, 5, 6], indexing=indexing),
            np.meshgrid([1], [2, 3], [4, 5, 6], indexing=indexing),
        )
    same(ops.meshgrid([1, 2]), np.meshgrid([1, 2]))
    same(ops.meshgrid(), np.meshgrid())


@pytest.mark.parametrize("k", [-4, -3, -1, 0, 2, 3, 5])
def test_ones_on_and_below_a_diagonal(k):
    np.testing.assert_array_equal(ops.tri(3, 4, k), np.tri(3, 4, k))
    np.testing.assert_array_equal(ops.eye(3, 4, k), np.eye(3, 4, k))


def test_types_of_matrices():
    assert ops.eye(2).dtype == ops.tri(2).dtype == ops.identity(2).dtype == np.float32
    assert ops.eye(2, dtype="bool").dtype == bool


def test_the_indexing_of_grids():
    with pytest.raises(ArgumentError, match="indexing='xy' or 'ij'"):
        ops.meshgrid([1], [2], indexing="yx")


MAKERS = {
    "zeros": lambda dtype: ops.zeros(2, dtype),
    "ones": lambda dtype: ops.ones(2, dtype),
    "arange": lambda dtype: ops.arange(2, dtype=dtype),
    "eye": lambda dtype: ops.eye(2, dtype=dtype),
    "tri": lambda dtype: ops.tri(2, dtype=dtype),
    "zeros_like": lambda dtype: ops.zeros_like(np.array(["a"])),
    "ones_like": lambda dtype: ops.ones_like(KerasTensor((2,), dtype)),
    "one_hot": lambda dtype: ops.one_hot([1], 2, dtype=dtype),
    "multi_hot": lambda dtype: ops.multi_hot([1], 2, dtype=dtype),
    "view": lambda dtype: ops.view([1.0], dtype),
    "saturate_cast": lambda dtype: ops.saturate_cast([1.0], dtype),
    "prod": lambda dtype: ops.prod([1.0], dtype=dtype),
}


@pytest.mark.parametrize("name", MAKERS)
def test_no_numbers_are_strings(name):
    with pytest.raises(DTypeError, match=f"`{name}` expects a dtype of numbers"):
        MAKERS[name]("string")
