"""VGG16."""

import pytest

from minikeras.applications.vgg16 import VGG16
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (VGG16, 138_357_544, 23),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = VGG16(weights=None, include_top=False, input_shape=(64, 32, 3))
    assert model.output_shape == (None, 2, 1, 512)
    assert model.name == "vgg16" and model.layers[-1].name == "block5_pool"
    assert sum(layer.name.startswith("block3_conv") for layer in model.layers) == 3


def test_classifier_of_small_images(no_draws):
    model = VGG16(weights=None, classes=2, input_shape=(32, 32, 3), classifier_activation=None)
    assert model.output_shape == (None, 2) and model.layers[-1].name == "predictions"
    assert [layer.name for layer in model.layers[-4:]] == ["flatten", "fc1", "fc2", "predictions"]
    assert model.get_layer("fc1").kernel.shape == (512, 4096)


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"):
        VGG16(include_top=False, input_shape=(32, 32, 3))
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
    )
    assert list(cache.iterdir()) == []
