import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentTypeError, LegacyWarning


def test_sizes_by_position():
    with pytest.warns(LegacyWarning, match=r"Convolution2D\(32, 3, 2\) .* write Convolution2D\(32, \(3, 2\)\)"):
        layer = layers.Convolution2D(32, 3, 2)
    assert (layer.filters, layer.kernel_size, layer.strides) == (32, (3, 2), (1, 1))
    with pytest.warns(LegacyWarning):
        layer = layers.Convolution2D(32, 3, 3, border_mode="same", subsample=(2, 2), activation="relu")
    assert (layer.kernel_size, layer.strides, layer.padding) == ((3, 3), (2, 2), "same")
    today = layers.Conv2D(32, 3, 3)
    assert (today.kernel_size, today.strides) == ((3, 3), (3, 3))


def test_all_else_is_as_of_conv2d(tmp_path):
    layer = layers.Convolution2D(2, (3, 3), padding="same")
    assert isinstance(layer, layers.Conv2D) and layer.name.startswith("conv2d")
    model = minikeras.Sequential([layers.Input((4, 4, 1)), layer])
    x = np.ones((1, 4, 4, 1), "float32")
    for name in ("a.keras", "a.h5"):
        model.save(tmp_path / name)
        again = minikeras.saving.load_model(tmp_path / name)
        assert type(again.layers[0]) is layers.Conv2D
        assert again(x).tobytes() == model(x).tobytes()
    assert type(minikeras.models.clone_model(model).layers[0]) in (layers.Conv2D, layers.Convolution2D)


def test_refused():
    with pytest.raises(ArgumentTypeError, match="all others must be given by name.*'same'"):
        layers.Convolution2D(32, 3, 3, "same")
