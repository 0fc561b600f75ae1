"""Padding: as numpy does it, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.arange(12.0).reshape(3, 4).astype("float32")
CUBE = np.arange(24).reshape(2, 3, 4)

CASES = [
    *[("pad", args) for args in [(1,), ((1, 2),), (((1, 0), (0, 2)),), (2, "reflect"), (3, "symmetric"), (0,)]],
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), CASES, ids=str)
def test_as_numpy_does_it(name, args):
    result = getattr(ops, name)(X, *args)
    np.testing.assert_array_equal(result, getattr(np, name)(X, *args))
    assert result.dtype == np.float32


def test_more_axes():
    np.testing.assert_array_equal(ops.pad(CUBE, 1, constant_values=-1), np.pad(CUBE, 1, constant_values=-1))


def test_free_sizes():
    x = KerasTensor((None, 3))
    assert ops.pad(x, ((1, 1), (0, 2))).shape == (None, 5)
    assert ops.pad(x, ((0, 0), (1, 1)), "reflect").shape == (None, 5)


BAD = {
    "widths": (lambda: ops.pad(X, ((1, 2), (1, 2), (1, 2))), ArgumentError, "a pair for each of the 2 axes"),
    "negative widths": (lambda: ops.pad(X, -1), ArgumentError, "a pair for each of the 2 axes"),
    "broken widths": (lambda: ops.pad(X, 0.5), ArgumentError, "a pair for each of the 2 axes"),
    "mode": (lambda: ops.pad(X, 1, "edge"), NotSupportedError, "'constant', 'reflect' and 'symmetric'"),
    "frame": (lambda: ops.pad(X, 1, "reflect", 1), ArgumentError, "in the mode 'constant' only"),
    "frames": (lambda: ops.pad(X, 1, constant_values=(1, 2)), NotSupportedError, "supports a single padding value"),
    "too wide": (lambda: ops.pad(X, 3, "reflect"), ShapeError, "3 elements cannot be mirrored from the 3 of axis 0"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name):
    function, error, message = BAD[name]
    with pytest.raises(error, match=message):
        function()


def test_mirroring_a_free_axis():
    assert ops.pad(KerasTensor((None, 3)), ((2, 2), (1, 0)), "reflect").shape == (None, 4)
    with pytest.raises(ShapeError, match="cannot be mirrored"):
        ops.pad(KerasTensor((None, 3)), ((0, 0), (3, 0)), "reflect")
