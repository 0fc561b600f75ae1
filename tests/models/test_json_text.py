"""Models from JSON."""

import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.models import model_from_json


def test_the_same_model_with_new_weights():
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(3)], name="m")
    again = model_from_json(model.to_json())
    assert again.get_config() == model.get_config()
    assert [weight.shape for weight in again.weights] == [(2, 3), (3,)]
    assert (again.get_weights()[0] != model.get_weights()[0]).any()


def test_custom_classes():
    class Own(layers.Layer):
        def call(self, inputs):
            return inputs

    model = minikeras.Sequential([layers.Input((2,)), Own()])
    assert isinstance(model_from_json(model.to_json(), {"Own": Own}).layers[0], Own)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (3, ArgumentTypeError, "expects JSON text. Received: 3"),
        ("{", ArgumentError, "cannot parse this"),
        ("[1]", ArgumentError, "expects JSON text of an object"),
    ],
)
def test_refused(text, error, message):
    with pytest.raises(error, match=message):
        model_from_json(text)
