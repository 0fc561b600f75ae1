import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.float32([[[1], [2], [6], [4], [5]]])
    assert layers.AdaptiveMaxPooling1D(3)(x).ravel().tolist() == [2, 6, 5]  # windows 0-1, 1-3 and 3-4


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((3,), (2, 5, 2), (2, 3, 2)),
        (((4,), "channels_first"), (2, 2, 3), (2, 2, 4)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.AdaptiveMaxPooling1D(*arguments), shape, result)
