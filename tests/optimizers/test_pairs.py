"""Gradients and the variables they belong to."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.compiler.step import Step
from minikeras.engine.replicas import gradients_are_reduced, in_step
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from minikeras.optimizers.pairs import of_all_processes, present_pairs
from tests.distribution.groups import Answers, shared


def test_pairs_have_the_dtype_of_the_variable():
    variables = [Variable(np.zeros(2, dtype)) for dtype in ("float16", "float64")]
    pairs = present_pairs("opt", [[1, 2], np.float32([3, 4])], variables)
    assert [(gradient.dtype.name, variable) for gradient, variable in pairs] == [
        ("float16", variables[0]),
        ("float64", variables[1]),
    ]


def test_what_does_not_fit():
    variables = [Variable(np.zeros(2, "float32"), name=name) for name in ("a", "b")]
    with pytest.raises(ShapeError, match=r"'opt', `apply`: expected a gradient of shape \(2,\) for variable 'b'"):
        present_pairs("opt", [np.zeros(2), np.zeros(3)], variables)
    with pytest.raises(ArgumentError, match=r"no gradient for any of the variables \['a', 'b'\]"):
        present_pairs("opt", [None, None], variables)
    with pytest.warns(UserWarning, match=r"no gradients for the variables \['a'\]"):
        assert len(present_pairs("opt", [None, np.zeros(2)], variables)) == 1


def test_gradients_of_all_processes():
    variable = Variable(np.zeros(2))
    pairs = [(np.array([4.0, 8.0]), variable)]

    def step(x):
        gradient = pairs[0][0] * x
        with gradients_are_reduced():
            assert of_all_processes([(gradient, variable)])[0][0] is gradient
        return of_all_processes([(gradient, variable)])[0][0]

    assert of_all_processes(pairs) is pairs
    with shared(Answers([10, 20])) as replicas:
        assert of_all_processes(pairs) is pairs  # outside of a step of the training
        replicas.set_rows(1, 4)
        assert Step(in_step("train", step), "test")(np.array(1.0)).tolist() == [11, 22]
        variable.overwrite_with_gradient = True
        with pytest.raises(NotSupportedError, match="cannot overwrite variables with their gradients"):
            in_step("train", lambda data: of_all_processes(data))(pairs)
