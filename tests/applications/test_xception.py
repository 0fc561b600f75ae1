"""Xception."""

import pytest

from minikeras.applications.xception import Xception
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (Xception, 22_910_480, 134),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = Xception(weights=None, include_top=False, input_shape=(71, 71, 3))
    assert model.output_shape == (None, 3, 3, 2048)
    names = [layer.name for layer in model.layers]
    assert "block2_sepconv1_act" not in names and "block3_sepconv1_act" in names


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="xception_weights"):
        Xception()
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/xception/xception_weights_tf_dim_ordering_tf_kernels.h5"
    )
    assert list(cache.iterdir()) == []
