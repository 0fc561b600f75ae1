import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.arange(6, dtype="float32").reshape(1, 2, 3, 1)
    assert layers.AdaptiveAveragePooling2D((1, 2))(x).ravel().tolist() == [2, 3]  # columns 0-1 and 1-2


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((2,), (2, 3, 4, 2), (2, 2, 2, 2)),
        (((3, 1), "channels_first"), (1, 2, 2, 3), (1, 2, 3, 1)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.AdaptiveAveragePooling2D(*arguments), shape, result)
