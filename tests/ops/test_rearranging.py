"""Rolls, flips and rotations: as numpy does it, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.arange(12.0).reshape(3, 4).astype("float32")
CUBE = np.arange(24).reshape(2, 3, 4)

CASES = [
    *[("roll", args) for args in [(1,), (-5,), (2, 1), ((1, -1), (0, 1)), (3, (0, 1)), ((1, 2), (1, 1))]],
    *[("flip", args) for args in [(), (0,), (-1,), ((0, 1),)]],
    *[("rot90", args) for args in [(), (2,), (3,), (4,), (-1,), (1, (1, 0)), (2, (1, 0)), (1, (0, -1))]],
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), CASES, ids=str)
def test_as_numpy_does_it(name, args):
    result = getattr(ops, name)(X, *args)
    np.testing.assert_array_equal(result, getattr(np, name)(X, *args))
    assert result.dtype == np.float32


def test_more_axes():
    np.testing.assert_array_equal(ops.flip(CUBE, (0, 2)), np.flip(CUBE, (0, 2)))
    np.testing.assert_array_equal(ops.rot90(CUBE, 1, (2, 0)), np.rot90(CUBE, 1, (2, 0)))
    assert ops.fliplr(X).tolist() == X[:, ::-1].tolist() and ops.flipud(X).tolist() == X[::-1].tolist()


def test_free_sizes():
    x = KerasTensor((None, 3))
    assert ops.roll(x, 1).shape == (None, 3)
    assert ops.flip(x).shape == (None, 3) and ops.rot90(x).shape == (3, None)


BAD = {
    "shifts": (lambda: ops.roll(X, (1, 2), 0), ShapeError, "as many shifts as axes"),
    "plane": (lambda: ops.rot90(X, 1, (0, 0)), ShapeError, "two different axes"),
    "vector": (lambda: ops.rot90(X[0]), ShapeError, "two axes of a tensor"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name):
    function, error, message = BAD[name]
    with pytest.raises(error, match=message):
        function()


@pytest.mark.parametrize("k", [1, 2, 3])
def test_rotated_arrays_are_summed_as_in_steps(k):
    x = np.random.default_rng(0).normal(size=(40, 50)).astype("float32")
    with Trace() as trace:
        rotated = ops.rot90(Tensor(x, trace), k)
        expected = [ops.sum(rotated, axis).array for axis in (None, 0, 1)]
    for axis, each in zip((None, 0, 1), expected, strict=True):
        np.testing.assert_array_equal(ops.sum(ops.rot90(x, k), axis), each)
