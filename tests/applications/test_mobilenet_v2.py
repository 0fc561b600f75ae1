"""MobileNetV2."""

import numpy as np
import pytest

from minikeras.applications.mobilenet_v2 import MobileNetV2
from minikeras.errors import ArgumentError, ArgumentTypeError, DownloadError
from minikeras.layers import Dense
from minikeras.models import Sequential
from minikeras.optimizers import Adam
from minikeras.utils import set_random_seed


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (MobileNetV2, 3_538_984, 156),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = MobileNetV2(weights=None, include_top=False, alpha=0.35, input_shape=(64, 64, 3))
    assert model.output_shape == (None, 2, 2, 1280)
    assert (model.count_params(), len(model.layers)) == (410_208, 154)
    assert model.name == "mobilenetv2_0.35_64"


def test_more_channels_at_the_end_of_a_wide_model(no_draws):
    assert MobileNetV2(weights=None, include_top=False, alpha=1.4).output_shape[-1] == 1792


def test_alpha_without_weights(requests):
    with pytest.raises(ArgumentError, match=r"MobileNetV2: `alpha` must be one of \[0.35, 0.5, 0.75, 1.0, 1.3, 1.4\]"):
        MobileNetV2(alpha=0.25)
    with pytest.raises(ArgumentTypeError, match="`alpha` must be a finite number > 0"):
        MobileNetV2(weights=None, alpha="wide")
    assert requests == []


def test_training():
    set_random_seed(0)
    base = MobileNetV2(weights=None, include_top=False, alpha=0.35, input_shape=(32, 32, 3), pooling="avg")
    model = Sequential([base, Dense(2, activation="softmax")])
    model.compile(Adam(0.01), "sparse_categorical_crossentropy")
    x, y = np.random.default_rng(0).uniform(-1, 1, (8, 32, 32, 3)).astype("float32"), np.arange(8) % 2
    losses = model.fit(x, y, epochs=8, batch_size=8, verbose=0).history["loss"]
    assert min(losses[1:]) < losses[0] / 2  # as momentum builds up, it first grows


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224.h5"):
        MobileNetV2(alpha=1.4)
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224.h5"
    )
    assert list(cache.iterdir()) == []
