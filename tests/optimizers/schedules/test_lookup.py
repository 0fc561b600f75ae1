"""Schedules to and from configs."""

import pytest

from minikeras.errors import ArgumentError, UnknownNameError
from minikeras.optimizers import schedules


def test_serialize():
    assert schedules.serialize(schedules.ExponentialDecay(0.5, 10, 0.25)) == {
        "module": "keras.optimizers.schedules",
        "class_name": "ExponentialDecay",
        "config": {
            "initial_learning_rate": 0.5,
            "decay_steps": 10,
            "decay_rate": 0.25,
            "staircase": False,
            "name": "ExponentialDecay",
        },
        "registered_name": None,
    }


def test_deserialize():
    schedule = schedules.deserialize(
        {"class_name": "PiecewiseConstantDecay", "config": {"boundaries": [1], "values": [2.0, 1.0]}}
    )
    assert isinstance(schedule, schedules.PiecewiseConstantDecay)
    assert float(schedule(0)) == 2.0


def test_custom_classes():
    class Halved(schedules.ExponentialDecay):
        pass

    config = schedules.serialize(Halved(0.5, 1, 0.5))
    assert type(schedules.deserialize(config, custom_objects={"Halved": Halved})) is Halved
    with pytest.raises(UnknownNameError, match="Unknown learning rate schedule: 'Halved'"):
        schedules.deserialize(config)


def test_unknown_class_tells_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'CosineDecay'"):
        schedules.deserialize({"class_name": "CosinDecay", "config": {}})


def test_config_without_class():
    with pytest.raises(ArgumentError, match="needs the key 'class_name'"):
        schedules.deserialize({"config": {}})
