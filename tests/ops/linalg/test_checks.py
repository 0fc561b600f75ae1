"""Checks of matrices, and errors that name the one that fails."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.errors import MatrixError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.linalg.checks import (
    adjoint,
    matrices,
    named,
    of_conjugates,
    real_part,
    require_finite,
    restored,
    symmetrized,
    transposed,
    widened,
)

SQUARE = ("cholesky", "cholesky_inverse", "det", "eig", "eigh", "inv", "logdet", "slogdet")
ANY = ("lu_factor", "matrix_rank", "pinv", "qr", "svd")


@pytest.mark.parametrize("name", [*SQUARE, *ANY])
def test_no_matrix(name):
    for x in (np.ones(3), 2.0, KerasTensor((None,))):
        with pytest.raises(ShapeError, match=f"`{name}` expects a matrix"):
            getattr(ops, name)(x)


@pytest.mark.parametrize("name", SQUARE)
def test_not_square(name):
    for x in (np.ones((2, 3)), np.ones((4, 3, 2)), KerasTensor((None, 3, 2))):
        with pytest.raises(ShapeError, match=f"`{name}` expects square matrices.*Received: shape"):
            getattr(ops, name)(x)


@pytest.mark.parametrize("name", [*SQUARE, "lu_factor"])
def test_free_sizes(name):
    """A matrix of two free sizes may be square; half precision and integers are computed in float32."""
    for shape in ((None, None, None), (None, 3, 3), (None, None)):
        ours = getattr(ops, name)(KerasTensor(shape))
        first = ours[0] if isinstance(ours, tuple) else ours
        assert all(size is None or size in (3,) for size in first.shape)
    half = getattr(ops, name)(2 * np.eye(2, dtype="float16"))
    whole = getattr(ops, name)(np.int32([[2, 0], [0, 2]]))
    for result, dtype in ((half, "float16"), (whole, "float32")):
        first = result[0] if isinstance(result, tuple) else result
        assert first.dtype == ("complex64" if name == "eig" else dtype)


@pytest.mark.parametrize("name", [*SQUARE, *ANY])
def test_no_matrices_in_the_batch(name):
    result = getattr(ops, name)(np.ones((0, 3, 3), "float32"))
    for each in result if isinstance(result, tuple) else (result,):
        assert each.shape[0] == 0


def test_the_dtypes_of_lapack():
    assert widened(np.float64([1])).dtype == "float64" and widened(np.float16([1])).dtype == "float32"
    assert restored(np.float32([1]), "float16").dtype == "float16"
    assert matrices("x", [[1, 2]]).dtype == "float32"
    assert transposed(np.ones((4, 2, 3))).shape == (4, 3, 2)
    assert adjoint(np.array([[1, 2j]])).tolist() == [[1], [-2j]]
    assert symmetrized(np.array([[1, 2j]] * 2)).tolist() == [[1, 0.5 + 1j], [0.5 - 1j, 0]]
    assert symmetrized(np.float32([[1, 2], [4, 1]])).tolist() == [[1, 3], [3, 1]]


def test_the_matrix_is_named():
    guarded = named("inv", "is singular")(np.linalg.inv)
    with pytest.raises(MatrixError, match="^`inv`: the matrix is singular.$"):
        guarded(np.zeros((2, 2)))
    batch = np.stack([np.eye(2)] * 6).reshape(3, 2, 2, 2)
    batch[2, 0, 1, 1] = 0
    with pytest.raises(MatrixError, match=r"the matrix at index \(2, 0\) of the batch is singular"):
        guarded(batch)
    with pytest.raises(np.linalg.LinAlgError, match="the matrix at index 2 of the batch is singular"):
        guarded(batch[:, 0])
    with pytest.raises(ValueError, match="contains NaN or infinity"):
        named("svd", "did not converge")(np.linalg.svd)(np.full((2, 2), np.nan))


def test_rules_of_conjugates():
    seen = []
    rule = of_conjugates(lambda g, y, x: seen.append(g) or g)
    assert rule(np.array(1j), None, np.array(0j)) == 1j and seen[0] == -1j
    assert rule(2.0, None, np.array(0.0)) == 2 and seen[1] == 2
    assert of_conjugates(lambda g, y, x: [g[0] * y])([np.array(1j)], 2j, np.array(0j)) == [2]
    assert real_part(np.array(3 + 4j)) == 3 and real_part(np.array(5.0)) == 5


def test_finite():
    require_finite(np.ones((2, 2)))
    for bad in (np.nan, np.inf, -np.inf):
        with pytest.raises(np.linalg.LinAlgError):
            require_finite(np.array([1, bad]))


def test_a_replayed_step_names_it_too():
    step = Step(ops.inv, "step")
    step(np.eye(2)), step(2 * np.eye(2))
    assert len(step.plans()) == 1
    with pytest.raises(MatrixError, match="`inv`: the matrix is singular"):
        step(np.zeros((2, 2)))
