"""Sums, products and extrema over segments."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, DTypeError, ReplayWarning, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.float32([[1, 2, 3], [4, 5, 6]])


def test_segment_sum():
    assert ops.segment_sum([1.0, 2.0, 4.0, 8.0], [1, 0, 1, -1], 4).tolist() == [2, 5, 0, 0]
    assert ops.segment_sum(np.int64([1, 2, 2**60]), [0, 0, 1], 2).tolist() == [3, 2**60]
    assert ops.segment_sum(X, [2, 0], num_segments=3).tolist() == [[4, 5, 6], [0, 0, 0], [1, 2, 3]]
    assert ops.segment_sum(X, [1, -1], num_segments=2).tolist() == [[0, 0, 0], [1, 2, 3]]
    assert ops.segment_sum(X, [0, 2]).shape == (3, 3)
    assert ops.segment_sum(np.zeros((0, 3), "float32"), np.zeros(0, "int32"), 2).tolist() == [[0, 0, 0]] * 2
    assert ops.segment_sum(np.zeros(0, "float32"), np.zeros(0, "int32")).shape == (0,)


INF = float("inf")


@pytest.mark.parametrize(
    ("name", "expected", "integers", "flags"),
    [
        ("segment_prod", [2, 1, 12, 1], [2, 1, 12, 1], [True, True, False, True]),
        ("segment_max", [2, -INF, 4, -INF], [2, -(2**31), 4, -(2**31)], [True, False, True, False]),
        ("segment_min", [2, INF, 3, INF], [2, 2**31 - 1, 3, 2**31 - 1], [True, True, False, True]),
    ],
)
def test_segments_without_rows_are_neutral(name, expected, integers, flags):
    reduce, numbers = getattr(ops, name), [2, 0, 2, -1]
    assert reduce([3.0, 2.0, 4.0, 9.0], numbers, 4).tolist() == expected
    assert reduce([3, 2, 4, 9], numbers, num_segments=4).tolist() == integers
    assert reduce([False, True, True, True], numbers, 4).tolist() == flags
    assert reduce(np.uint8([[3], [2], [4], [9]]), numbers, 3).dtype == "uint8"
    assert reduce([3.0, 2.0, 4.0, 9.0], numbers).tolist() == expected[:3]  # the largest id plus 1
    assert reduce([2.0, 3.0, 4.0, 9.0], [0, 2, 2, 4], sorted=True)[[0, 2, 4]].tolist() == [expected[0], expected[2], 9]
    assert reduce(np.zeros((0, 2), "float32"), np.zeros(0, "int32"), 1).tolist() == [[expected[1]] * 2]
    assert np.isnan(reduce([1.0, float("nan")], [0, 0])).tolist() == [True]
    assert reduce(KerasTensor((None, 3)), KerasTensor((None,), "int32"), 5).shape == (5, 3)
    data, bound = np.array([[1.0, 5.0], [2.0, 4.0], [6.0, 3.0], [7.0, 8.0]]), 20.0
    check_grads(lambda x: ops.square(ops.clip(reduce(x, np.int32(numbers), 4), -bound, bound)), data)
    with pytest.raises(ArgumentError, match=f"`{name}` expects segment ids below num_segments=2"):
        reduce([1.0, 2.0], [0, 2], 2)
    with pytest.raises(ShapeError, match=f"`{name}` expects one segment id for each row"):
        reduce([1.0, 2.0], [0])


def test_equal_elements_share_the_gradient():
    for reduce in (ops.segment_max, ops.segment_min):
        with Trace() as trace:
            x = Tensor(np.float32([2, 2, 3, 4]), trace)
            y = ops.where(np.array([True, False, True]), reduce(x, [0, 0, 2, -1], 3), 0.0)
            (grad,) = gradients(ops.sum(y * np.float32([4, 5, 6])), [x])
            assert grad.array.tolist() == [2, 2, 6, 0]


@pytest.mark.parametrize("row", [[0.0, 2.0, 3.0, 4.0], [0.0, 0.0, 3.0, 4.0], [0.0, 0.0, 0.0, 4.0]])
def test_products_have_gradients_where_factors_are_0(row):
    check_grads(lambda x: ops.square(ops.segment_prod(x, [0, 0, 0, 1], 2) + 1), np.array(row))


def test_long_sums_are_exact():
    x = np.full(200_000, 0.1, "float32")
    assert float(ops.segment_sum(x, np.zeros(len(x), "int32"), 1)[0]) == pytest.approx(20_000, rel=1e-6)


def test_gradients_go_to_each_row():
    numbers = np.int32([1, -1, 1, 0])
    check_grads(lambda x: ops.square(ops.segment_sum(x, numbers, 3)), np.arange(1.0, 5.0))
    check_grads(lambda x: ops.square(ops.segment_sum(x, numbers, 3)), np.arange(8.0).reshape(4, 2))


def test_symbolic():
    data, numbers = KerasTensor((None, 3)), KerasTensor((None,), "int32")
    assert ops.segment_sum(data, numbers).shape == (None, 3)
    assert ops.segment_sum(data, numbers, 5).shape == (5, 3)


def test_a_number_of_segments_that_depends_on_data_is_not_replayed():
    numbers = np.int32([0, 1])
    with pytest.warns(ReplayWarning):
        with pytest.raises(AssertionError, match="not replayed"):
            run_step_test(lambda x: ops.segment_sum(x, x), numbers, numbers)


@pytest.mark.parametrize(
    ("data", "numbers"), [(X, [0, 1, 2]), (X, [[0], [1]]), (1.0, [0]), (X, 0), (KerasTensor((4, 2)), [0, 1])]
)
def test_segments_of_another_shape(data, numbers):
    with pytest.raises(ShapeError, match="`segment_sum` expects one segment id for each row"):
        ops.segment_sum(data, numbers, 3)


def test_segments_out_of_range():
    with pytest.raises(ArgumentError, match="below num_segments=2. Received: segment_ids up to 5"):
        ops.segment_sum([1.0, 2.0], [0, 5], 2)


@pytest.mark.parametrize("name", ["segment_sum", "segment_prod", "segment_max", "segment_min"])
def test_the_number_of_segments(name):
    """The largest id plus 1, not how many ids there are; gaps are filled."""
    reduce = getattr(ops, name)
    assert reduce([1.0, 5.0, 3.0], [0, 4, 4]).shape == (5,) and reduce([1.0], [-1]).shape == (0,)
    assert reduce([1.0, 5.0], [0, 1], sorted=True).tolist() == [1, 5]
    for x in (np.float32([1, 2]), KerasTensor((2,))):
        with pytest.raises(ArgumentError, match="`num_segments` of at least 0. Received: -1"):
            reduce(x, [0, 1], -1)
        with pytest.raises(ArgumentTypeError, match="to consist of integers. Received: num_segments=2.5"):
            reduce(x, [0, 1], 2.5)
    if name in ("segment_max", "segment_min"):
        for x in (np.complex64([1, 2]), KerasTensor((2,), "complex64")):
            with pytest.raises(DTypeError, match=f"`{name}` expects real numbers"):
                reduce(x, [0, 1], 2)


def test_rows_without_elements():
    assert ops.segment_sum(np.zeros((4, 0), "float32"), [0, 1, 0, 1], num_segments=2).shape == (2, 0)


def test_complex_numbers_have_no_order():
    for function in (ops.segment_max, ops.segment_min):
        with pytest.raises(ArgumentTypeError, match="expects real numbers"):
            function(np.ones(2, "complex64"), [0, 1], num_segments=2)
