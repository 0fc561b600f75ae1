import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({}, (2, 2, 3, 3, 2), (2, 1, 2, 2, 2)),
        ({"padding": "same", "strides": (1, 2, 2), "groups": 2}, (1, 2, 3, 4, 2), (1, 2, 2, 2, 2)),
        ({"data_format": "channels_first", "dilation_rate": (1, 2, 1)}, (1, 1, 2, 3, 2), (1, 2, 1, 1, 1)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.Conv3D(2, 2, **options), shape, result, order=1)


def test_by_hand():
    layer = layers.Conv3D(1, (2, 1, 2), use_bias=False)
    x = np.arange(8, dtype="float32").reshape(1, 2, 2, 2, 1)
    layer.build(x.shape)
    layer.set_weights([np.float32([1, 10, 100, 1000]).reshape(2, 1, 2, 1, 1)])
    # rows 0 and 1 of both slices: 0, 1 and 4, 5; 2, 3 and 6, 7
    assert layer(x)[0, 0, :, 0, 0].tolist() == [5410, 7632]
