"""The EfficientNet models."""

import pytest

from minikeras.applications.efficientnet import EfficientNetB0, EfficientNetB1, EfficientNetB7
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (EfficientNetB0, 5_330_571, 240),
        (EfficientNetB1, 7_856_239, 342),
        (EfficientNetB7, 66_658_687, 816),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)
    assert made.layers[-2].input.shape[-1] == (2560 if model is EfficientNetB7 else 1280)  # twice 1280


def test_features(no_draws):
    model = EfficientNetB0(weights=None, include_top=False, input_shape=(64, 64, 3))
    assert model.output_shape == (None, 2, 2, 1280)
    assert [type(layer).__name__ for layer in model.layers[1:3]] == ["Rescaling", "Normalization"]
    # 32 filters, of which the last block of the second stage, of 16 blocks, is the third
    assert model.get_layer("block2b_drop").rate == pytest.approx(0.2 * 2 / 16)


def test_scaling(no_draws):
    model = EfficientNetB1(weights=None, include_top=False)
    assert "block1b_add" in [layer.name for layer in model.layers]  # 1.1 times one repeat, rounded up
    assert model.output_shape[-1] == 1280


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="efficientnetb1.h5"):
        EfficientNetB1(name="mine")
    assert requests[0] == "https://storage.googleapis.com/keras-applications/efficientnetb1.h5"
    assert list(cache.iterdir()) == []
