"""The residual networks of version 2."""

import pytest

from minikeras.applications.resnet_v2 import ResNet50V2, ResNet101V2, ResNet152V2
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (ResNet50V2, 25_613_800, 192),
        (ResNet101V2, 44_675_560, 379),
        (ResNet152V2, 60_380_648, 566),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = ResNet50V2(weights=None, include_top=False, pooling="avg")
    assert model.input_shape == (None, None, None, 3) and model.output_shape == (None, 2048)
    assert [layer.name for layer in model.layers[-3:]] == ["post_bn", "post_relu", "avg_pool"]
    assert model.get_layer("conv2_block1_2_conv").strides == (1, 1)
    assert model.get_layer("conv2_block3_2_conv").strides == (2, 2)  # the last block of a stack has the stride


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="resnet50v2_weights"):
        ResNet50V2()
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels.h5"
    )
    assert list(cache.iterdir()) == []
