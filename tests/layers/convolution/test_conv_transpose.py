import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError


def test_it_undoes_the_shapes_of_convolutions():
    x = layers.Input((23, 24, 1))
    y = layers.Conv2D(2, 3, strides=2, padding="same")(x)
    assert layers.Conv2DTranspose(1, 3, strides=2, padding="same")(y).shape == (None, 24, 24, 1)
    odd = layers.Conv2DTranspose(1, 3, strides=2, padding="same", output_padding=(0, 1))
    assert odd(y).shape == (None, 23, 24, 1)


def test_it_is_the_gradient_of_the_convolution():
    conv, back = layers.Conv2D(3, (2, 3), 2, use_bias=False), layers.Conv2DTranspose(2, (2, 3), 2, use_bias=False)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1, 6, 7, 2)).astype("float32"), rng.normal(size=(1, 3, 3, 3)).astype("float32")
    conv(x)
    back(y)
    back.set_weights(conv.get_weights())
    np.testing.assert_allclose(np.vdot(conv(x), y), np.vdot(x, back(y)), rtol=1e-5)


def test_shapes_with_dilation():
    assert layers.Conv2DTranspose(1, 3, dilation_rate=(1, 2))(layers.Input((5, 5, 2))).shape == (None, 7, 9, 1)


@pytest.mark.parametrize("name", ["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"])
def test_refused(name):
    make = getattr(layers, name)
    with pytest.raises(ArgumentError, match=rf"{name}: `output_padding` must be less than the stride.*\(2,"):
        make(1, 3, strides=2, output_padding=2)
    with pytest.raises(ArgumentError, match="`output_padding` must be an integer >= 0"):
        make(1, 3, strides=2, output_padding=-1)
    with pytest.raises(ArgumentError, match=f"{name}: strides and dilation"):
        make(1, 3, strides=2, dilation_rate=2)
    with pytest.raises(ArgumentError, match="`filters` must be a positive integer"):
        make(0, 3)


def test_one_axis_of_several_is_refused():
    with pytest.raises(ArgumentError, match=r"output_padding=\(1, 1, 1\), strides=\(2, 2, 1\)"):
        layers.Conv3DTranspose(4, 3, strides=(2, 2, 1), output_padding=1)
