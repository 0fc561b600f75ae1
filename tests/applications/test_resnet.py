"""The residual networks of version 1."""

import pytest

from minikeras.applications.resnet import ResNet50, ResNet101, ResNet152
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (ResNet50, 25_636_712, 177),
        (ResNet101, 44_707_176, 347),
        (ResNet152, 60_419_944, 517),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = ResNet50(weights=None, include_top=False, input_shape=(64, 64, 3))
    assert model.output_shape == (None, 2, 2, 2048)
    assert [layer.name for layer in model.layers[:4]] == ["input_layer", "conv1_pad", "conv1_conv", "conv1_bn"]
    assert model.layers[-1].name == "conv5_block3_out"
    assert model.get_layer("conv3_block1_0_conv").strides == (2, 2)


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="resnet152_weights"):
        ResNet152()
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet152_weights_tf_dim_ordering_tf_kernels.h5"
    )
    assert list(cache.iterdir()) == []
