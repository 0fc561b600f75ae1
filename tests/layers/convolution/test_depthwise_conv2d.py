import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({"padding": "same", "strides": (2, 1), "depth_multiplier": 2}, (2, 3, 4, 2), (2, 2, 4, 4)),
        ({"data_format": "channels_first", "use_bias": False}, (2, 2, 3, 4), (2, 2, 2, 3)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.DepthwiseConv2D(2, **options), shape, result, order=1)


def test_by_hand():
    layer = layers.DepthwiseConv2D((1, 2), depthwise_initializer="ones", bias_initializer="ones")
    assert layer(np.float32([[[[1, 10], [2, 20], [3, 30]]]])).tolist() == [[[[4, 31], [6, 51]]]]
