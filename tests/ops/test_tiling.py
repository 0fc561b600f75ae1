"""Repetition and tiling: as numpy does it, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.arange(12.0).reshape(3, 4).astype("float32")
CUBE = np.arange(24).reshape(2, 3, 4)

CASES = [
    *[("repeat", args) for args in [(2,), (0, 1), (3, 0), ([1, 0, 2], 0), ([1] * 12,), (np.int64(2), -1), ([2], 1)]],
    *[("tile", args) for args in [(2,), ((2, 1),), ((1, 1, 2),), ((0, 2),), ((),), (np.int64(2),)]],
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), CASES, ids=str)
def test_as_numpy_does_it(name, args):
    result = getattr(ops, name)(X, *args)
    np.testing.assert_array_equal(result, getattr(np, name)(X, *args))
    assert result.dtype == np.float32


def test_more_axes():
    np.testing.assert_array_equal(ops.tile(CUBE, (1, 2, 1)), np.tile(CUBE, (1, 2, 1)))


def test_free_sizes():
    x = KerasTensor((None, 3))
    assert ops.repeat(x, 2, 0).shape == (None, 3) and ops.repeat(x, 2).shape == (None,)
    assert ops.tile(x, (2, 2)).shape == (None, 6)


BAD = {
    "negative repeats": (lambda: ops.repeat(X, -1), ArgumentError, "non-negative integers"),
    "broken repeats": (lambda: ops.repeat(X, 1.5), ArgumentError, "non-negative integers"),
    "number of repeats": (lambda: ops.repeat(X, [1, 2], 0), ShapeError, "one for each index along the axis"),
    "negative tiles": (lambda: ops.tile(X, -1), ArgumentError, "non-negative integers"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name):
    function, error, message = BAD[name]
    with pytest.raises(error, match=message):
        function()
