"""The NASNet models."""

import pytest

from minikeras.applications.nasnet import NASNetLarge, NASNetMobile
from minikeras.errors import DownloadError, ShapeError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (NASNetMobile, 5_326_716, 771),
        (NASNetLarge, 88_949_818, 1041),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = NASNetMobile(weights=None, include_top=False, pooling="avg")
    assert model.input_shape == (None, 224, 224, 3) and model.output_shape == (None, 1056)
    path = "normal_A_block_0/adjust_block/adjust_reduction_block_0/adjust_conv_1_0/kernel"
    assert path in [weight.path for weight in model.weights]


def test_free_sizes_and_weights_of_imagenet(requests):
    with pytest.raises(ShapeError, match="NASNetLarge: `input_shape` must be without None for the weights"):
        NASNetLarge(include_top=False, input_shape=(None, 64, 3))
    assert requests == []


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="nasnet_mobile.h5"):
        NASNetMobile()
    assert requests[0] == "https://storage.googleapis.com/tensorflow/keras-applications/nasnet/NASNet-mobile.h5"
    assert list(cache.iterdir()) == []
