"""The EfficientNetV2 models."""

import pytest

from minikeras.applications.efficientnet_v2 import EfficientNetV2B0, EfficientNetV2S
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (EfficientNetV2B0, 7_200_312, 273),
        (EfficientNetV2S, 21_612_360, 516),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_preprocessing(no_draws):
    first = lambda model: [type(layer).__name__ for layer in model.layers[1:3]]  # noqa: E731
    assert first(EfficientNetV2B0(weights=None, include_top=False)) == ["Rescaling", "Normalization"]
    assert first(EfficientNetV2S(weights=None, include_top=False)) == ["Rescaling", "Conv2D"]
    gray = EfficientNetV2B0(weights=None, include_top=False, input_shape=(32, 32, 1))
    assert first(gray) == ["Rescaling", "Conv2D"]
    assert gray.layers[1].offset == -1
    without = EfficientNetV2B0(weights=None, include_top=False, include_preprocessing=False)
    assert first(without) == ["Conv2D", "BatchNormalization"]


def test_the_name_is_free(no_draws):
    model = EfficientNetV2B0(weights=None, include_top=False, pooling="max", name="mine")
    assert model.name == "mine" and model.layers[-1].name == "max_pool"


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="efficientnetv2-s.h5"):
        EfficientNetV2S()
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/efficientnet_v2/efficientnetv2-s.h5"
    )
    assert list(cache.iterdir()) == []
