import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


def test_by_hand():
    x = np.float32([[[1], [3], [5], [10], [4]]])
    assert layers.AveragePooling1D(2)(x).ravel().tolist() == [2, 7.5]
    assert layers.AveragePooling1D(3, 2, "same")(x).ravel().tolist() == [2, 6, 7]  # padding does not count
    first = layers.AveragePooling1D(2, data_format="channels_first")
    assert first(x.reshape(1, 1, 5)).tolist() == [[[2, 7.5]]]


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((2,), (2, 5, 2), (2, 2, 2)),
        ((3, 1, "SAME"), (2, 5, 2), (2, 5, 2)),
        (((3,), 2, "valid", "channels_first"), (2, 2, 5), (2, 2, 2)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.AveragePooling1D(*arguments), shape, result)
