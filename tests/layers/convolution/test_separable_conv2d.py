import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({"padding": "same", "strides": 2, "depth_multiplier": 2}, (2, 3, 4, 2), (2, 2, 2, 3)),
        ({"data_format": "channels_first", "use_bias": False}, (2, 2, 3, 4), (2, 3, 2, 3)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.SeparableConv2D(3, 2, **options), shape, result, order=1)


def test_by_hand():
    layer = layers.SeparableConv2D(2, (2, 1), depthwise_initializer="ones", pointwise_initializer="ones")
    assert layer(np.float32([[[[1, 10]], [[2, 20]]]])).tolist() == [[[[33, 33]]]]
