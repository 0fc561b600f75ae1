"""Complex matrices: values next to numpy's, and gradients with respect to the real and imaginary parts."""

import numpy as np
import pytest
import scipy.linalg

from minikeras import ops
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
SQUARE, TALL, WIDE, COLUMNS = (RNG.normal(size=(*shape, 2)) for shape in [(3, 3), (4, 3), (3, 4), (3, 2)])


def definite(x):
    return ops.matmul(x, ops.conj(ops.swapaxes(x, -1, -2))) + 4 * np.eye(3)


# Each as a function of complex matrices, with the parts of these.
CASES = {
    "cholesky": (lambda x: [ops.cholesky(definite(x)), ops.cholesky(definite(x), upper=True)], SQUARE),
    "cholesky_inverse": (lambda x: [ops.cholesky_inverse(x), ops.cholesky_inverse(x, upper=True)], SQUARE),
    "det": (ops.det, SQUARE),
    "eigh": (lambda x: [ops.eigh(x)[0], ops.abs(ops.eigh(x)[1])], SQUARE),
    "inv": (ops.inv, SQUARE),
    "jvp": (lambda x: ops.jvp(lambda y: ops.exp(y) * ops.conj(y), (x,), (x * x,))[1], COLUMNS),
    "lstsq, tall": (lambda x: ops.lstsq(x, x[:, 0] ** 2), TALL),
    "lstsq, wide": (lambda x: ops.lstsq(x, x[:, 0] ** 2), WIDE),
    "lu_factor": (lambda x: ops.lu_factor(x)[0], TALL),
    "norm": (lambda x: [ops.norm(x, order) for order in (None, 1, 2, -2, "nuc", np.inf)], SQUARE),
    "norm of vectors": (lambda x: [ops.norm(x, order, axis=0) for order in (None, 1, 2, 3)], SQUARE),
    "pinv, tall": (ops.pinv, TALL),
    "pinv, wide": (ops.pinv, WIDE),
    "qr, tall": (lambda x: list(ops.qr(x)), TALL),
    "qr, wide": (lambda x: list(ops.qr(x)), WIDE),
    "slogdet": (lambda x: [*ops.slogdet(x), ops.logdet(x)], SQUARE),
    "solve": (ops.solve, SQUARE, COLUMNS),
    "solve_triangular": (lambda a, b: ops.solve_triangular(a, b, lower=True), SQUARE, COLUMNS),
    "svd, square": (lambda x: [ops.abs(each) for each in ops.svd(x)], SQUARE),
    "svd, tall": (lambda x: [ops.abs(each) for each in ops.svd(x, False)], TALL),
    "svd, wide": (lambda x: [ops.abs(each) for each in ops.svd(x, False)], WIDE),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients(name):
    function, *parts = CASES[name]

    def of_parts(*parts):
        found = function(*map(ops.view_as_complex, parts))
        return [ops.view_as_real(each) for each in (found if isinstance(found, list) else [found])]

    check_grads(of_parts, *parts)


def test_the_phases_of_singular_vectors():
    """They turn together: the functions that do not depend on them have a gradient through each factor."""

    def function(parts):
        u, s, vh = ops.svd(ops.view_as_complex(parts), full_matrices=False)
        return ops.view_as_real(ops.matmul(u * ops.expand_dims(ops.sin(s), -2), vh))

    check_grads(function, TALL)


def test_values():
    x, y = (parts[..., 0] + 1j * parts[..., 1] for parts in (SQUARE, COLUMNS))
    hermitian = definite(x)
    np.testing.assert_allclose(ops.cholesky(hermitian), np.linalg.cholesky(hermitian), rtol=1e-12)
    lower = np.tril(x)
    np.testing.assert_allclose(ops.cholesky_inverse(x), np.linalg.inv(lower @ lower.conj().T), rtol=1e-10)
    np.testing.assert_allclose(ops.solve(x, y), np.linalg.solve(x, y), rtol=1e-12)
    values, vectors = ops.eigh(hermitian)
    np.testing.assert_allclose(vectors @ (values[:, None] * vectors.conj().T), hermitian, rtol=1e-10)
    assert values.dtype == "float64" and vectors.dtype == "complex128"
    u, s, vh = ops.svd(x.astype("complex64"))
    assert (u.dtype, s.dtype, vh.dtype) == ("complex64", "float32", "complex64")
    np.testing.assert_allclose((u * s) @ vh, x, rtol=1e-5, atol=1e-5)
    sign, logarithm = ops.slogdet(x)
    np.testing.assert_allclose(sign * np.exp(logarithm), np.linalg.det(x), rtol=1e-12)
    assert logarithm.dtype == "float64" and ops.norm(x, 2).dtype == "float64" and ops.matrix_rank(x) == 3
    for order in (None, 1, 2, -2, -np.inf):
        for axis in (None, 0):
            np.testing.assert_allclose(ops.norm(x, order, axis), np.linalg.norm(x, order, axis), rtol=1e-12)
    np.testing.assert_allclose(ops.norm(x, "nuc"), np.linalg.norm(x, "nuc"), rtol=1e-12)


def test_pivots_are_those_of_lapack():
    """It compares the sums of the absolute values of the parts: of 3 + 3i and 4 + 0i, it takes the first."""
    x = np.array([[4, 1], [3 + 3j, 1]])
    lu, pivots = ops.lu_factor(x)
    expected, expected_pivots = scipy.linalg.lu_factor(x)
    assert pivots.tolist() == expected_pivots.tolist() == [1, 1] and pivots.dtype == "int32"
    np.testing.assert_allclose(lu, expected, rtol=1e-12)
