"""What users see of the measurements: plain dicts of Python floats."""

import json
import pickle

import numpy as np
import pytest

from minikeras.callbacks.logs import python_logs
from minikeras.errors import LegacyWarning


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


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("acc", "accuracy"),
        ("val_acc", "val_accuracy"),
        ("val_out_acc", "val_out_accuracy"),
        ("mean_absolute_error", "mae"),
        ("val_mean_squared_error", "val_mse"),
        ("mean_squared_logarithmic_error", "MSLE"),
        ("lr", "learning_rate"),
    ],
)
def test_names_of_keras_2_are_found(old, today):
    logs = python_logs({today: 0.5, "loss": 1})
    with pytest.warns(LegacyWarning, match=f"'{old}' in the logs .* write '{today}'") as caught:
        assert logs[old] == logs.get(old) == 0.5
    assert len(caught) == 2 and {warning.filename for warning in caught} == {__file__}
    assert old not in logs and list(logs) == sorted(["loss", today])


def test_names_that_are_not_there():
    logs = python_logs({"loss": 1.0, "accuracy": 0.5})
    assert logs.get("val_acc") is None and logs.get("mae", 3) == 3 and logs.get(("acc",)) is None
    with pytest.raises(KeyError, match="val_acc"):
        logs["val_acc"]
    both = python_logs({"acc": 1, "accuracy": 2})
    assert both["acc"] == 1.0  # by the name it has


def test_logs_are_stored_as_plain_dicts():
    logs = python_logs({"accuracy": 0.5})
    assert type(pickle.loads(pickle.dumps(logs))) is dict and json.loads(json.dumps(logs)) == {"accuracy": 0.5}
    with pytest.warns(LegacyWarning):
        assert logs.copy()["acc"] == 0.5
