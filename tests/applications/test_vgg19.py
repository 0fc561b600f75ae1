"""VGG19."""

import pytest

from minikeras.applications.vgg19 import VGG19
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (VGG19, 143_667_240, 26),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = VGG19(weights=None, include_top=False, pooling="max", name="mine")
    assert model.output_shape == (None, 512) and model.name == "mine"
    assert sum(layer.name.startswith("block3_conv") for layer in model.layers) == 4


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="vgg19_weights"):
        VGG19(include_top=False, input_shape=(32, 32, 3))
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    )
    assert list(cache.iterdir()) == []
