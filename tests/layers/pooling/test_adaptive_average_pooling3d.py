import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.arange(12, dtype="float32").reshape(1, 2, 2, 3, 1)
    assert layers.AdaptiveAveragePooling3D((2, 1, 2))(x).ravel().tolist() == [2, 3, 8, 9]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((2,), (1, 3, 2, 4, 1), (1, 2, 2, 2, 1)),
        (((1, 3, 2), "channels_first"), (1, 2, 2, 2, 3), (1, 2, 1, 3, 2)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.AdaptiveAveragePooling3D(*arguments), shape, result)
