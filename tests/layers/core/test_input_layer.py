"""Input and InputLayer."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, NotSupportedError
from minikeras.graph.keras_tensor import KerasTensor


def test_shapes():
    assert layers.Input((3, 4)).shape == (None, 3, 4)
    assert layers.Input([3], batch_size=8).shape == (8, 3)
    assert layers.Input(batch_shape=(2, None)).shape == (2, None)
    assert layers.Input(()).shape == (None,)
    assert layers.Input((np.int64(3),)).shape == (None, 3)
    assert layers.Input((3,), dtype="int32").dtype == "int32"


def test_the_layer_behind_an_input():
    layer = layers.Input((3,), name="data")._keras_history.operation
    assert (layer.name, layer.built, layer.weights) == ("data", True, [])
    assert layer.get_config() == {
        "batch_shape": (None, 3),
        "dtype": "float32",
        "sparse": False,
        "ragged": False,
        "name": "data",
        "optional": False,
    }
    again = layers.InputLayer.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert repr(layer) == "<InputLayer name=data, built=True>"
    with pytest.raises(NotSupportedError, match="is not called"):
        layer.call()


def test_a_given_tensor():
    tensor = KerasTensor((None, 3), dtype="int32")
    layer = layers.InputLayer(input_tensor=tensor)
    assert layer.output is tensor and layer.dtype == "int32"
    with pytest.raises(ArgumentError, match=r"the shape \(4,\) differs"):
        layers.InputLayer((4,), input_tensor=tensor)
    with pytest.raises(ArgumentError, match="expects a symbolic value"):
        layers.InputLayer(input_tensor=np.ones(3))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, ArgumentError, "either `shape` or `batch_shape`"),
        ({"shape": (3,), "batch_shape": (None, 3)}, ArgumentError, "either `shape` or `batch_shape`"),
        ({"batch_shape": (None, 3), "batch_size": 4}, ArgumentError, "`batch_size` or `batch_shape`"),
        ({"batch_shape": 3}, ArgumentError, "expects a tuple of integers"),
        ({"shape": (-1,)}, ArgumentError, "expects a tuple of integers"),
        ({"shape": (2.5,)}, ArgumentError, "expects a tuple of integers"),
        ({"shape": "ab"}, ArgumentError, "expects a tuple of integers"),
        ({"shape": (3,), "sparse": True}, NotSupportedError, "`sparse` is not in minikeras"),
        ({"shape": (3,), "ragged": True}, NotSupportedError, "`ragged` is not in minikeras"),
    ],
)
def test_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        layers.InputLayer(**arguments)


def test_an_optional_input():
    config = layers.InputLayer((3,), optional=True).get_config()
    assert config["optional"] is True and layers.InputLayer.from_config(config).optional
