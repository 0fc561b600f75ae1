import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({}, (2, 5, 3), (2, 3, 4)),
        ({"padding": "causal", "dilation_rate": 2}, (2, 5, 3), (2, 5, 4)),
        ({"padding": "causal", "strides": 2, "data_format": "channels_first"}, (2, 2, 5), (2, 4, 3)),
        ({"padding": "same", "groups": 2, "activation": "tanh", "use_bias": False}, (2, 5, 2), (2, 5, 4)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.Conv1D(4, 3, **options), shape, result)


def fixed(kernel, **options):
    layer = layers.Conv1D(1, len(kernel), use_bias=False, **options)
    layer.build((None, None, 1))
    layer.set_weights([np.float32(kernel).reshape(-1, 1, 1)])
    return lambda values: layer(np.float32(values).reshape(1, -1, 1))[0, :, 0].tolist()


def test_by_hand():
    assert fixed([1, 10])([1, 2, 3]) == [21, 32]
    assert fixed([1, 10, 100], padding="same")([1, 2, 3]) == [210, 321, 32]
    assert fixed([1, 10], padding="same", strides=2)([1, 2, 3, 4]) == [21, 43]


def test_causal_outputs_depend_on_earlier_inputs_alone():
    assert fixed([1, 10], padding="causal")([1, 2, 3]) == [10, 21, 32]
    assert fixed([1, 10], padding="CAUSAL", dilation_rate=3)([1, 2, 3, 4, 5]) == [10, 20, 30, 41, 52]
    assert fixed([1, 10, 100], padding="causal", strides=2)([1, 2, 3, 4]) == [100, 321]


def test_lengths_are_known():
    x = layers.Input((20, 3))
    assert layers.Conv1D(2, 3, dilation_rate=4)(x).shape == (None, 12, 2)
    assert layers.Conv1D(2, 2, dilation_rate=2, padding="causal")(x).shape == (None, 20, 2)


def test_refused():
    with pytest.raises(ValueError, match=r"Unknown padding of Conv1D: 'full'. Known: 'causal', 'same', 'valid'"):
        layers.Conv1D(2, 3, padding="full")
    with pytest.raises(ArgumentError, match="Conv1D: strides and dilation"):
        layers.Conv1D(2, 3, 2, dilation_rate=2)
