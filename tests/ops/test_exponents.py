"""Powers, roots and logarithms, and where they would overflow."""

import numpy as np

from minikeras import ops


def test_by_hand():
    assert ops.exp2([0.0, 3.0, -1.0]).tolist() == [1, 8, 0.5]
    assert ops.log2([1.0, 8.0]).tolist() == [0, 3]
    np.testing.assert_allclose(ops.log10([1.0, 1000.0]), [0, 3], rtol=1e-6)
    assert ops.reciprocal([4, -2]).tolist() == [0.25, -0.5] and ops.reciprocal(0.0) == np.inf
    assert ops.rsqrt([4.0, 0.25]).tolist() == [0.5, 2]
    np.testing.assert_allclose(ops.cbrt([-8.0, 27.0]), [-2, 3], rtol=1e-6)


def test_sums_of_exponentials():
    np.testing.assert_allclose(
        ops.logaddexp([0.0, 1000.0, -1000.0], [0.0, 1000.0, 0.0]), [np.log(2), 1000 + np.log(2), 0]
    )
    assert ops.logaddexp2([3.0, 500.0], [3.0, 500.0]).tolist() == [4, 501]


def test_types():
    for name in ("exp2", "log2", "log10", "reciprocal", "rsqrt"):
        assert getattr(ops, name)(np.int64([1])).dtype == np.float32
    assert ops.cbrt(np.int64([1])).dtype == np.float64  # as in Keras
