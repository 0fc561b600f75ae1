"""Optimizers by name, class, config and object."""

import pytest

from minikeras import optimizers
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from minikeras.optimizers import SGD, Optimizer, schedules

WITHOUT_DEFAULTS = {
    *("LossScaleOptimizer", "MultiOptimizer", "Optimizer", "OptimizerMap"),
    *("deserialize", "get", "legacy", "schedules", "serialize"),
}


@pytest.mark.parametrize("identifier", ["sgd", "SGD", "Sgd", SGD, {"class_name": "sgd", "config": {}}])
def test_get(identifier):
    optimizer = optimizers.get(identifier)
    assert type(optimizer) is SGD
    assert float(optimizer.learning_rate) == pytest.approx(0.01)


def test_get_returns_objects_as_they_are():
    optimizer = SGD()
    assert optimizers.get(optimizer) is optimizer
    assert optimizers.get(None) is None


def test_unknown_name_tells_the_nearest():
    with pytest.raises(UnknownNameError, match=r"Unknown optimizer: 'sdg'. Did you mean 'sgd'\?"):
        optimizers.get("sdg")


@pytest.mark.parametrize("name", sorted(set(optimizers.__all__) - set(WITHOUT_DEFAULTS)))
def test_every_name_however_it_is_written(name):
    cls = getattr(optimizers, name)
    for identifier in (name, name.lower(), name.upper(), cls, {"class_name": name, "config": {}}):
        assert type(optimizers.get(identifier)) is cls


@pytest.mark.parametrize("name", ["LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"])
def test_what_has_no_defaults_says_what_it_needs(name):
    with pytest.raises(ArgumentTypeError, match=f"{name}: expected `"):
        optimizers.get(name)


@pytest.mark.parametrize("identifier", [3, 0.1, print, int, object(), ["sgd"]])
def test_what_is_no_optimizer(identifier):
    with pytest.raises(ArgumentTypeError, match="Expected the name, class or config of an optimizer"):
        optimizers.get(identifier)


def test_serialize_and_back():
    optimizer = SGD(schedules.PolynomialDecay(0.5, 10), momentum=0.5, name="mine")
    config = optimizers.serialize(optimizer)
    assert (config["module"], config["class_name"], config["registered_name"]) == ("keras.optimizers", "SGD", None)
    again = optimizers.deserialize(config)
    assert again.get_config() == optimizer.get_config()


def test_custom_classes():
    class Mine(Optimizer):
        @classmethod
        def from_config(cls, config, custom_objects=None):
            return super().from_config(config, custom_objects)

    config = {"class_name": "Mine", "config": {"learning_rate": 0.5}}
    assert type(optimizers.deserialize(config, {"Mine": Mine})) is Mine
    with pytest.raises(UnknownNameError, match="'Mine'"):
        optimizers.deserialize(config)
    assert type(optimizers.deserialize({"class_name": "SGD", "config": {}}, {"Mine": Mine})) is SGD


def test_bad_configs():
    with pytest.raises(ArgumentError, match="needs the key 'class_name'"):
        optimizers.deserialize({"config": {}})
    with pytest.raises(ArgumentTypeError, match="Expected a config of an optimizer"):
        optimizers.deserialize("sgd")
    with pytest.raises(ArgumentTypeError, match="Expected an optimizer. Received: 'sgd'"):
        optimizers.serialize("sgd")
    with pytest.raises(ArgumentTypeError, match="unknown argument `rate`"):
        optimizers.deserialize({"class_name": "SGD", "config": {"rate": 1}})
