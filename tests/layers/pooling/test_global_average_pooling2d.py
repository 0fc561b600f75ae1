import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.arange(8, dtype="float32")
    assert layers.GlobalAveragePooling2D()(x.reshape(1, 2, 2, 2)).tolist() == [[3, 4]]
    assert layers.GlobalAveragePooling2D("channels_first")(x.reshape(1, 2, 2, 2)).tolist() == [[1.5, 5.5]]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((), (2, 3, 2, 3), (2, 3)),
        (("channels_first", True), (2, 3, 3, 2), (2, 3, 1, 1)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.GlobalAveragePooling2D(*arguments), shape, result)
