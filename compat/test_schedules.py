"""Learning rate schedules next to those of Keras."""

import inspect

import keras
import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable
from minikeras.optimizers import schedules

CASES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.7}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.7, "staircase": True}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7.5, "decay_rate": 1.1, "name": "x"}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.7}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.7, "staircase": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 1e-3}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 60}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 60, "end_learning_rate": 0.02, "power": 0.5}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 60, "power": 2.0, "cycle": True}),
    ("PolynomialDecay", {"initial_learning_rate": 0.01, "decay_steps": 60, "end_learning_rate": 0.1}),
    ("PiecewiseConstantDecay", {"boundaries": [50, 100, 150], "values": [0.1, 0.05, 0.2, 0.01]}),
    ("PiecewiseConstantDecay", {"boundaries": [50], "values": [0.1, 0.05]}),
    ("PiecewiseConstantDecay", {"boundaries": [50.0, 99.5], "values": [0.1, 0.05, 0.02]}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 120}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 120, "alpha": 0.2}),
    ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 120, "warmup_target": 0.1, "warmup_steps": 40}),
    ("CosineDecay", {"initial_learning_rate": 0.05, "decay_steps": 90, "warmup_target": 0.1, "warmup_steps": 0}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 20}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 30, "t_mul": 1.0, "m_mul": 0.8}),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 20, "t_mul": 1.5, "m_mul": 0.9, "alpha": 0.1},
    ),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 3.0}),
]
# Everything is about what the reference lists, so that a name minikeras lacks fails.
NAMES = [name for name in dir(keras.optimizers.schedules) if not name.startswith("_")]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.optimizers.schedules, name))]
both = pytest.mark.parametrize(("name", "options"), CASES, ids=lambda value: value if isinstance(value, str) else "")


def make(name, options):
    return getattr(schedules, name)(**options), getattr(keras.optimizers.schedules, name)(**options)


def test_names():
    assert schedules.__all__ == NAMES
    assert {name for name, _ in CASES} == {name for name in CLASSES if name != "LearningRateSchedule"}


@pytest.mark.parametrize("name", NAMES)
def test_arguments(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (schedules, keras.optimizers.schedules))
    described = [[(each.name, each.default) for each in side.parameters.values()] for side in (ours, theirs)]
    assert described[0] == described[1]


@both
def test_two_hundred_steps(name, options):
    ours, theirs = make(name, options)
    steps = Variable(0, dtype="int32")

    def replayed(_):
        rate = ours(steps)
        steps.assign_add(1)
        return rate

    step = Step(replayed, "step")
    none = np.float32(0)
    mine = [step([none]).copy() for _ in range(201)]
    assert {rate.dtype for rate in mine} == {np.dtype("float32")}
    expected = [keras.ops.convert_to_numpy(theirs(keras.Variable(number, dtype="int"))) for number in range(201)]
    # Half a cosine wave ends at 0, where what counts is the difference relative to its height.
    atol = 1e-7 * max(expected) if name.startswith("Cosine") or name == "PolynomialDecay" else 0
    np.testing.assert_allclose(mine, expected, rtol=1e-6, atol=atol)
    np.testing.assert_array_equal(mine, [ours(number) for number in range(201)])


@both
def test_config(name, options):
    ours, theirs = make(name, options)
    assert ours.get_config() == theirs.get_config()
    assert list(ours.get_config()) == list(theirs.get_config())
    assert schedules.serialize(ours) == keras.optimizers.schedules.serialize(theirs)
    again = schedules.deserialize(keras.optimizers.schedules.serialize(theirs))
    assert type(again) is type(ours)
    assert again.get_config() == theirs.get_config()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 0, "decay_rate": 0.7}),
        ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": -1, "decay_rate": 0.7}),
        ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 0}),
        ("PiecewiseConstantDecay", {"boundaries": [50, 100], "values": [0.1, 0.05]}),
        ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 0}),
        ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 0}),
    ],
)
def test_what_keras_refuses_is_refused(name, options):
    for module in (schedules, keras.optimizers.schedules):
        with pytest.raises(ValueError, match="."):
            getattr(module, name)(**options)
