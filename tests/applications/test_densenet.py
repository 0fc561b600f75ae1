"""The DenseNet models."""

import pytest

from minikeras import config
from minikeras.applications.densenet import DenseNet121, DenseNet169, DenseNet201
from minikeras.errors import ArgumentError, DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (DenseNet121, 8_062_504, 429),
        (DenseNet169, 14_307_880, 597),
        (DenseNet201, 20_242_984, 709),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = DenseNet121(weights=None, include_top=False, input_shape=(64, 64, 3))
    assert model.output_shape == (None, 2, 2, 1024)
    # 64 channels and 6 x 32, halved; 12 x 32 more, halved; 24 x 32 more, halved
    assert [model.get_layer(f"pool{number}_conv").filters for number in (2, 3, 4)] == [128, 256, 512]


def test_channels_first_is_refused():
    config.set_image_data_format("channels_first")
    with pytest.raises(ArgumentError, match=r"DenseNet201 is for images whose channels come last.*channels_first"):
        DenseNet201(weights=None)


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="densenet121_weights"):
        DenseNet121()
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/densenet/densenet121_weights_tf_dim_ordering_tf_kernels.h5"
    )
    assert list(cache.iterdir()) == []
