import numpy as np
import pytest

from minikeras import losses
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from minikeras.losses.functions import FUNCTIONS
from minikeras.losses.wrapper import LossFunctionWrapper


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse", losses.mean_squared_error),
        ("MSE", losses.mean_squared_error),
        ("mean_squared_error", losses.mean_squared_error),
        ("mae", losses.mean_absolute_error),
        ("MAE", losses.mean_absolute_error),
        ("bce", losses.binary_crossentropy),
        ("BCE", losses.binary_crossentropy),
        ("BCE", losses.binary_crossentropy),
        ("kld", losses.kl_divergence),
        ("KLD", losses.kl_divergence),
        ("mape", losses.mean_absolute_percentage_error),
        ("MAPE", losses.mean_absolute_percentage_error),
        ("msle", losses.mean_squared_logarithmic_error),
        ("MSLE", losses.mean_squared_logarithmic_error),
        *((function.__name__, function) for function in FUNCTIONS),
        ("categorical_crossentropy", losses.categorical_crossentropy),
        ("sparse_categorical_crossentropy", losses.sparse_categorical_crossentropy),
    ],
)
def test_functions_by_name(name, expected):
    assert losses.get(name) is expected
    assert losses.deserialize(name) is expected


CLASSES = [getattr(losses, name) for name in losses.__all__ if name[0].isupper() and name != "Loss"]


@pytest.mark.parametrize("cls", CLASSES)
def test_classes(cls):
    assert type(losses.get(cls.__name__)) is cls
    assert type(losses.get(cls)) is cls
    loss = cls(reduction="sum", name="own")
    assert losses.get(loss) is loss
    again = losses.deserialize(losses.serialize(loss))
    assert type(again) is cls and again.get_config() == loss.get_config()
    assert losses.get(losses.serialize(loss)).name == "own"


def test_none_and_functions_are_returned():
    def mine(y_true, y_pred):
        return y_pred

    assert losses.get(None) is None
    assert losses.get(mine) is mine
    assert losses.get(losses.serialize(losses.mean_squared_error)) is losses.mean_squared_error


def test_wrapped_function_round_trip():
    loss = LossFunctionWrapper(losses.mean_squared_error, name="x")
    again = losses.deserialize(losses.serialize(loss))
    assert again.fn is losses.mean_squared_error and again.name == "x"


def test_custom_objects():
    def mine(y_true, y_pred):
        return y_pred * 2

    class Mine(losses.Loss):
        def call(self, y_true, y_pred):
            return y_pred * 3

    assert losses.deserialize(losses.serialize(mine), custom_objects={"mine": mine}) is mine
    assert isinstance(losses.deserialize(losses.serialize(Mine()), custom_objects={"Mine": Mine}), Mine)
    wrapped = losses.serialize(LossFunctionWrapper(mine))
    loss = losses.deserialize(wrapped, custom_objects={"mine": mine})
    np.testing.assert_allclose(loss([0.0], [1.0]), 2.0)
    with pytest.raises(UnknownNameError, match="'Mine'"):
        losses.deserialize(losses.serialize(Mine()))


def test_unknown_name():
    with pytest.raises(UnknownNameError, match="Unknown loss: 'categorical_crossentrpy'.*'categorical_crossentropy'"):
        losses.get("categorical_crossentrpy")


def test_wrong_type():
    with pytest.raises(ArgumentTypeError, match="Received: 3 of type int"):
        losses.get(3)


def test_incomplete_config():
    with pytest.raises(ArgumentError, match="class_name"):
        losses.get({"config": {}})
