"""Layers that scale."""

import numpy as np
import pytest

from minikeras.applications.scale_layer import CustomScaleLayer, LayerScale
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.layers import Input
from minikeras.models import Model
from minikeras.saving import load_model


def test_layer_scale():
    layer = LayerScale(0.5, 3)
    np.testing.assert_array_equal(layer(np.float32([[2, 4, 6]])), [[1, 2, 3]])
    layer.gamma.assign([1, 0, -1])
    np.testing.assert_array_equal(layer(np.float32([[2, 4, 6]])), [[2, 0, -6]])
    assert [weight.path for weight in layer.weights] == ["layer_scale/variable"]  # as in Keras, it has no name


def test_custom_scale_layer():
    a, b = np.float32([[1, 2]]), np.float32([[10, 20]])
    np.testing.assert_allclose(CustomScaleLayer(0.1)([a, b]), [[2, 4]])


@pytest.mark.parametrize(
    ("layer", "module"), [(LayerScale(0.5, 2), "convnext"), (CustomScaleLayer(0.5), "inception_resnet_v2")]
)
def test_files_name_the_modules_of_keras(layer, module, tmp_path):
    x = Input((2,))
    model = Model(x, layer(x if isinstance(layer, LayerScale) else [x, x]))
    entry = model.get_config()["layers"][1]
    assert (entry["module"], entry["registered_name"]) == (f"keras.src.applications.{module}", type(layer).__name__)
    model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras")
    assert type(again.layers[1]) is type(layer)
    np.testing.assert_array_equal(again.predict([[1.0, 2.0]], verbose=0), model.predict([[1.0, 2.0]], verbose=0))


def test_bad_arguments():
    with pytest.raises(ArgumentError, match="LayerScale: `projection_dim` must be a positive integer"):
        LayerScale(1.0, 0)
    with pytest.raises(ArgumentTypeError, match="LayerScale: `init_values` must be a"):
        LayerScale("one", 2)
    with pytest.raises(ArgumentTypeError, match="CustomScaleLayer: `scale` must be a"):
        CustomScaleLayer(None)
