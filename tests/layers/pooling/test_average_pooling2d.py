import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.arange(9, dtype="float32").reshape(1, 3, 3, 1)
    assert layers.AveragePooling2D(2)(x).ravel().tolist() == [2]
    assert layers.AveragePooling2D(2, padding="same")(x).ravel().tolist() == [2, 3.5, 6.5, 8]
    assert layers.AveragePooling2D((1, 3))(x).ravel().tolist() == [1, 4, 7]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((2,), (2, 5, 6, 2), (2, 2, 3, 2)),
        (((3, 2), 1, "SAME"), (2, 3, 4, 2), (2, 3, 4, 2)),
        ((2, (1, 2), "valid", "channels_first"), (2, 2, 3, 4), (2, 2, 2, 2)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.AveragePooling2D(*arguments), shape, result)
