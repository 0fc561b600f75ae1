import pytest

from minikeras.engine.configs import describe, with_custom
from minikeras.engine.lookup import Lookup
from minikeras.errors import UnknownNameError
from minikeras.losses import MeanSquaredError, mean_squared_error
from minikeras.losses.configs import restore, restore_arguments, restore_function

FUNCTION = {
    "module": "builtins",
    "class_name": "function",
    "config": "mean_squared_error",
    "registered_name": "function",
}
FUNCTIONS = Lookup("function", "keras.losses", functions=[mean_squared_error])


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
