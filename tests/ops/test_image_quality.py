"""The peak signal-to-noise ratio."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ShapeError
from minikeras.graph.keras_tensor import KerasTensor


def test_psnr():
    x, y = np.float32([[0, 10], [20, 30]]), np.float32([[1, 10], [20, 27]])
    expected = 20 * np.log10(255) - 10 * np.log10(2.5)
    assert ops.psnr(x, y, 255) == pytest.approx(expected, rel=1e-6)
    assert ops.psnr(x, x, 255) == np.inf
    # Differences of uint8 wrap around; as floats they do not.
    assert ops.psnr(x.astype("uint8"), y.astype("uint8"), 255) == pytest.approx(expected, rel=1e-6)
    assert ops.psnr(x.astype("float16"), y.astype("float16"), 255).dtype == "float16"


def test_shapes():
    assert ops.psnr(KerasTensor((None, 3)), KerasTensor((2, 3)), 1.0).shape == ()
    for make in (np.ones, KerasTensor):
        for shapes in (((2, 3), (1, 3)), ((2, 3), (3,))):
            with pytest.raises(ShapeError, match="same shape"):
                ops.psnr(*map(make, shapes), 1.0)
