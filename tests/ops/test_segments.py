"""Sums over segments."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ReplayWarning, ShapeError
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
