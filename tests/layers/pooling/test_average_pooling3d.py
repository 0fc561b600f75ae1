import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.arange(16, dtype="float32").reshape(1, 2, 2, 4, 1)
    assert layers.AveragePooling3D(2)(x).ravel().tolist() == [6.5, 8.5]
    assert layers.AveragePooling3D((1, 1, 3), padding="same")(x).ravel().tolist() == [
        0.5,
        2.5,
        4.5,
        6.5,
        8.5,
        10.5,
        12.5,
        14.5,
    ]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((2,), (2, 2, 5, 2, 1), (2, 1, 2, 1, 1)),
        (((1, 3, 2), 1, "SAME"), (1, 2, 3, 2, 1), (1, 2, 3, 2, 1)),
        ((2, 1, "valid", "channels_first"), (1, 2, 2, 3, 2), (1, 2, 1, 2, 1)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.AveragePooling3D(*arguments), shape, result)
