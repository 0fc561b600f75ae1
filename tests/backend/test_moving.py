"""Shape manipulation."""

import numpy as np
import pytest

from minikeras import backend
from minikeras.errors import ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_reshaping():
    assert backend.reshape(X, (np.int64(4), 1)).tolist() == [[1], [2], [3], [4]]
    assert backend.flatten(X).tolist() == [1, 2, 3, 4]
    assert backend.batch_flatten(np.zeros((3, 2, 4))).shape == (3, 8)
    assert backend.batch_flatten(KerasTensor((None, 2, 4))).shape == (None, 8)
    assert backend.expand_dims(X).shape == (2, 2, 1) and backend.squeeze(X[None], 0).shape == (2, 2)


def test_transposing():
    assert backend.transpose(X).tolist() == [[1, 3], [2, 4]]
    assert backend.permute_dimensions(np.zeros((2, 3, 4)), [2, 0, 1]).shape == (4, 2, 3)
    assert backend.reverse(X, 0).tolist() == [[3, 4], [1, 2]]
    assert backend.reverse(X, [0, 1]).tolist() == [
        [4, 3],
        [2, 1],
    ]


def test_joining():
    assert backend.concatenate([X, X[:, :1]]).tolist() == [[1, 2, 1], [3, 4, 3]]
    assert backend.stack((X, X), axis=1).shape == (2, 2, 2)


def test_repeating():
    assert backend.tile(np.float32([1, 2]), 2).tolist() == [1, 2, 1, 2]
    assert backend.tile(X, [1, 2]).tolist() == [[1, 2, 1, 2], [3, 4, 3, 4]]
    assert backend.repeat(X, 2).tolist() == [[[1, 2], [1, 2]], [[3, 4], [3, 4]]]
    assert backend.repeat_elements(X, 2, axis=1).tolist() == [[1, 1, 2, 2], [3, 3, 4, 4]]


def test_gather():
    assert backend.gather(X, [1, 0, 1]).tolist() == [[3, 4], [1, 2], [3, 4]]


def test_padding():
    assert backend.temporal_padding(np.ones((1, 1, 2)), (1, 2)).tolist() == [[[0, 0], [1, 1], [0, 0], [0, 0]]]
    assert backend.spatial_2d_padding(np.ones((1, 2, 3, 4)), ((1, 0), (2, 2))).shape == (1, 3, 7, 4)
    assert backend.spatial_2d_padding(np.ones((1, 2, 3, 4)), data_format="channels_first").shape == (1, 2, 5, 6)
    padded = backend.spatial_3d_padding(np.ones((1, 1, 1, 1, 1)))
    assert padded.shape == (1, 3, 3, 3, 1) and padded.sum() == padded[0, 1, 1, 1, 0] == 1


def test_shapes_that_do_not_fit():
    with pytest.raises(ShapeError, match="2 axes"):
        backend.repeat(np.ones((1, 2, 3)), 2)
    with pytest.raises(UnknownNameError, match="Did you mean 'channels_first'"):
        backend.spatial_2d_padding(np.ones((1, 2, 2, 1)), data_format="channel_first")
