"""Which weights decay, and by how much."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentTypeError, StateError
from minikeras.optimizers import SGD
from minikeras.optimizers.weight_decay import WeightDecay


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
