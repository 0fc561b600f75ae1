"""The models of MobileNetV3."""

import pytest

from minikeras.applications.mobilenet_v3_models import MobileNetV3Large, MobileNetV3Small
from minikeras.errors import ArgumentError, DownloadError, ShapeError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (MobileNetV3Small, 2_554_968, 164),
        (MobileNetV3Large, 5_507_432, 194),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_minimalistic(no_draws):
    model = MobileNetV3Small(weights=None, minimalistic=True)
    assert model.count_params() == 2_056_848
    kinds = {type(layer).__name__ for layer in model.layers}
    assert "Multiply" not in kinds
    assert {layer.kernel_size for layer in model.layers if type(layer).__name__ == "DepthwiseConv2D"} == {(3, 3)}


def test_arguments(no_draws):
    model = MobileNetV3Large(
        weights=None, include_preprocessing=False, dropout_rate=0, input_shape=(64, 64, 3), classes=4, alpha=1.5
    )
    kinds = {type(layer).__name__ for layer in model.layers}
    assert not {"Rescaling", "Dropout"} & kinds
    assert model.get_layer("conv_2").filters == 1920  # 1.5 x 1280
    assert model.input_shape == (None, 64, 64, 3) and model.output_shape == (None, 4)


def test_images_are_of_any_size(no_draws):
    assert MobileNetV3Small(weights=None).input_shape == (None, None, None, 3)
    with pytest.raises(ShapeError, match="MobileNetV3Small: `input_shape` must be at least 32 x 32 pixels"):
        MobileNetV3Small(weights=None, input_shape=(31, 32, 3))


def test_alpha_without_weights(requests):
    with pytest.raises(ArgumentError, match=r"`alpha` must be one of \[1.0\] for the weights of ImageNet"):
        MobileNetV3Small(alpha=0.75, minimalistic=True)
    assert requests == []


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="weights_mobilenet_v3_small_224_0.75_float_no_top_v2.h5"):
        MobileNetV3Small(input_shape=(224, 224, 3), alpha=0.75, include_top=False)
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v3/weights_mobilenet_v3_small_224_0.75_float_no_top_v2.h5"
    )
    assert list(cache.iterdir()) == []
