"""Adaptive pooling: the windows that PyTorch and Keras take."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.float32([4, 1, 3, 5, 9, 2, 6]).reshape(1, 7, 1)


@pytest.mark.parametrize(
    ("count", "means", "maxima"),
    [
        (1, [30 / 7], [9]),
        (2, [13 / 4, 22 / 4], [5, 9]),
        (3, [8 / 3, 17 / 3, 17 / 3], [4, 9, 9]),
        (4, [5 / 2, 9 / 3, 16 / 3, 8 / 2], [4, 5, 9, 6]),
        (7, [4, 1, 3, 5, 9, 2, 6], [4, 1, 3, 5, 9, 2, 6]),
        (9, [4, 2.5, 2, 4, 5, 7, 5.5, 4, 6], [4, 4, 3, 5, 5, 9, 9, 6, 6]),
    ],
)
def test_values(count, means, maxima):
    np.testing.assert_allclose(ops.adaptive_average_pool(X, count)[0, :, 0], means, rtol=1e-6)
    assert ops.adaptive_max_pool(X, [count])[0, :, 0].tolist() == maxima


def test_axes_are_pooled_on_their_own():
    x = np.random.default_rng(0).normal(size=(2, 5, 4, 6, 3)).astype("float32")
    found = ops.adaptive_average_pool(x, (2, 4, 3))
    np.testing.assert_allclose(found[:, 1, 2, 0], x[:, 2:5, 2, 0:2].mean((1, 2)), rtol=1e-5)
    np.testing.assert_array_equal(ops.adaptive_max_pool(x, (2, 4, 3))[:, 1, 2, 0], x[:, 2:5, 2, 0:2].max((1, 2)))
    first = ops.adaptive_average_pool(np.moveaxis(x, -1, 1), (2, 4, 3), "channels_first")
    np.testing.assert_allclose(np.moveaxis(first, 1, -1), found, rtol=1e-5)


def test_dtypes_and_free_sizes():
    integers = X.astype("int32")
    assert ops.adaptive_average_pool(integers, 2).dtype == "float32"
    assert ops.adaptive_max_pool(integers, 2).dtype == "int32"
    for pool in (ops.adaptive_average_pool, ops.adaptive_max_pool):
        assert pool(KerasTensor((None, None, None, 3)), 2).shape == (None, 2, 2, 3)
        assert pool(KerasTensor((None, 3, None)), (5,), "channels_first").shape == (None, 3, 5)
        assert pool(np.ones((0, 4, 2)), 3).shape == (0, 3, 2)


def test_sums_may_exceed_float16():
    x = np.full((1, 128, 128, 1), 1000, "float16")
    for count in (1, 2, 3):
        found = ops.adaptive_average_pool(x, count)
        assert found.dtype == "float16" and (found == 1000).all()


def test_infinity_stays_in_its_windows():
    x = np.float32([np.inf, 1, 2, 3]).reshape(1, 4, 1)
    assert ops.adaptive_average_pool(x, 2)[0, :, 0].tolist() == [np.inf, 2.5]


@pytest.mark.parametrize("pool", [ops.adaptive_average_pool, ops.adaptive_max_pool], ids=["average", "max"])
def test_bad_arguments_are_refused_everywhere(pool):
    for x in (X, KerasTensor((None, 7, 1))):
        for size in (0, (2, 2), 1.5):
            with pytest.raises(ArgumentError, match="`output_size` must be an integer >= 1"):
                pool(x, size)
        with pytest.raises(ArgumentError, match="data_format"):
            pool(x, 2, "last")
    for x in (np.ones((1, 0, 2)), np.ones((2, 3))):
        with pytest.raises(ShapeError, match="at least one element|1 to 3 spatial axes"):
            pool(x, 1)
