import numpy as np
import pytest

from minikeras.compiler.threads.blas_threads import numpy_blas
from minikeras.errors import ShapeError
from minikeras.initializers import Identity, Orthogonal


def test_identity():
    assert Identity()((2, 3)).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert Identity(2.5)((2, 2)).tolist() == [[2.5, 0], [0, 2.5]]
    assert Identity(2.0)((2, 2), "int32").dtype == "int32"


@pytest.mark.parametrize("shape", [(2,), (2, 2, 2), 3, ()])
def test_identity_is_a_matrix(shape):
    with pytest.raises(ShapeError, match="Identity"):
        Identity()(shape)


@pytest.mark.parametrize("shape", [(5, 5), (7, 3)])
def test_orthogonal_columns(shape):
    q = Orthogonal(2.0, seed=1)(shape)
    np.testing.assert_allclose(q.T @ q, 4 * np.eye(shape[1]), atol=1e-5)


def test_orthogonal_rows_if_wide():
    q = Orthogonal(seed=1)((3, 7))
    np.testing.assert_allclose(q @ q.T, np.eye(3), atol=1e-6)


def test_orthogonal_of_more_axes():
    q = Orthogonal(seed=1)((3, 2, 4))
    assert q.shape == (3, 2, 4) and q.flags.c_contiguous
    np.testing.assert_allclose(q.reshape(6, 4).T @ q.reshape(6, 4), np.eye(4), atol=1e-6)


def test_orthogonal_has_no_preferred_sign():
    # Without the correction of signs, LAPACK's Q has a determinant of one sign for each size.
    signs = {round(float(np.linalg.det(Orthogonal(seed=seed)((3, 3))))) for seed in range(1, 20)}
    assert signs == {-1, 1}


@pytest.mark.parametrize("shape", [(2,), 3, ()])
def test_orthogonal_needs_two_axes(shape):
    with pytest.raises(ShapeError, match="Orthogonal"):
        Orthogonal(seed=1)(shape)


def test_orthogonal_computes_on_one_blas_thread(monkeypatch):
    counts, qr = [], np.linalg.qr
    get_count = numpy_blas()._get_count
    monkeypatch.setattr(np.linalg, "qr", lambda matrix: counts.append(get_count()) or qr(matrix))
    before = numpy_blas().count()
    Orthogonal(seed=1)((3, 3))
    assert counts == [1] and numpy_blas().count() == before
