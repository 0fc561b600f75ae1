import pytest

from minikeras.errors import ArgumentError, UnknownNameError
from minikeras.losses import Loss, MeanSquaredError, mean_squared_error
from minikeras.losses.configs import describe, restore, restore_arguments, restore_function, with_custom
from minikeras.serialization.lookup import Lookup

FUNCTION = {
    "module": "builtins",
    "class_name": "function",
    "config": "mean_squared_error",
    "registered_name": "function",
}
FUNCTIONS = Lookup("function", "keras.losses", functions=[mean_squared_error])


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


def test_restore_function():
    assert restore_function(FUNCTION, FUNCTIONS) is mean_squared_error
    assert restore_function("mean_squared_error", FUNCTIONS) is mean_squared_error
    assert restore_function(len, FUNCTIONS) is len
    with pytest.raises(UnknownNameError, match="Did you mean 'mean_squared_error'"):
        restore_function("mean_squared_eror", FUNCTIONS)


def test_restore_arguments():
    assert restore_arguments({"fn": FUNCTION, "a": 1}, [mean_squared_error]) == {"fn": mean_squared_error, "a": 1}
    assert restore_arguments({"a": 1}, FUNCTIONS) == {"a": 1}


def test_custom_objects_come_first():
    class MySquaredError(MeanSquaredError):
        pass

    lookup = with_custom(
        {"MeanSquaredError": MySquaredError}, [MeanSquaredError], [], {}, kind="loss", module="keras.losses"
    )
    found = restore(describe(MeanSquaredError(), "keras.losses"), lookup, lookup)
    assert type(found) is MySquaredError
