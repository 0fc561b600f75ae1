import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.arange(16, dtype="float32").reshape(1, 2, 2, 4, 1)
    assert layers.MaxPooling3D()(x).ravel().tolist() == [13, 15]
    assert layers.MaxPooling3D((1, 2, 4))(x).ravel().tolist() == [7, 15]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((), (2, 2, 5, 2, 1), (2, 1, 2, 1, 1)),
        (((1, 3, 2), 1, "SAME"), (1, 2, 3, 2, 1), (1, 2, 3, 2, 1)),
        ((2, 1, "valid", "channels_first"), (1, 2, 2, 3, 2), (1, 2, 1, 2, 1)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.MaxPooling3D(*arguments), shape, result)
