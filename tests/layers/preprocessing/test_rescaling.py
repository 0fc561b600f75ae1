"""Rescaling: of any dtype, by channels, in both layouts."""

import numpy as np
import pytest

from minikeras import config, dtype_policies, layers
from minikeras.errors import ArgumentTypeError, UnknownNameError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.Rescaling(2.0, offset=-1.0), (2, 3), (2, 3))


def test_by_hand():
    images = np.array([[[[0, 255]]]], "uint8")
    assert layers.Rescaling(1 / 255)(images).tolist() == [[[[0, 1]]]]
    assert layers.Rescaling([1.0, 2.0], offset=np.array([0.0, 1.0]))(images).tolist() == [[[[0, 511]]]]
    assert layers.Rescaling(2)(images).dtype == np.float32


def test_channels_first():
    config.set_image_data_format("channels_first")
    try:
        x = np.ones((1, 2, 1, 3), "float32")
        assert layers.Rescaling([1.0, 2.0])(x).tolist() == [[[[1, 1, 1]], [[2, 2, 2]]]]
    finally:
        config.set_image_data_format("channels_last")


def test_configs_with_arrays():
    layer = layers.Rescaling(np.array([1.0, 2.0]), offset=1)
    again = layers.Rescaling.from_config(layer.get_config())
    np.testing.assert_array_equal(again.scale, layer.scale)
    assert again.offset == 1


def test_refused():
    for bad in ("a", None, [[1.0], [1.0, 2.0]], True):
        with pytest.raises(ArgumentTypeError, match="`scale` must be a number"):
            layers.Rescaling(bad)


def test_custom_objects_of_a_config():
    class Own(dtype_policies.DTypePolicy):
        pass

    layer = layers.Rescaling(2.0, dtype=Own("float64"))
    again = type(layer).from_config(layer.get_config(), custom_objects={"Own": Own})
    assert type(again.dtype_policy) is Own and again.get_config() == layer.get_config()
    with pytest.raises(UnknownNameError, match="Own"):
        type(layer).from_config(layer.get_config())
