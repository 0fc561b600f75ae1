"""Cross-correlations and correlation coefficients next to numpy's."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
SIZES = [(5, 3), (5, 2), (4, 3), (3, 5), (2, 5), (3, 4), (3, 3), (1, 4), (1, 1)]


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_correlate(mode, sizes):
    x1, x2 = (RNG.normal(size=size) for size in sizes)
    np.testing.assert_allclose(ops.correlate(x1, x2, mode), np.correlate(x1, x2, mode), rtol=1e-12, atol=1e-12)
    check_grads(lambda a, b: ops.correlate(a, b, mode), x1, x2)
    symbolic = ops.correlate(KerasTensor((sizes[0],)), KerasTensor((sizes[1],)), mode)
    assert symbolic.shape == np.correlate(x1, x2, mode).shape


def test_types():
    for dtype, expected in (("bool", "float32"), ("int32", "float32"), ("int64", "float64"), ("float16", "float16")):
        assert ops.correlate(np.ones(3, dtype), np.ones(2, dtype)).dtype == expected
        assert ops.corrcoef(np.ones((2, 3), dtype)).dtype == expected


def test_free_sizes():
    free = KerasTensor((None,))
    assert ops.correlate(free, free).shape == ops.correlate(free, np.ones(2, "float32")).shape == (None,)
    assert ops.corrcoef(KerasTensor((None, 4))).shape == (None, None)
    assert ops.corrcoef(KerasTensor((3, None))).shape == (3, 3) and ops.corrcoef(free).shape == ()


def test_corrcoef():
    x = RNG.normal(size=(3, 7))
    np.testing.assert_allclose(ops.corrcoef(x), np.corrcoef(x), rtol=1e-10)
    check_grads(lambda x: ops.square(ops.corrcoef(x)), x)
    assert float(ops.corrcoef(x[0])) == 1
    constant = ops.corrcoef([[1.0, 2.0, 3.0], [3.0, 2.0, 2.0], [1.0, 1.0, 1.0]])
    expected = [[1, -0.8660254, np.nan], [-0.8660254, 1, np.nan], [np.nan] * 3]
    np.testing.assert_allclose(constant, expected, rtol=1e-6)
    assert np.abs(ops.corrcoef(RNG.normal(size=(20, 1)) * np.ones((20, 1)) + np.eye(1, 7))).max() <= 1


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (
            ArgumentError,
            "'valid', 'same', 'full' as `mode`. Received: mode='odd'",
            lambda: ops.correlate([1], [1], "odd"),
        ),
        (
            ShapeError,
            r"two sequences with elements. Received: shapes \(1, 1\), \(1,\)",
            lambda: ops.correlate([[1]], [1]),
        ),
        (ShapeError, "two sequences with elements", lambda: ops.correlate([], [1.0])),
        (ShapeError, r"`corrcoef` expects one or two axes. Received: shape \(\)", lambda: ops.corrcoef(1.0)),
        (ShapeError, "one or two axes", lambda: ops.corrcoef(np.ones((2, 2, 2)))),
    ],
)
def test_refused(error, message, call):
    with pytest.raises(error, match=message):
        call()
