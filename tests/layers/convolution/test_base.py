import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


def test_free_sizes():
    layer = layers.Conv2D(4, 3, strides=2)
    assert layer.compute_output_shape((None, None, 9, 2)) == (None, None, 4, 4)


def test_channels_first():
    layer = layers.Conv2D(4, 3, data_format="channels_first")
    assert layer.compute_output_shape((None, 2, 9, 8)) == (None, 4, 7, 6)


def test_refused():
    for options, name in (({"kernel_size": 0}, "kernel_size"), ({"strides": (1, 2, 3)}, "strides")):
        with pytest.raises(ArgumentError, match=f"`{name}`"):
            layers.Conv2D(**{"filters": 4, "kernel_size": 3, **options})
    with pytest.raises(ValueError, match="padding"):
        layers.Conv2D(4, 3, padding="causal")
    with pytest.raises(ShapeError, match="expects inputs with 4 axes"):
        layers.Conv2D(4, 3).compute_output_shape((None, 8, 2))
