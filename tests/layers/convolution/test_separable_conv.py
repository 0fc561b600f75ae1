import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


@pytest.mark.parametrize("rank", [1, 2])
def test_it_is_a_depthwise_and_a_pointwise_convolution(rank):
    options = {"strides": 2, "padding": "same", "depth_multiplier": 2}
    layer = getattr(layers, f"SeparableConv{rank}D")(5, 3, bias_initializer="ones", activation="tanh", **options)
    first = getattr(layers, f"DepthwiseConv{rank}D")(3, use_bias=False, **options)
    second = getattr(layers, f"Conv{rank}D")(5, 1, activation="tanh")
    x = np.random.default_rng(0).normal(size=(2, *[5] * rank, 3)).astype("float32")
    y = layer(x)
    second(first(x))
    depthwise, pointwise, bias = layer.get_weights()
    assert (depthwise.shape[rank:], pointwise.shape) == ((3, 2), (*[1] * rank, 6, 5))
    first.set_weights([depthwise])
    second.set_weights([pointwise, bias])
    np.testing.assert_allclose(y, second(first(x)), rtol=1e-5, atol=1e-6)


def test_refused():
    for option in ("depth_multiplier", "filters"):
        with pytest.raises(ArgumentError, match=f"SeparableConv2D: `{option}` must be a positive integer"):
            layers.SeparableConv2D(**{"filters": 3, "kernel_size": 3, option: 0})
    with pytest.raises(ShapeError, match=r"\(11,\) elements.*spatial sizes of \(10,\)"):
        layers.SeparableConv1D(8, 11, strides=5)(layers.Input((10, 12)))
