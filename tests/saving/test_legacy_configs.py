"""Configs of Keras 2 in their current form, and back."""

import pytest

from minikeras.saving import CustomObjectScope
from minikeras.saving.legacy_configs import legacy_model, legacy_training, upgraded_model, upgraded_training

DENSE = {"class_name": "Dense", "config": {"name": "d", "units": 3}}


def tensor(name, call=0, output=0):
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, call, output]}}


def test_current_configs_stay_as_they_are():
    config = {"module": "keras", "class_name": "Sequential", "config": {"layers": []}}
    assert upgraded_model(config) is config


def test_a_stack_begins_with_its_input():
    old = {
        "class_name": "Sequential",
        "config": [{**DENSE, "config": {**DENSE["config"], "batch_input_shape": [None, 4]}}],
    }
    new = upgraded_model(old)
    assert (new["module"], new["class_name"]) == ("keras", "Sequential")
    first, second = new["config"]["layers"]
    assert first == {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "dtype": None}}
    assert second["config"] == {"name": "d", "units": 3}
    assert old["config"][0]["config"]["batch_input_shape"] == [None, 4]  # the old one is not modified


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            {"units": 3, "kernel_initializer": {"class_name": "Zeros", "config": {"dtype": "float32"}}},
            {"units": 3, "kernel_initializer": {"class_name": "Zeros", "config": {}}},
        ),
        (
            {"units": 3, "dtype": {"class_name": "Policy", "config": {"name": "mixed_float16"}}},
            {"units": 3, "dtype": "mixed_float16"},
        ),
        ({"units": 3, "unknown": None}, {"units": 3}),
        ({"units": 3, "unknown": 2}, {"units": 3, "unknown": 2}),  # which the class refuses
    ],
)
def test_arguments(old, new):
    assert upgraded_model({"class_name": "Dense", "config": old})["config"] == new


def test_axes():
    old = {"class_name": "BatchNormalization", "config": {"axis": [3]}}
    assert upgraded_model(old)["config"] == {"axis": 3}


def test_lambdas():
    code = {
        "class_name": "Lambda",
        "config": {"function": ["code", None, None], "function_type": "lambda", "module": "m"},
    }
    assert upgraded_model(code)["config"] == {
        "function": {"class_name": "__lambda__", "config": {"code": "code", "defaults": None, "closure": None}}
    }
    named = {"class_name": "Lambda", "config": {"function": "double", "function_type": "function"}}
    assert upgraded_model(named)["config"] == {"function": {"class_name": "function", "config": "double"}}


def test_graphs():
    old = {
        "class_name": "Model",
        "config": {
            "layers": [
                {"class_name": "InputLayer", "name": "x", "config": {"name": "x"}, "inbound_nodes": []},
                {**DENSE, "name": "d", "inbound_nodes": [[["x", 0, 0, {"training": True}]]]},
                {
                    "class_name": "Add",
                    "name": "s",
                    "config": {"trainable": True},
                    "inbound_nodes": [[["x", 0, 0], ["d", 0, 0]]],
                },
                {"class_name": "Sequential", "name": "m", "config": {"layers": []}, "inbound_nodes": [[["s", 0, 0]]]},
            ],
            "input_layers": [["x", 0, 0]],
            "output_layers": [["m", 1, 0]],
        },
    }
    new = upgraded_model(old)
    assert new["class_name"] == "Functional" and new["module"] == "keras.src.models.functional"
    nodes = [entry["inbound_nodes"] for entry in new["config"]["layers"]]
    assert nodes == [
        [],
        [{"args": [tensor("x")], "kwargs": {"training": True}}],
        [{"args": [[tensor("x"), tensor("d")]], "kwargs": {}}],
        [{"args": [tensor("s")], "kwargs": {}}],
    ]
    assert new["config"]["output_layers"] == [["m", 0, 0]]  # the model's own first call was counted


