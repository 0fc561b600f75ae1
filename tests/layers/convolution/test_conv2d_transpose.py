import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({"strides": (2, 3), "padding": "same", "output_padding": (1, 2)}, (2, 2, 2, 2), (2, 4, 6, 3)),
        ({"data_format": "channels_first", "dilation_rate": (1, 2)}, (2, 2, 2, 3), (2, 3, 4, 7)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.Conv2DTranspose(3, 3, **options), shape, result, order=1)


def test_by_hand():
    layer = layers.Conv2DTranspose(2, (1, 2), use_bias=False)
    layer.build((None, 1, 2, 1))
    layer.set_weights([np.float32([[1, 10], [100, 1000]]).reshape(1, 2, 2, 1)])  # two filters, one channel
    assert layer(np.float32([1, 2]).reshape(1, 1, 2, 1))[0, 0].tolist() == [[1, 10], [102, 1020], [200, 2000]]
