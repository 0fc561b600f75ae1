import pytest

from minikeras.engine.configs import describe, with_custom
from minikeras.errors import ArgumentError
from minikeras.losses import Loss, MeanSquaredError, mean_squared_error

FUNCTION = {
    "module": "builtins",
    "class_name": "function",
    "config": "mean_squared_error",
    "registered_name": "function",
}


def test_describe_a_function():
    assert describe(mean_squared_error, "keras.losses") == FUNCTION


def test_describe_an_object():
    assert describe(MeanSquaredError(), "keras.losses") == {
        "module": "keras.losses",
        "class_name": "MeanSquaredError",
        "config": {"name": "mean_squared_error", "reduction": "sum_over_batch_size"},
        "registered_name": None,
    }


def test_describe_an_object_of_the_user():
    class Mine(Loss):
        pass

    config = describe(Mine(name="m"), "keras.losses")
    assert (config["module"], config["class_name"], config["registered_name"]) == (__name__, "Mine", "Mine")


def test_what_cannot_be_described():
    with pytest.raises(ArgumentError, match="3 cannot be described"):
        describe(3, "keras.losses")


def test_objects_of_the_user_come_first_and_by_their_own_names():
    class MySquaredError(MeanSquaredError):
        pass

    def mine(y_true, y_pred):
        return y_pred

    own = {"MeanSquaredError": MySquaredError, "theirs": mine}
    lookup = with_custom(own, [MeanSquaredError], [], {"mse": "MeanSquaredError"}, kind="loss", module="keras.losses")
    assert type(lookup.get("MeanSquaredError")) is MySquaredError
    assert lookup.get("theirs") is lookup.get("mine") is mine
    assert type(lookup.get("mse")) is MeanSquaredError
