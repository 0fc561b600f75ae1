"""Values on a logarithmic scale, next to numpy's."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

LOW, HIGH = np.float64([[1, 2, 3]]), np.float64([[4], [0.5]])


@pytest.mark.parametrize("options", [{}, {"num": 4}, {"num": 1}, {"num": 0}, {"num": 5, "endpoint": False}], ids=str)
@pytest.mark.parametrize("bounds", [(1, 3), (2.5, 0.5), (LOW, HIGH), (LOW[0], 2)], ids=str)
def test_like_numpy(options, bounds):
    for axis in (0, -1):
        for name, more in (("logspace", {}), ("logspace", {"base": 2.5}), ("geomspace", {})):
            expected = getattr(np, name)(*bounds, **options, **more, axis=axis)
            found = getattr(ops, name)(*bounds, **options, **more, axis=axis)
            exact = getattr(bounds[0], "dtype", None) == "float64"
            assert found.dtype == ("float64" if exact else "float32") and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=1e-12 if exact else 1e-6)


def test_bounds_and_integers_are_exact():
    assert ops.geomspace(1, 1000, 4, dtype="int32").tolist() == [1, 10, 100, 1000]
    assert ops.logspace(0, 3, 4, dtype="int64").tolist() == [1, 10, 100, 1000]
    low, high = np.float32([0.1, 7]), np.float32([3.3, 0.7])
    np.testing.assert_array_equal(ops.geomspace(low, high, 9)[[0, -1]], [low, high])


def test_signs():
    assert ops.geomspace(-1.0, -1000.0, 4).tolist() == [-1, -10, -100, -1000]
    assert np.isnan(ops.geomspace(-1.0, 4.0, 4)).tolist() == [False, True, True, False]


def test_types():
    half = np.float16(1)
    assert ops.geomspace(half, half).dtype == ops.logspace(half, 2.0).dtype == "float16"
    assert ops.logspace(1, 2).dtype == ops.geomspace([1, 2], [3, 4]).dtype == "float32"
    assert ops.logspace(np.int64(1), np.int64(2)).dtype == "float32" and ops.logspace(1, 2, dtype="float64")[0] == 10


def test_gradients():
    check_grads(lambda a, b: ops.logspace(a, b, 3, base=2), LOW, HIGH)
    check_grads(lambda base: ops.logspace(np.float64(0), 2.0, 3, base=base), np.float64(1.5))
    check_grads(lambda a, b: [ops.geomspace(a, b, 4), ops.geomspace(-a, -b, 3, endpoint=False)], LOW, HIGH)


def test_symbolic():
    x = KerasTensor((None, 3))
    assert ops.geomspace(x, 2.0, 5).shape == (5, None, 3) and ops.logspace(x, x, 5, axis=-1).shape == (None, 3, 5)
    assert ops.logspace(x, 1, dtype="int32").dtype == "int32"


def test_refused():
    for function in (ops.logspace, ops.geomspace):
        with pytest.raises(ArgumentError, match="non-negative `num`. Received: num=-1"):
            function(1, 2, -1)
        with pytest.raises(ArgumentTypeError, match="consist of integers"):
            function(1, 2, 2.5)
    for function in (ops.logspace, ops.geomspace, ops.linspace):
        for first in (np.ones(2), KerasTensor((2,))):
            with pytest.raises(ShapeError, match=r"Shapes \(2.*\) and \(3.*\) cannot be broadcast"):
                function(first, np.ones(3))


def test_infinite_bounds_do_not_warn():
    assert np.isnan(ops.linspace([-np.inf], [-np.inf], 2)).all()
    assert np.isnan(ops.geomspace([0.0], [np.inf], 3)[1]).all()
    assert np.isnan(ops.linspace([np.inf], [np.inf], 3, retstep=True)[1]).all()
