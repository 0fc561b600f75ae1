import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({}, (1, 1, 2, 2, 2), (1, 2, 3, 3, 2)),
        (
            {"strides": (2, 1, 2), "padding": "same", "output_padding": (1, 0, 0), "data_format": "channels_first"},
            (1, 2, 1, 2, 2),
            (1, 2, 1, 1, 2),
        ),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.Conv3DTranspose(2, 2, **options), shape, result, order=1)


def test_by_hand():
    layer = layers.Conv3DTranspose(1, (2, 1, 1), strides=(2, 1, 1), kernel_initializer="ones", bias_initializer="ones")
    x = np.float32([3, 5]).reshape(1, 2, 1, 1, 1)
    assert layer(x).ravel().tolist() == [4, 4, 6, 6]
