import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({}, (2, 5, 2), (2, 3, 4)),
        ({"depth_multiplier": 2, "padding": "same", "strides": 2}, (2, 5, 2), (2, 3, 4)),
        ({"data_format": "channels_first", "dilation_rate": 2, "activation": "tanh"}, (2, 2, 6), (2, 4, 2)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.SeparableConv1D(4, 3, **options), shape, result)


def test_by_hand():
    layer = layers.SeparableConv1D(1, 2)
    layer.build((None, 2, 2))
    layer.set_weights([np.float32([[[1], [2]], [[3], [4]]]), np.float32([[[10], [100]]]), np.float32([5])])
    # 1 * 1 + 3 * 2 = 7 and 2 * 10 + 4 * 20 = 100
    assert layer(np.float32([[[1, 10], [2, 20]]])).tolist() == [[[70 + 10000 + 5]]]
