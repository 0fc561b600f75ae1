"""Which weights decay, and by how much."""

import json

import numpy as np
import pytest

from minikeras import Sequential, Variable, layers, saving
from minikeras.engine.memory_budget import LoadingScope
from minikeras.errors import ArgumentError, ArgumentTypeError, StateError
from minikeras.optimizers import SGD, LossScaleOptimizer
from minikeras.optimizers.weight_decay import WeightDecay
from minikeras.serialization.configs import deserialize_keras_object, serialize_keras_object


def decayed(exclude):
    variables = [Variable(np.float32([4.0]), name=name) for name in ("kernel", "bias", "bias_of_gate")]
    optimizer = SGD(0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(**exclude(variables))
    optimizer.apply([np.float32([0.0])] * 3, variables)
    return [float(variable.numpy()[0]) for variable in variables]


def test_excluded_by_name_and_by_variable():
    assert decayed(lambda variables: {}) == [3.0, 3.0, 3.0]
    assert decayed(lambda variables: {"var_names": ["bias"]}) == [3.0, 4.0, 4.0]
    assert decayed(lambda variables: {"var_names": ["^bias$", "ker"]}) == [4.0, 4.0, 3.0]
    assert decayed(lambda variables: {"var_list": variables[:1], "var_names": ["gate"]}) == [4.0, 3.0, 4.0]


def test_bad_calls():
    part = WeightDecay("mine", 0.5)
    with pytest.raises(ArgumentTypeError, match="'mine', `exclude_from_weight_decay`: expected a list of strings"):
        part.exclude_from_weight_decay(var_names="bias")
    part.built = True
    with pytest.raises(StateError, match="is built already"):
        part.exclude_from_weight_decay(var_names=["bias"])


def exclusions(variables, trained):
    """What does not decay, of an optimizer and of what is made of its config for other variables."""
    others = [Variable(np.float32([4.0]), name=variable.name) for variable in variables]
    optimizer = SGD(0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(variables[:1], ["gate"])
    if trained:
        optimizer.build(variables)
    config = json.loads(json.dumps(serialize_keras_object(optimizer)))
    again = deserialize_keras_object(config)
    assert serialize_keras_object(again)["exclusion_config"] == config["exclusion_config"]
    again.apply([np.float32([0.0])] * 3, others)
    return config["exclusion_config"], [float(variable.numpy()[0]) for variable in others]


def test_configs_keep_what_is_excluded():
    variables = [Variable(np.float32([4.0]), name=name) for name in ("kernel", "bias", "bias_of_gate")]
    assert exclusions(variables, True)[1] == exclusions(variables, False)[1] == [4.0, 3.0, 4.0]
    assert exclusions(variables, True)[0] == {"places": [0, 2]}
    assert exclusions(variables, False)[0] == {"places": ["kernel"], "var_names": ["gate"]}
    assert "exclusion_config" not in serialize_keras_object(SGD(0.5, weight_decay=0.5))


@pytest.mark.parametrize("end", ["keras", "h5"])
@pytest.mark.parametrize("trained", [True, False])
@pytest.mark.parametrize("around", [False, True])
def test_files_keep_what_is_excluded(end, trained, around, tmp_path):
    model = Sequential([layers.Input((1,)), layers.Dense(1, use_bias=False), layers.Dense(1, use_bias=False)])
    optimizer = SGD(0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay([model.layers[1].kernel])
    model.compile(LossScaleOptimizer(optimizer) if around else optimizer, "mse")
    x = np.zeros((2, 1), "float32")  # no gradients: the weights decay, and nothing else
    if trained:
        model.fit(x, x, verbose=0)
    model.save(tmp_path / f"a.{end}")
    again = saving.load_model(tmp_path / f"a.{end}")
    again.set_weights([np.float32([[4.0]])] * 2)
    again.fit(x, x, verbose=0)
    assert [float(weight.numpy()[0, 0]) for weight in again.weights] == [3.0, 4.0]


@pytest.mark.parametrize("config", [{"places": 3}, {"places": [1.5]}, {"var_names": "bias"}, {"var_names": [3]}])
def test_bad_configs(config):
    with pytest.raises(ArgumentTypeError, match="expected"):
        SGD().exclusion_from_config(config)


def test_patterns_that_never_end():
    with LoadingScope(1000), pytest.raises(ArgumentError, match="exclude_from_weight_decay`: patterns from files"):
        SGD().exclusion_from_config({"var_names": ["(a+)+$"]})
