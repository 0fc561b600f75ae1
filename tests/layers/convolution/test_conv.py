import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError


def test_the_number_of_channels_fits_the_groups():
    with pytest.raises(ArgumentError, match="3 channels, groups=2"):
        layers.Conv2D(4, 3, groups=2).build((None, 8, 8, 3))


def test_groups_are_convolved_separately():
    layer = layers.Conv1D(4, 2, groups=2, use_bias=False)
    x = np.random.default_rng(0).normal(size=(2, 5, 6)).astype("float32")
    y, kernel = layer(x), layer.kernel.numpy()
    assert kernel.shape == (2, 3, 4)
    for group in range(2):
        channels, filters = slice(3 * group, 3 * group + 3), slice(2 * group, 2 * group + 2)
        expected = x[:, :-1, channels] @ kernel[0, :, filters] + x[:, 1:, channels] @ kernel[1, :, filters]
        np.testing.assert_allclose(y[..., filters], expected, rtol=1e-5, atol=1e-6)


def test_lora():
    layer = layers.Conv2D(4, 3, lora_rank=2)
    layer.build((None, 8, 8, 3))
    assert [weight.path.split("/")[-1] for weight in layer.trainable_weights] == [
        "bias",
        "lora_kernel_a",
        "lora_kernel_b",
    ]
    assert layer.get_config()["lora_rank"] == 2
