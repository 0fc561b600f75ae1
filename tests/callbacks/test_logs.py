"""What users see of the measurements: plain dicts of Python floats."""

import numpy as np

from minikeras.callbacks.logs import python_logs


def test_numbers_become_python_floats():
    logs = python_logs({"d": True, "c": 3, "b": np.float32(0.5), "a": np.array(0.25)})
    assert list(logs.items()) == [("a", 0.25), ("b", 0.5), ("c", 3.0), ("d", 1.0)]
    assert {type(value) for value in logs.values()} == {float}


def test_nothing_is_an_empty_dict():
    assert python_logs(None) == {}
    assert python_logs(lambda: None) == {}


def test_result_is_a_new_dict():
    logs = {"loss": 0.5}
    assert python_logs(logs) is not logs


def test_function_is_called():
    assert python_logs(lambda: {"loss": 1}) == {"loss": 1.0}


def test_inner_dicts_are_merged():
    assert python_logs({"z": 1, "inner": {"b": 2, "a": {"deep": 3}}}) == {"deep": 3.0, "b": 2.0, "z": 1.0}


def test_what_is_no_number_stays():
    outputs = np.ones((1, 1), "float32")
    logs = python_logs({"outputs": outputs, "name": "best", "nothing": None})
    assert logs["outputs"] is outputs
    assert logs["name"] == "best"
    assert logs["nothing"] is None
