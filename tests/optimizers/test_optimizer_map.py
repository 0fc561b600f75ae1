"""Optimizers by patterns of paths."""

import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers import SGD, LossScaleOptimizer, MultiOptimizer, OptimizerMap


@pytest.fixture
def chosen():
    return OptimizerMap(SGD(name="rest"), {"x/.*": SGD(name="x"), "x/y": SGD(name="xy"), ".*/z": SGD(name="z")})


def test_lookup(chosen):
    paths = ["x/y", "x/a", "x", "b/z", "b/zz", "ax/y"]
    assert [chosen[path].name for path in paths] == ["xy", "x", "rest", "z", "rest", "rest"]
    assert chosen(Variable(1.0, name="x/a")).name == "x"
    assert chosen.default_optimizer.name == "rest"
    with pytest.raises(ArgumentError, match=r"one key to match the path 'x/z'. Received: \['x/\.\*', '\.\*/z'\]"):
        chosen["x/z"]


def test_it_is_a_dictionary(chosen):
    assert (list(chosen), len(chosen)) == (["x/.*", "x/y", ".*/z"], 3)
    del chosen["x/.*"]
    assert chosen["x/z"].name == "z"
    chosen["new"] = SGD(name="new")
    assert [optimizer.name for optimizer in chosen.values()] == ["xy", "z", "new"]


def test_bad_entries_change_nothing(chosen):
    others = LossScaleOptimizer(SGD()), MultiOptimizer(OptimizerMap(SGD())), "sgd", None
    for key, optimizer, message in [
        ("x/y", SGD(), "'x/y' exists already"),
        (3, SGD(), "expected a key to be a string"),
        ("(", SGD(), r"'\(' is not a valid regular expression"),
        *(("n", other, "expected the optimizer of 'n' to be a single one") for other in others),
    ]:
        with pytest.raises(ArgumentError, match=message):
            chosen[key] = optimizer
    assert len(chosen) == 3


def test_bad_arguments():
    with pytest.raises(ArgumentTypeError, match="expected `default_optimizer` to be an optimizer"):
        OptimizerMap("sgd")
    with pytest.raises(ArgumentTypeError, match="expected `optimizer_map` to be a dictionary"):
        OptimizerMap(SGD(), [("x", SGD())])


def test_config(chosen):
    config = chosen.get_config()
    again = OptimizerMap.from_config(config)
    assert again.get_config() == config
    assert again["x/a"].name == "x" and again.default_optimizer.name == "rest"
