"""`tf.dtypes`."""

import numpy as np

from minikeras.dropin.tensorflow import dtypes


def test_dtypes():
    assert dtypes.as_dtype("float32") == dtypes.float32 == "float32" and dtypes.double == dtypes.float64
    assert dtypes.cast([1.5, 2.5], dtypes.int32).tolist() == [1, 2]
    assert np.zeros(1, dtypes.int8).dtype == np.int8
    assert all(hasattr(dtypes, name) for name in dtypes.__all__)
