"""InceptionResNetV2."""

import pytest

from minikeras.applications.inception_resnet_v2 import InceptionResNetV2
from minikeras.errors import DownloadError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (InceptionResNetV2, 55_873_736, 782),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = InceptionResNetV2(weights=None, include_top=False, input_shape=(75, 75, 3))
    assert model.output_shape == (None, 1, 1, 1536)
    channels = [model.get_layer(name).output.shape[-1] for name in ("mixed_5b", "mixed_6a", "mixed_7a")]
    assert channels == [320, 1088, 2080]
    scales = [layer.scale for layer in model.layers if type(layer).__name__ == "CustomScaleLayer"]
    assert scales == [0.17] * 10 + [0.1] * 20 + [0.2] * 9 + [1.0]


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="inception_resnet_v2_weights"):
        InceptionResNetV2()
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/inception_resnet_v2/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels.h5"
    )
    assert list(cache.iterdir()) == []
