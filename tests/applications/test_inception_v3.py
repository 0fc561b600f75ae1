"""InceptionV3."""

import pytest

from minikeras.applications.inception_v3 import InceptionV3
from minikeras.errors import DownloadError, ShapeError


# Published on https://keras.io/api/applications/ and in the summaries there.
@pytest.mark.parametrize(
    ("model", "parameters", "layers"),
    [
        (InceptionV3, 23_851_784, 313),
    ],
)
def test_parameters_and_layers(model, parameters, layers, no_draws):
    made = model(weights=None)
    assert made.count_params() == parameters
    assert len(made.layers) == layers
    assert made.output_shape == (None, 1000)


def test_features(no_draws):
    model = InceptionV3(weights=None, include_top=False, input_shape=(75, 75, 3))
    assert model.output_shape == (None, 1, 1, 2048)
    channels = [model.get_layer(f"mixed{number}").output.shape[-1] for number in range(11)]
    assert channels == [256, 288, 288, 768, 768, 768, 768, 768, 1280, 2048, 2048]


def test_images_of_74_pixels_are_too_small():
    with pytest.raises(ShapeError, match=r"InceptionV3: `input_shape` must be at least 75 x 75 pixels"):
        InceptionV3(weights=None, input_shape=(74, 75, 3))


def test_weights_of_imagenet_need_the_network(no_draws, cache, requests):
    with pytest.raises(DownloadError, match="inception_v3_weights"):
        InceptionV3()
    assert (
        requests[0]
        == "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
    )
    assert list(cache.iterdir()) == []
