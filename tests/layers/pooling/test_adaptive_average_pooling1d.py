import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.float32([[[1], [2], [6], [4], [5]]])
    assert layers.AdaptiveAveragePooling1D(3)(x).ravel().tolist() == [1.5, 4, 4.5]  # windows 0-1, 1-3 and 3-4


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((3,), (2, 5, 2), (2, 3, 2)),
        (((4,), "channels_first"), (2, 2, 3), (2, 2, 4)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.AdaptiveAveragePooling1D(*arguments), shape, result)
