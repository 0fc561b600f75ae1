"""Inverses and linear systems."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import MatrixError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.linalg.systems import as_columns, as_given
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
A = RNG.normal(size=(2, 3, 3))
SHAPES = [((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (2, 3)), ((2, 3, 3), (2, 3, 4)), ((2, 3, 3), (1, 3, 4))]


def test_inv():
    np.testing.assert_allclose(ops.inv([[2.0, 1.0], [1.0, 1.0]]), [[1, -1], [-1, 2]], rtol=1e-5)
    np.testing.assert_allclose(ops.inv(A) @ A, np.broadcast_to(np.eye(3), (2, 3, 3)), atol=1e-12)
    with pytest.raises(MatrixError, match="`inv`: the matrix at index 1 of the batch is singular"):
        ops.inv(np.stack([np.eye(2), np.ones((2, 2))]))


@pytest.mark.parametrize(("left", "right"), SHAPES)
@pytest.mark.parametrize("name", ["solve", "solve_triangular"])
def test_shapes(left, right, name):
    a, b = RNG.normal(size=left), RNG.normal(size=right)
    solve = getattr(ops, name)
    x = solve(a, b)
    matrices = np.triu(a) if name == "solve_triangular" else a
    product = (matrices @ x[..., None])[..., 0] if len(right) < len(left) else matrices @ x
    np.testing.assert_allclose(product, np.broadcast_to(b, product.shape), atol=1e-9)
    check_grads(solve, a + 9 * np.eye(3), b)
    symbolic = solve(KerasTensor(left), KerasTensor(right))
    assert symbolic.shape == x.shape


@pytest.mark.parametrize("name", ["solve", "solve_triangular"])
def test_shapes_that_do_not_fit(name):
    for left, right in [((3, 3), (2,)), ((3, 3), (2, 3)), ((3, 3), ()), ((2, 3, 3), (3, 3, 3)), ((2, 3, 3), (2, 2))]:
        for make in (np.ones, KerasTensor):
            with pytest.raises(ShapeError, match=f"`{name}` expects `a`.*Received: shapes"):
                getattr(ops, name)(make(left), make(right))
    with pytest.raises(ShapeError, match=f"`{name}` expects square"):
        getattr(ops, name)(np.ones((2, 3)), np.ones(2))


def test_dtypes():
    for dtype in ("float16", "float32", "float64"):
        assert ops.solve(np.eye(2, dtype=dtype), np.ones(2, dtype)).dtype == dtype
    assert ops.solve(np.eye(2, dtype="int32"), [1, 2]).dtype == "float32"
    assert ops.solve(np.eye(2, dtype="float32"), np.ones(2)).dtype == "float64"


def test_singular_systems():
    with pytest.raises(MatrixError, match="`solve`: the matrix is singular"):
        ops.solve(np.zeros((2, 2)), np.ones(2))


def test_columns():
    a, b = np.ones((4, 2, 2)), np.ones((4, 2))
    columns = as_columns("solve", a, b)
    assert columns.shape == (4, 2, 1) and as_given(columns, a, b).shape == (4, 2)
    assert as_given(a, a, a).shape == (4, 2, 2)
