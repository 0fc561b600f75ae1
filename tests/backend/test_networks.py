"""Building blocks of layers and losses, and functions that map over rows."""

import numpy as np
import pytest

from minikeras import backend
from minikeras.errors import ShapeError, UnknownNameError

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_dropout():
    kept = backend.dropout(np.ones(1000, "float32"), 0.5, seed=1)
    assert set(np.unique(kept)) == {0, 2}


def test_arange():
    assert backend.arange(3).tolist() == [0, 1, 2] and backend.arange(3).dtype == np.int32
    assert backend.arange(1, 2, 0.5, dtype="float32").tolist() == [1, 1.5]


def test_l2_normalize():
    np.testing.assert_allclose(backend.l2_normalize([[3.0, 4.0], [0.0, 0.0]], axis=1), [[0.6, 0.8], [0, 0]], rtol=1e-6)
    # Over all axes, the norm is 13.
    np.testing.assert_allclose(backend.l2_normalize([[3.0, 4.0], [12.0, 0.0]])[1, 0], 12 / 13, rtol=1e-6)


def test_classes():
    assert backend.one_hot([1, 0], 3).tolist() == [[0, 1, 0], [1, 0, 0]]
    scores = np.float32([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]])
    assert backend.in_top_k(scores, [2, 2], 2).tolist() == [True, False]


def test_batch_normalization():
    normalized = backend.batch_normalization(
        X, mean=[1.0, 2.0], var=[4.0, 1.0], beta=[10.0, 0.0], gamma=[2.0, 1.0], epsilon=0.0
    )
    np.testing.assert_allclose(normalized, [[10, 0], [12, 2]])
    np.testing.assert_allclose(backend.batch_normalization(X, 1.0, 3.0, None, None, epsilon=1.0), (X - 1) / 2)


def test_bias_add():
    images = np.zeros((1, 2, 3, 4), "float32")
    assert backend.bias_add(X, [10.0, 20.0]).tolist() == [[11, 22], [13, 24]]
    first = backend.bias_add(images, np.float32([1, 2]), data_format="channels_first")
    assert (first[0, 0] == 1).all() and (first[0, 1] == 2).all()
    # A bias of the shape of an example is given with its channels last.
    bias = np.arange(24, dtype="float32").reshape(3, 4, 2)
    assert backend.bias_add(np.zeros((1, 3, 4, 2), "float32"), bias)[0].tolist() == bias.tolist()
    with pytest.raises(ShapeError, match="1 or 3 axes"):
        backend.bias_add(np.ones((1, 2, 3, 4)), X)
    with pytest.raises(UnknownNameError, match="image data format"):
        backend.bias_add(images, [1.0], data_format="first")


def test_crossentropies():
    half, quarter = np.log(2), np.log(4)
    np.testing.assert_allclose(backend.binary_crossentropy([[1.0, 0.0]], [[0.5, 0.75]]), [[half, quarter]], rtol=1e-5)
    np.testing.assert_allclose(backend.binary_crossentropy([1.0], [0.0], from_logits=True), [half], rtol=1e-5)
    np.testing.assert_allclose(backend.categorical_crossentropy([[0.0, 1.0]], [[0.75, 0.25]]), [quarter], rtol=1e-5)
    sparse = backend.sparse_categorical_crossentropy
    np.testing.assert_allclose(sparse([1, 0], [[0.75, 0.25], [0.5, 0.5]]), [quarter, half], rtol=1e-5)
    np.testing.assert_allclose(sparse([1, 0], [[0.75, 0.25], [0.5, 0.5]], ignore_class=0), [quarter, 0], rtol=1e-5)


def test_focal_crossentropies():
    # (1 - p)^2 times the cross-entropy of the probability p of the target, here 1/2 and 1/4.
    expected = [[0.25 * np.log(2), 0.75**2 * np.log(4)]]
    target, output = np.float32([[1, 0]]), np.float32([[0.5, 0.75]])
    np.testing.assert_allclose(backend.binary_focal_crossentropy(target, output), expected, rtol=1e-5)
    balanced = backend.binary_focal_crossentropy(target, output, apply_class_balancing=True, alpha=0.1)
    np.testing.assert_allclose(balanced, np.multiply(expected, [[0.1, 0.9]]), rtol=1e-5)
    logits = np.log(output / (1 - output))
    np.testing.assert_allclose(backend.binary_focal_crossentropy(target, logits, from_logits=True), expected, rtol=1e-5)
    focal = backend.categorical_focal_crossentropy(np.float32([[0, 1]]), np.float32([[0.75, 0.25]]), alpha=1.0)
    np.testing.assert_allclose(focal, [0.75**2 * np.log(4)], rtol=1e-5)


def test_switch():
    assert backend.switch(np.array([True, False]), X, -X).tolist() == [[1, 2], [-3, -4]]
    assert backend.switch(np.array(1), lambda: X, lambda: -X).tolist() == X.tolist()


def test_mapping():
    assert backend.map_fn(lambda pair: pair[0] * pair[1], [X, X]).tolist() == [[1, 4], [9, 16]]
    assert backend.map_fn(lambda v: v * 2, [1.0, 2.0], dtype="int32").tolist() == [2, 4]
    sums, rows = backend.map_fn(lambda row: (row.sum(), row), X)
    assert sums.tolist() == [3, 7] and rows.tolist() == X.tolist()


def test_folding():
    assert float(backend.foldl(lambda a, b: a + b, X[0], initializer=10.0)) == 13
    assert float(backend.foldl(lambda a, b: a - b, np.float32([9, 2, 3]))) == 4
    assert float(backend.foldr(lambda a, b: a - b, np.float32([9, 2, 3]))) == 3 - 2 - 9
