"""Kronecker and cross products next to numpy's."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, DTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("first", "second"), [((2, 3), (4, 5)), ((2,), (3, 4)), ((2, 3, 2), (4,)), ((), (2, 3)), ((), ()), ((0, 2), (2, 2))]
)
def test_kron(first, second):
    a, b = RNG.normal(size=first), RNG.normal(size=second)
    np.testing.assert_array_equal(ops.kron(a, b), np.kron(a, b))
    assert ops.kron(KerasTensor((None, 2)), KerasTensor((3, 4))).shape == (None, 8)


CROSSED = [
    ((5, 3), (5, 3), {}),
    ((5, 3), (3,), {}),
    ((3, 5), (5, 3), {"axisa": 0, "axisc": 0}),
    ((4, 3, 5), (4, 3, 5), {"axis": 1}),
    ((4, 1, 3), (5, 3), {"axisc": 0}),
]


@pytest.mark.parametrize(("first", "second", "axes"), CROSSED)
def test_cross(first, second, axes):
    a, b = RNG.normal(size=first), RNG.normal(size=second)
    np.testing.assert_allclose(ops.cross(a, b, **axes), np.cross(a, b, **axes), rtol=1e-12)


def test_two_components():
    assert ops.cross([1, 2], [3, 4]).tolist() == -2
    assert ops.cross([1, 2], [3, 4, 5]).tolist() == [10, -5, -2]
    assert ops.cross([3, 4, 5], [1, 2]).tolist() == [-10, 5, 2]


def test_no_vectors():
    with pytest.raises(ShapeError, match=r"2 or 3 components along axis -1 of `x2`. Received: shape \(4,\)"):
        ops.cross(np.ones(3), np.ones(4))
    with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
        ops.cross(np.ones((2, 3)), np.ones((2, 3)), axis=2)


def test_no_cross_product_of_booleans():
    for shape in ((2, 3), (2, 2)):
        with pytest.raises(DTypeError, match="`cross` is not defined for bool"):
            ops.cross(np.ones(shape, bool), np.ones(shape, bool))
