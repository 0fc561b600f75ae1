"""Dtypes in which images are computed, and the way back."""

import numpy as np

from minikeras.ops.image.dtypes import computable, restored


def test_conversion_to_integers_saturates():
    assert restored(np.float32([-1, 0.5, 1.5, 3e9]), "int32").tolist() == [-1, 0, 2, 2**31 - 128]
    assert restored(np.float32([-1, 0.5]), "bool").tolist() == [False, True]
    assert restored(np.float32([0.5]), "float16").dtype == "float16"
    assert [computable(np.ones(1, dtype)).dtype for dtype in ("float64", "float16", "int64")] == [
        *("float64", "float32", "float32"),
    ]
