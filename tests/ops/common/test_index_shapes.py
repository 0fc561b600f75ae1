"""The shape of an indexed value, against numpy, which makes the value."""

import random

import numpy as np
import pytest

from minikeras import ops
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.common.index_shapes import indexed_shape

PARTS = [0, -1, 7, None, Ellipsis, True, [0, 1], [[0], [1]], np.array(1), np.array([0, 0, 1]), np.zeros((0,), int)]
PARTS += [slice(None), slice(1, None), slice(None, None, -1), slice(5, 2)]


def test_as_numpy():
    rng = random.Random(0)
    for _ in range(5000):
        sizes = [rng.choice([2, 3, 4]) for _ in range(rng.randint(0, 4))]
        key = tuple(rng.choice(PARTS) for _ in range(rng.randint(1, 5)))
        if sum(part is Ellipsis for part in key) > 1:
            continue
        try:
            expected = np.zeros(sizes)[key].shape
        except IndexError:
            with pytest.raises(IndexError):
                indexed_shape(sizes, key)
        else:
            assert indexed_shape(sizes, key) == expected, (sizes, key)


def test_nothing_is_made():
    x = KerasTensor((None, 10**9, 10**9))
    assert ops.take(x, [0, 1], axis=1).shape == (None, 2, 10**9)
    assert x[:, [0, 1]].shape == (None, 2, 10**9)
    assert x[:, KerasTensor((10**9,), "int32")].shape == (None, 10**9, 10**9)
    assert x[:, :, None, [[0, 1, 2]]].shape == (None, 10**9, 1, 1, 3)