def test_ops_in_graphs():
    op = {"class_name": "Add", "name": "add", "config": {"name": "add"}, "inbound_nodes": []}
    layer = {"class_name": "Add", "name": "add", "config": {"name": "add", "trainable": True}, "inbound_nodes": []}
    new = upgraded_model({"class_name": "Functional", "config": {"layers": [op, layer]}})
    first, second = new["config"]["layers"]
    assert first["module"] == "keras.src.ops.numpy" and "module" not in second


def test_training():
    new = upgraded_training(
        {
            "optimizer_config": {"class_name": "SGD", "config": {"lr": 0.5, "decay": 0.0, "jit_compile": True}},
            "loss": {"class_name": "MeanSquaredError", "config": {"reduction": "auto", "fn": "x"}},
            "metrics": ["mae", {"class_name": "Mean", "config": {}}],
            "loss_weights": None,
        }
    )
    assert new["optimizer"] == {
        "class_name": "SGD",
        "module": "keras.optimizers",
        "config": {"learning_rate": 0.5},
        "registered_name": "SGD",
    }
    assert new["loss"]["module"] == "keras.losses" and new["loss"]["config"] == {"reduction": "sum_over_batch_size"}
    assert new["metrics"][0] == "mae" and new["metrics"][1]["module"] == "keras.metrics"
    assert "loss_weights" not in new


def test_schedules():
    schedule = {"class_name": "ExponentialDecay", "config": {}}
    new = upgraded_training({"optimizer_config": {"class_name": "Adam", "config": {"learning_rate": schedule}}})
    assert new["optimizer"]["config"]["learning_rate"]["module"] == "keras.optimizers.schedules"


def test_models_in_the_old_form():
    new = {
        "module": "keras",
        "class_name": "Sequential",
        "registered_name": None,
        "config": {
            "name": "m",
            "layers": [{"module": "keras.layers", "registered_name": None, "build_config": {}, **DENSE}],
        },
    }
    assert legacy_model(new) == {"class_name": "Sequential", "config": {"name": "m", "layers": [DENSE]}}
    assert legacy_model({**new, "registered_name": "my>Stack"})["class_name"] == "my>Stack"


def test_a_layer_has_the_name_of_its_class_in_keras():
    """As in files of Keras 3.15.1, whose class has no public name of its own."""
    new = {"module": "keras.layers", "class_name": "GroupQueryAttention", "config": {}, "registered_name": None}
    old = legacy_model(new)
    assert old == {"class_name": "GroupedQueryAttention", "config": {}}
    assert upgraded_model(old)["class_name"] == "GroupQueryAttention"
    with CustomObjectScope({"GroupedQueryAttention": object}):  # a class of the user
        assert upgraded_model(old)["class_name"] == "GroupedQueryAttention"
    assert legacy_model({**new, "module": "shop"})["class_name"] == "GroupQueryAttention"


def test_ops_keep_their_module():
    op = {"module": "keras.src.ops.numpy", "class_name": "Add", "config": {"name": "add"}, "inbound_nodes": []}
    entry = {"class_name": "Functional", "config": {"layers": [op]}}
    assert legacy_model(entry)["config"]["layers"] == [op]


def test_an_ellipsis_is_spelled_out():
    x = {"class_name": "__keras_tensor__", "config": {"shape": [None, 3, 4]}}
    key = [{"class_name": "__ellipsis__", "config": {}}, 0]
    op = {"module": "keras.src.ops.numpy", "class_name": "GetItem", "inbound_nodes": [{"args": [x, key], "kwargs": {}}]}
    written = legacy_model({"class_name": "Functional", "config": {"layers": [op]}})["config"]["layers"][0]
    whole = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}
    assert written["inbound_nodes"][0]["args"][1] == [whole, whole, 0]


def test_training_in_the_old_form():
    optimizer = {"module": "keras.optimizers", "class_name": "SGD", "config": {}, "registered_name": None}
    old = legacy_training({"optimizer": optimizer, "loss": {"a": "mse", "b": ["mae", None]}, "metrics": ["mse"]})
    assert old == {
        "optimizer_config": {"class_name": "SGD", "config": {}},
        "loss": {"a": "mean_squared_error", "b": ["mean_absolute_error", None]},
        "metrics": ["mse"],
    }
