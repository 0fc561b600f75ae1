"""`tf.errors`: what scripts catch."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.dropin.tensorflow import errors


def test_errors_of_minikeras_are_caught():
    with pytest.raises(errors.InvalidArgumentError):
        layers.Dense(1)(np.zeros(()))
    with pytest.raises(errors.OpError):
        layers.Dense(-1)
    with pytest.raises(errors.OutOfRangeError):
        next(iter([]))
    assert issubclass(errors.UnimplementedError, Exception) and issubclass(errors.ResourceExhaustedError, MemoryError)
