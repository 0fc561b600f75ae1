import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.float32([[[-3], [-1], [-2], [-5], [-4]]])
    assert layers.MaxPooling1D()(x).ravel().tolist() == [-1, -2]
    assert layers.MaxPooling1D(2, padding="same")(x).ravel().tolist() == [-1, -2, -4]  # zeros would win
    assert layers.MaxPooling1D(3, strides=1)(x).ravel().tolist() == [-1, -1, -2]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((), (2, 5, 2), (2, 2, 2)),
        ((3, 1, "SAME"), (2, 5, 2), (2, 5, 2)),
        (((3,), 2, "valid", "channels_first"), (2, 2, 5), (2, 2, 2)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.MaxPooling1D(*arguments), shape, result)
