"""Conversion of arguments."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.common.arguments import (
    as_float,
    as_real,
    as_size,
    as_sizes,
    as_value,
    check_real,
    normalize_axes,
    normalize_axis,
    promoted,
    static_shape,
    wide,
)


def test_promoted():
    assert [value.dtype.name for value in promoted(np.ones(1, "int32"), 2.5)] == ["float32", "float32"]
    assert [value.dtype.name for value in promoted(np.ones(1, "int8"), 2)] == ["int8", "int8"]
    assert [value.dtype.name for value in promoted(np.ones(1, "int8"), 2, to_float=True)] == ["float32", "float32"]
    assert [value.dtype.name for value in promoted(1, True)] == ["int32", "int32"]


@pytest.mark.parametrize(
    ("axis", "rank", "axes"),
    [(None, 2, (0, 1)), (-1, 3, (2,)), ((2, 0), 3, (0, 2)), ([-1, 0], 2, (0, 1)), ((), 2, ()), (np.int64(1), 2, (1,))],
)
def test_normalize_axes(axis, rank, axes):
    assert normalize_axes(axis, rank) == axes


@pytest.mark.parametrize("axis", [2, -3, (0, 2)])
def test_axes_that_do_not_exist(axis):
    with pytest.raises(ArgumentError, match="does not exist: the tensor has 2 axes"):
        normalize_axes(axis, 2)


@pytest.mark.parametrize("axis", [1.5, "0"])
def test_axes_are_whole_numbers(axis):
    with pytest.raises(TypeError):
        normalize_axes(axis, 2)


def test_static_shape():
    assert static_shape([[1, 2, 3]]) == (1, 3) and static_shape(2.5) == ()
    assert static_shape(KerasTensor((None, 3))) == (None, 3)


@pytest.mark.parametrize(
    ("sizes", "expected"), [(3, (3,)), ((2, np.int64(3)), (2, 3)), (np.array([4, 5]), (4, 5)), ((), ())]
)
def test_as_sizes(sizes, expected):
    assert as_sizes(sizes, "zeros") == expected


def test_sizes_that_are_no_integers():
    with pytest.raises(ShapeError, match=r"`zeros` expects `shape` to consist of integers.*use `ops.shape\(x\)`"):
        as_sizes((None, 3), "zeros")
    with pytest.raises(
        ArgumentTypeError, match=r"`tile` expects `repeats` to consist of integers. Received: repeats=2.5"
    ):
        as_sizes(2.5, "tile", "repeats")


def test_values_and_floats():
    x = np.float16([1])
    assert as_value(x) is x and as_float(x) is x
    assert as_value([1, 2]).dtype == "int32" and as_float([1, 2]).dtype == as_float(np.int64(3)).dtype == "float32"


def test_wide():
    assert [value.dtype.name for value in wide(np.int64([1]), 2)] == ["float64", "float64"]
    assert [value.dtype.name for value in wide(np.int32([1]), 2)] == ["float32", "float32"]
    assert [value.dtype.name for value in wide(np.float16([1]), 2.5)] == ["float32", "float32"]  # numbers are not weak


def test_as_real():
    assert as_real([1, 2], "op").dtype == "float32" and as_real(np.float16(1), "op").dtype == "float16"
    with pytest.raises(ArgumentTypeError, match="`op` expects real numbers. Received: dtype complex64"):
        as_real(np.complex64(1), "op")


@pytest.mark.parametrize("size", [[1, 2], [1], (1,), [], 2.5, "a"])
def test_a_single_size(size):
    assert as_size(3, "histogram", "bins") == as_size(np.int64(3), "histogram", "bins") == 3
    with pytest.raises(ArgumentTypeError, match="`histogram` expects `bins`"):
        as_size(size, "histogram", "bins")


@pytest.mark.parametrize("axis", [(), (0,), (0, 1), [1], None, 1.0, "0"])
def test_one_axis_is_an_integer(axis):
    assert normalize_axis(np.int64(-1), 3) == 2
    with pytest.raises(ArgumentTypeError, match="Expected an integer as axis. Received: axis="):
        normalize_axis(axis, 2)
    with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
        normalize_axis(2, 2)


def test_check_real():
    x = np.ones(1)
    check_real("f", x, x > 0)
    with pytest.raises(ArgumentTypeError, match="`f` expects real numbers. Received: dtype complex64"):
        check_real("f", x, np.ones(1, "complex64"))
