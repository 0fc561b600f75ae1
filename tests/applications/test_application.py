"""What all models share."""

import numpy as np
import pytest

from minikeras import activations, config
from minikeras.applications import EfficientNetB0, MobileNet, MobileNetV2, MobileNetV3Small
from minikeras.applications.application import Application
from minikeras.applications.pretrained import two_files
from minikeras.errors import ArgumentError, FileMissingError, ModelFileError, ShapeError
from minikeras.layers import Conv2D, Input, Rescaling
from minikeras.models import Model

FILES = two_files("https://x.org/m")
GIVEN = {
    "include_top": True,
    "weights": None,
    "input_tensor": None,
    "input_shape": (4, 4, 3),
    "pooling": None,
    "classes": 5,
    "classifier_activation": "softmax",
}


def application(**arguments):
    return Application("M", **{**GIVEN, **arguments})


def made(name="m", **arguments):
    asked = application(**arguments)
    x = Conv2D(2, 3, name="conv")(asked.start(asked.shape(8, min_size=3)))
    return asked.model(asked.topped(x), name, FILES)


def test_a_classifier():
    model = made()
    assert model.output_shape == (None, 5) and model.layers[-1].activation is activations.softmax
    assert [layer.name for layer in model.layers[-2:]] == ["avg_pool", "predictions"]


@pytest.mark.parametrize(("pooling", "shape"), [(None, (None, 2, 2, 2)), ("avg", (None, 2)), ("max", (None, 2))])
def test_features(pooling, shape):
    assert made(include_top=False, pooling=pooling).output_shape == shape


def test_pooling():
    model = made(include_top=False, pooling="max")
    maps = Model(model.inputs, model.get_layer("conv").output)
    x = np.random.default_rng(0).random((2, 4, 4, 3)).astype("float32")
    np.testing.assert_array_equal(model.predict(x, verbose=0), maps.predict(x, verbose=0).max((1, 2)))


def test_an_input_tensor_and_what_is_before_it():
    image = Input((4, 4, 3))
    model = made(input_tensor=Rescaling(2.0)(image), input_shape=None)
    assert model.inputs[0] is image
    assert [type(layer).__name__ for layer in model.layers[:2]] == ["InputLayer", "Rescaling"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"weights": "imagenet"}, ArgumentError, 'M: `classes` must be 1000 with `weights="imagenet"`'),
        ({"weights": 3}, ArgumentError, "M: `weights` must be None"),
        ({"weights": "nowhere.h5"}, FileMissingError, "the path of a file that exists"),
        ({"pooling": "mean"}, ArgumentError, "M: `pooling` must be None"),
        ({"classes": 0}, ArgumentError, "M: `classes` must be a positive integer"),
        ({"classes": 2.0}, ArgumentError, "M: `classes` must be a positive integer"),
        ({"input_shape": (4, 4)}, ShapeError, "M: `input_shape` must be three"),
        ({"input_tensor": np.zeros((1, 4, 4, 3))}, ArgumentError, "M: `input_tensor` must be a symbolic batch"),
        (
            {"weights": "imagenet", "classes": 1000, "classifier_activation": "relu"},
            ArgumentError,
            'M: `classifier_activation` must be None or "softmax"',
        ),
    ],
)
def test_bad_arguments(arguments, error, message, requests):
    with pytest.raises(error, match=message):
        application(**arguments)
    assert requests == []


def test_a_shape_beside_a_tensor_of_another():
    with pytest.raises(ShapeError, match=r"M: `input_shape` must be that of `input_tensor`"):
        application(input_tensor=Input((4, 5, 3)))
    application(input_tensor=Input((4, None, 3)))  # a free size is any


def test_activations_are_free_without_weights():
    assert made(classifier_activation="relu").layers[-1].activation is activations.relu
    application(weights="imagenet", classes=1000, classifier_activation=None)


def test_weights_of_a_file(tmp_path):
    model = made()
    model.save_weights(tmp_path / "m.weights.h5")
    again = made(weights=tmp_path / "m.weights.h5")
    x = np.ones((1, 4, 4, 3), "float32")
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))
    with pytest.raises(ModelFileError):
        made(weights=tmp_path / "m.weights.h5", classes=6)


@pytest.mark.parametrize("function", [EfficientNetB0, MobileNet, MobileNetV2, MobileNetV3Small])
def test_channels_first_gives_what_channels_last_does(function):
    images = np.random.default_rng(0).uniform(0, 1, (1, 34, 32, 3)).astype("float32")
    last = function(weights=None, include_top=False, pooling="avg", input_shape=(34, 32, 3))
    expected = last.predict(images, verbose=0)
    weights = last.get_weights()
    config.set_image_data_format("channels_first")
    first = function(weights=None, include_top=False, pooling="avg", input_shape=(3, 34, 32))
    del last
    # Normalization keeps its mean and its variance in the layout of the images.
    first.set_weights([new.reshape(old.shape) for new, old in zip(weights, first.weights, strict=True)])
    # Sums of up to a thousand products are in another order: float32 keeps six digits of the largest output.
    outputs = first.predict(images.transpose(0, 3, 1, 2), verbose=0)
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())
