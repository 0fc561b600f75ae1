import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)
    assert layers.MaxPooling2D()(x)[0, :, :, 0].tolist() == [[5, 7], [13, 15]]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((), (2, 5, 6, 2), (2, 2, 3, 2)),
        (((3, 2), 1, "SAME"), (2, 5, 6, 2), (2, 5, 6, 2)),
        ((2, 1, "valid", "channels_first"), (2, 2, 5, 6), (2, 2, 4, 5)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.MaxPooling2D(*arguments), shape, result)
