"""MobileNet."""

import pytest

from minikeras.applications.mobilenet import MobileNet
from minikeras.errors import ArgumentError, DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (MobileNet, 4_253_864, 91),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_name_and_width(no_draws):
    model = MobileNet(weights=None, alpha=0.25, input_shape=(128, 128, 3))
    assert model.name == "mobilenet_0.25_128"
    assert model.count_params() == 475_544
    assert model.get_layer("conv1").filters == 8


def test_depth_multiplier_and_dropout(no_draws):
    model = MobileNet(weights=None, depth_multiplier=2, dropout=0.5, classes=3)
    assert model.get_layer("conv_dw_1").output.shape[-1] == 64
    assert model.get_layer("dropout").rate == 0.5
    assert model.output_shape == (None, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"alpha": 0.3}, r"`alpha` must be one of \[0.25, 0.5, 0.75, 1.0\] for the weights of ImageNet"),
        ({"depth_multiplier": 2}, "`depth_multiplier` must be 1 for the weights of ImageNet"),
        ({"weights": None, "depth_multiplier": 0}, "`depth_multiplier` must be a positive integer"),
    ],
)
def test_what_there_are_no_weights_for(arguments, message, requests):
    with pytest.raises(ArgumentError, match=message):
        MobileNet(**arguments)
    assert requests == []


def test_weights_for_another_size(no_draws, cache, requests):
    with pytest.warns(UserWarning, match="128, 160, 192, 224 pixels; those for 224"), pytest.raises(DownloadError):
        MobileNet(include_top=False, input_shape=(64, 64, 3))
    assert requests[0].endswith("/mobilenet_1_0_224_tf_no_top.h5")


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="mobilenet_5_0_160_tf.h5"):
        MobileNet(alpha=0.5, input_shape=(160, 160, 3))
    assert (
        requests[0] == "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/mobilenet_5_0_160_tf.h5"
    )
    assert list(cache.iterdir()) == []
