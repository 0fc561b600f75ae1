"""The ConvNeXt models."""

import pytest

from minikeras.applications.convnext import ConvNeXtBase, ConvNeXtTiny, ConvNeXtXLarge
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (ConvNeXtTiny, 28_589_128, 135),
        (ConvNeXtBase, 88_591_464, 261),
        (ConvNeXtXLarge, 350_196_968, 261),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = ConvNeXtTiny(weights=None, include_top=False, input_shape=(64, 32, 3), pooling="avg")
    assert model.output_shape == (None, 768)
    assert [layer.name for layer in model.layers[-2:]] == ["global_average_pooling2d", "layer_normalization"]
    assert model.get_layer("convnext_tiny_downsampling_block_2").layers[1].filters == 768


def test_preprocessing(no_draws):
    for arguments in ({"include_preprocessing": False}, {"input_shape": (32, 32, 1)}):
        model = ConvNeXtTiny(weights=None, include_top=False, **arguments)
        assert model.layers[1].name == "convnext_tiny_stem"


def test_the_name_is_that_of_the_layers(no_draws):
    model = ConvNeXtTiny(weights=None, name="mine", classes=2)
    assert model.layers[-1].name == "mine_head_dense" and model.output_shape == (None, 2)
    assert ConvNeXtTiny(weights=None, include_top=False, name=None).layers[2].name == "convnext_tiny_stem"


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="convnext_tiny.h5"):
        ConvNeXtTiny()
    assert requests[0] == "https://storage.googleapis.com/tensorflow/keras-applications/convnext/convnext_tiny.h5"
    assert list(cache.iterdir()) == []
