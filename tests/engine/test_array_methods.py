"""The methods of numpy arrays on traced values, variables and symbolic values."""

import inspect

import numpy as np
import pytest

from minikeras import KerasTensor, Variable
from minikeras.compiler.step import Step
from minikeras.engine.array_methods import ArrayMethods
from minikeras.errors import ArgumentTypeError

X = np.random.default_rng(0).uniform(0.5, 2, (2, 3)).astype("float32")
CALLS = {
    "T": lambda x: x.T,
    "all": lambda x: x.all(axis=0),
    "any": lambda x: x.any(),
    "argmax": lambda x: x.argmax(axis=1),
    "argmin": lambda x: x.argmin(axis=1),
    "argsort": lambda x: x.argsort(axis=1),
    "astype": lambda x: x.astype("int32"),
    "clip": lambda x: x.clip(1, 1.5),
    "copy": lambda x: x.copy(),
    "cumsum": lambda x: x.cumsum(axis=1),
    "diagonal": lambda x: x.diagonal(),
    "dot": lambda x: x.dot(np.ones(3, "float32")),
    "flatten": lambda x: x.flatten(),
    "mT": lambda x: x.mT,
    "max": lambda x: x.max(axis=0),
    "mean": lambda x: x.mean(axis=0, keepdims=True),
    "min": lambda x: x.min(),
    "prod": lambda x: x.prod(axis=0),
    "ravel": lambda x: x.ravel(),
    "repeat": lambda x: x.repeat(2, axis=0),
    "reshape": lambda x: x.reshape(3, -1) + x.reshape((3, 2)),
    "round": lambda x: x.round(1),
    "squeeze": lambda x: x[:1].squeeze(0),
    "std": lambda x: x.std(axis=0),
    "sum": lambda x: x.sum(axis=0),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "take": lambda x: x.take([0, 2], axis=1),
    "transpose": lambda x: x.transpose(1, 0) + x.transpose((1, 0)) + x.transpose(),
    "var": lambda x: x.var(axis=0),
}


def test_each_method_has_a_case():
    methods = [name for name, _ in inspect.getmembers(ArrayMethods) if not name.startswith("_")]
    assert sorted(methods) == sorted(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_traced_and_replayed(name):
    expected = CALLS[name](X)
    step = Step(CALLS[name], "a step")
    for _ in range(2):
        found = step(X)
        np.testing.assert_allclose(found, expected, rtol=1e-6)
        assert found.shape == expected.shape


@pytest.mark.parametrize("name", CALLS)
def test_variables(name):
    np.testing.assert_allclose(CALLS[name](Variable(X)), CALLS[name](X), rtol=1e-6)


def test_the_shape_by_its_name_in_keras():
    for value in (KerasTensor((2, 3)), Variable(X)):
        assert tuple(value.reshape(newshape=(3, -1)).shape) == (3, 2)
        with pytest.raises(ArgumentTypeError, match="`reshape`: expected one shape"):
            value.reshape(3, newshape=(3, 2))


@pytest.mark.parametrize("name", CALLS)
def test_symbolic_values(name):
    assert CALLS[name](KerasTensor((2, 3))).shape == CALLS[name](X).shape
