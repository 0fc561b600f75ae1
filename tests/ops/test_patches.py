"""Sliding patches and blocks: layouts by hand, each the inverse or the gradient of the other."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.arange(2 * 3 * 4 * 5, dtype="float32").reshape(2, 3, 4, 5)


def test_unfold():
    found = ops.unfold(X, (2, 3), stride=(1, 2))
    assert found.shape == (2, 3 * 6, 3 * 2)
    # Patch 3 is that of row 1 and column 2; element 11 is that of channel 1, row 1, column 2.
    assert found[1, 11, 3] == X[1, 1, 2, 4]
    padded = ops.unfold(X, 2, dilation=(1, 3), padding=(0, 1), stride=2)
    assert padded.shape == (2, 12, 2 * 2) and padded[0, 0].tolist() == [0, X[0, 0, 0, 1], 0, X[0, 0, 2, 1]]


def test_fold_adds_up_what_overlaps():
    count = ops.fold(ops.unfold(np.ones_like(X), 3, padding=1), (4, 5), 3, padding=1)
    np.testing.assert_array_equal(count[0, 0, :2, :3], [[4, 6, 6], [6, 9, 9]])
    np.testing.assert_array_equal(ops.fold(ops.unfold(X, (2, 5), stride=(2, 1)), (4, 5), (2, 5), stride=(2, 1)), X)
    rest = ops.fold(np.ones((1, 4, 4), "int32"), 5, 2, stride=2)  # nothing reaches the last row and column
    assert rest.dtype == "int32" and rest[0, 0].tolist() == [[1, 1, 1, 1, 0]] * 4 + [[0] * 5]


def test_blocks():
    x = np.arange(16).reshape(1, 2, 4, 2)
    depth = ops.space_to_depth(x, 2)
    assert depth.tolist() == [[[[0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]]]]
    np.testing.assert_array_equal(ops.depth_to_space(depth, 2), x)
    first = np.arange(16).reshape(1, 2, 2, 4)
    depth = ops.space_to_depth(first, 2, "channels_first")
    # All positions of the first channel come first, unlike in TensorFlow.
    assert depth[0, :, 0, 0].tolist() == [0, 1, 4, 5, 8, 9, 12, 13]
    np.testing.assert_array_equal(ops.depth_to_space(depth, 2, "channels_first"), first)


def test_free_sizes():
    free = KerasTensor((None, None, 6, 4))
    assert ops.unfold(free, 2).shape == (None, None, 15) and ops.unfold(KerasTensor((1, 2, None, 4)), 2).shape == (
        1,
        8,
        None,
    )
    assert ops.fold(KerasTensor((None, None, None)), 4, 2).shape == (None, None, 4, 4)
    assert ops.fold(KerasTensor((None, 8, 9)), 4, 2).shape == (None, 2, 4, 4)
    assert ops.space_to_depth(free, 3).shape == (None, None, 2, 36)
    assert ops.depth_to_space(free, 2).shape == (None, None, 12, 1)
    assert ops.depth_to_space(KerasTensor((None, 9, None, 2)), 3, "channels_first").shape == (None, 1, None, 6)
    assert ops.unfold(X[:0], 2).shape == (0, 12, 12) and ops.fold(np.ones((0, 4, 9)), 4, 2).shape == (0, 1, 4, 4)


@pytest.mark.parametrize(
    ("call", "shape", "error", "message"),
    [
        (lambda x: ops.unfold(x, 2), (3, 4, 5), ShapeError, "batch, channels, height, width"),
        (lambda x: ops.unfold(x, 5), (1, 1, 4, 5), ShapeError, "do not fit into images"),
        (lambda x: ops.unfold(x, 0), (1, 1, 4, 5), ArgumentError, "`kernel_size`"),
        (lambda x: ops.unfold(x, 2, padding=-1), (1, 1, 4, 5), ArgumentError, "`padding`"),
        (lambda x: ops.fold(x, 4, 2), (1, 4, 9, 1), ShapeError, "batch, elements, patches"),
        (lambda x: ops.fold(x, 4, 2), (1, 6, 9), ShapeError, "multiple of 4"),
        (lambda x: ops.fold(x, 4, 2), (1, 4, 8), ShapeError, "there must be 9 patches"),
        (lambda x: ops.fold(x, 1, 2), (1, 4, 1), ShapeError, "do not fit into images"),
        (lambda x: ops.space_to_depth(x, 2), (1, 3, 4, 1), ShapeError, "height and width must be divisible"),
        (lambda x: ops.depth_to_space(x, 2), (1, 3, 4, 6), ShapeError, "divisible by block_size.2 = 4"),
        (lambda x: ops.depth_to_space(x, 1), (1, 3, 4, 6), ArgumentError, "`block_size` must be an integer >= 2"),
        (lambda x: ops.space_to_depth(x, 2), (3, 4, 6), ShapeError, "4 axes"),
        (lambda x: ops.space_to_depth(x, 2, "first"), (1, 4, 4, 6), ArgumentError, "data_format"),
    ],
)
def test_bad_arguments_are_refused_everywhere(call, shape, error, message):
    for x in (np.ones(shape, "float32"), KerasTensor(shape)):
        with pytest.raises(error, match=message):
            call(x)
