"""Normalization by given and by own moments: values by hand, axes, dtypes, shapes that do not fit."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.normalization import standardized
from tests.helpers import check_grads

X = np.float32([[1, 2, 6], [3, 3, 3]])


def test_batch_normalization():
    mean, variance = np.float32([2, 2, 4]), np.float32([1, 0.25, 4])
    found = ops.batch_normalization(X, mean, variance, axis=1, epsilon=0)
    np.testing.assert_allclose(found, [[-1, 0, 1], [1, 2, -0.5]], rtol=1e-6)
    both = ops.batch_normalization(X, mean, variance, -1, np.float32([1, 0, 0]), np.float32([2, 1, 3]), 0)
    np.testing.assert_allclose(both, [[-1, 0, 3], [3, 2, -1.5]], rtol=1e-6)
    rows = ops.batch_normalization(X, [3.0, 2.0], [4.0, 1.0], axis=0, epsilon=0.0)
    np.testing.assert_allclose(rows, [[-1, -0.5, 1.5], [1, 1, 1]], rtol=1e-6)
    default = ops.batch_normalization(X, mean, np.zeros(3, "float32"), 1)
    np.testing.assert_allclose(default, (X - mean) / np.sqrt(1e-3), rtol=1e-5)


def test_dtypes_of_batch_normalization():
    vector = np.ones(3, "float32")
    assert ops.batch_normalization(X.astype("float16"), vector, vector, 1).dtype == "float32"
    assert ops.batch_normalization(X.astype("float16"), *[vector.astype("float16")] * 2, 1).dtype == "float16"
    assert ops.batch_normalization(X.astype("int32"), [1, 2, 3], [1, 1, 1], 1).dtype == "float32"


def test_vectors_that_do_not_fit():
    for x in (X, KerasTensor((None, 3))):
        for name in ("mean", "variance", "offset", "scale"):
            for bad in (np.ones(2), np.ones((1, 3))):
                vectors = {"mean": np.ones(3), "variance": np.ones(3), name: bad}
                with pytest.raises(ShapeError, match=f"`{name}` must be a vector .* Expected: shape"):
                    ops.batch_normalization(x, axis=1, **vectors)
    with pytest.raises(ArgumentError, match="2 axes"):
        ops.batch_normalization(X, np.ones(3), np.ones(3), axis=2)


def test_layer_normalization():
    found = ops.layer_normalization(X, epsilon=0.0 + 1e-12)
    np.testing.assert_allclose(found[0], (X[0] - 3) / np.sqrt(14 / 3), rtol=1e-6)
    np.testing.assert_array_equal(found[1], 0)
    scaled = ops.layer_normalization(X, np.float32([1, 2, 3]), np.float32([0, 1, 0]), epsilon=1e-12)
    np.testing.assert_allclose(scaled[0], found[0] * [1, 2, 3] + [0, 1, 0], rtol=1e-6)
    columns = ops.layer_normalization(X, np.float32([2, 1]), axis=0, epsilon=1e-12)
    np.testing.assert_allclose(columns, [[-2, -2, 2], [1, 1, -1]], rtol=1e-6)
    cube = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    gamma = np.random.default_rng(1).normal(size=(3, 4)).astype("float32")
    for axes in ((1, 2), [-1, -2]):
        whole = (cube - cube.mean((1, 2), keepdims=True)) / np.sqrt(cube.var((1, 2), keepdims=True) + 1e-7)
        np.testing.assert_allclose(ops.layer_normalization(cube, gamma, axis=axes), whole * gamma, rtol=1e-4, atol=1e-5)


def test_the_deprecated_rms_scaling_leaves_the_mean_and_beta_out():
    with pytest.warns(LegacyWarning, match="rms_normalization"):
        found = ops.layer_normalization(X[:1], None, np.ones(3, "float32"), epsilon=1e-12, rms_scaling=True)
    np.testing.assert_allclose(found[0], X[0] / np.sqrt(14 / 3), rtol=1e-6)
    with pytest.raises(ArgumentTypeError, match="no arguments rms_scal"):
        ops.layer_normalization(X, rms_scal=True)


def test_rms_normalization():
    np.testing.assert_allclose(ops.rms_normalization([[3.0, 4.0]], epsilon=0.0)[0], [0.848528, 1.131371], rtol=1e-6)
    both = ops.rms_normalization(X, np.float32([1, 2, 0]), axis=(0, 1), epsilon=0.0)
    np.testing.assert_allclose(both, X / np.sqrt(68 / 6) * [1, 2, 0], rtol=1e-6)
    np.testing.assert_allclose(ops.rms_normalization(np.zeros(3, "float32")), 0)
    assert ops.rms_normalization(np.float32(2)).tolist() == [1.0]


@pytest.mark.parametrize("normalize", [ops.layer_normalization, ops.rms_normalization], ids=["layer", "rms"])
def test_half_precision_is_computed_in_full(normalize):
    x = np.float16([[300, 500, 700]])  # whose squares exceed float16
    found = normalize(x)
    assert found.dtype == "float16" and np.isfinite(found).all()
    np.testing.assert_allclose(found, normalize(x.astype("float32")), rtol=1e-3, atol=1e-3)
    assert normalize(np.int32([[1, 2, 4]])).dtype == "int32"
    assert normalize(KerasTensor((None, 3), "float16")).dtype == "float16"


def test_factors_that_do_not_fit():
    for x in (X, KerasTensor((None, 3))):
        for bad in (np.ones(2), np.ones((2, 2, 3)), np.ones((5, 4))):
            with pytest.raises(ShapeError, match="`gamma` must broadcast to x"):
                ops.layer_normalization(x, bad)
            with pytest.raises(ShapeError, match="`scale` must broadcast to x"):
                ops.rms_normalization(x, bad)
        with pytest.raises(ArgumentError, match="2 axes"):
            ops.layer_normalization(x, axis=2)


def test_free_sizes():
    assert ops.layer_normalization(KerasTensor((None, None, 3)), np.ones(3), axis=2).shape == (None, None, 3)
    assert ops.layer_normalization(KerasTensor((2, None, 3)), KerasTensor((None,)), axis=1).shape == (2, None, 3)
    assert ops.rms_normalization(KerasTensor((None, 4)), KerasTensor((4,))).shape == (None, 4)


@pytest.mark.parametrize("given", [(), ("scale",), ("offset",), ("scale", "offset")])
def test_gradients_of_own_moments(given):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5, 3, 2))
    affine = {name: rng.normal(size=(1, 1, 2)) for name in given}

    def normalized(x, *values):
        mean, variance = ops.moments(x, (0, 1), keepdims=True)
        named = dict(zip(given, values, strict=True))
        return standardized(x, mean, variance, 0.1, over=(0, 1), **named) ** 3

    check_grads(normalized, x, *affine.values())
