import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError


@pytest.mark.parametrize("name", ["DepthwiseConv1D", "DepthwiseConv2D"])
def test_channels_are_not_mixed(name):
    make = getattr(layers, name)
    layer = make(2, depth_multiplier=3)
    x = np.random.default_rng(0).normal(size=(1, *[4] * layer.rank, 2)).astype("float32")
    before = layer(x)
    assert layer.kernel.shape == (*[2] * layer.rank, 2, 3) and layer.bias.shape == (6,)
    changed = x.copy()
    changed[..., 1] += 1
    same = np.isclose(layer(changed), before).reshape(-1, 6).all(axis=0)
    assert same.tolist() == [True, True, True, False, False, False]


def test_it_is_a_convolution_with_as_many_groups_as_channels():
    depthwise, grouped = layers.DepthwiseConv2D(3, depth_multiplier=2), layers.Conv2D(8, 3, groups=4)
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 4)).astype("float32")
    y = depthwise(x)
    grouped.build(x.shape)
    kernel, bias = depthwise.get_weights()
    grouped.set_weights([kernel.reshape(3, 3, 1, 8), bias])
    np.testing.assert_allclose(y, grouped(x), rtol=1e-5, atol=1e-6)


def test_strides_and_dilation_at_once():
    x = np.arange(9, dtype="float32").reshape(1, 9, 1)
    layer = layers.DepthwiseConv1D(2, 3, dilation_rate=2, depthwise_initializer="ones")
    assert layer(x)[0, :, 0].tolist() == [2, 8, 14]  # 0 + 2, 3 + 5, 6 + 8


def test_refused():
    for value in (0, None, 1.5):
        with pytest.raises(ArgumentError, match="DepthwiseConv2D: `depth_multiplier` must be a positive integer"):
            layers.DepthwiseConv2D(3, depth_multiplier=value)
    with pytest.raises(ValueError, match="Unknown padding of DepthwiseConv1D: 'causal'"):
        layers.DepthwiseConv1D(3, padding="causal")
    assert not hasattr(layers.DepthwiseConv1D(3), "enable_lora")
