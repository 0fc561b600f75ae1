import pytest

from minikeras import layers
from minikeras.errors import ArgumentError


def test_the_number_of_channels_fits_the_groups():
    with pytest.raises(ArgumentError, match="3 channels, groups=2"):
        layers.Conv2D(4, 3, groups=2).build((None, 8, 8, 3))


def test_lora():
    layer = layers.Conv2D(4, 3, lora_rank=2)
    layer.build((None, 8, 8, 3))
    assert [weight.path.split("/")[-1] for weight in layer.trainable_weights] == [
        "bias",
        "lora_kernel_a",
        "lora_kernel_b",
    ]
    assert layer.get_config()["lora_rank"] == 2
