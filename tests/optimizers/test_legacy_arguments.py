"""The arguments of Keras 2, and arguments that nobody knows."""

import numpy as np
import pytest

from minikeras import optimizers
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning
from minikeras.optimizers import SGD, Optimizer, schedules


def test_lr():
    with pytest.warns(LegacyWarning, match=r"`lr=0.25` is the spelling of an older Keras; write `learning_rate=0.25`"):
        optimizer = SGD(lr=0.25)
    assert float(optimizer.learning_rate) == 0.25


def test_lr_may_be_a_whole_number():
    with pytest.warns(LegacyWarning):
        assert float(SGD(lr=1).learning_rate) == 1.0


def test_lr_and_learning_rate():
    with pytest.raises(ArgumentError, match=r"give only one of them. Received: learning_rate=0.5, lr=0.25"):
        SGD(0.5, lr=0.25)


@pytest.mark.parametrize("lr", ["0.1", None])
def test_bad_lr(lr):
    with pytest.raises(ArgumentTypeError, match="expected `learning_rate` to be a positive float"):
        SGD(lr=lr)


def test_decay_divides_by_one_more_than_the_product_with_the_steps():
    with pytest.warns(LegacyWarning, match=r"InverseTimeDecay\(1\.0, decay_steps=1, decay_rate=0\.5\)"):
        optimizer = SGD(1.0, decay=0.5)
    variable = Variable(np.float32([0.0]))
    moves = []
    for _ in range(3):
        before = variable.numpy()[0]
        optimizer.apply([np.float32([1.0])], [variable])
        moves.append(before - variable.numpy()[0])
    np.testing.assert_allclose(moves, [1, 1 / 1.5, 1 / 2], rtol=1e-6)


def test_lr_and_decay():
    with pytest.warns(LegacyWarning) as caught:
        optimizer = SGD(lr=0.5, decay=0.25, momentum=0.5)
    assert len(caught) == 2
    config = optimizer.get_config()["learning_rate"]["config"]
    assert (config["initial_learning_rate"], config["decay_rate"], config["decay_steps"]) == (0.5, 0.25, 1)


@pytest.mark.parametrize("decay", [0, 0.0])
def test_no_decay_keeps_the_number(decay):
    with pytest.warns(LegacyWarning, match="it has no effect"):
        optimizer = SGD(0.5, decay=decay)
    optimizer.learning_rate = 0.25
    assert float(optimizer.learning_rate) == 0.25


@pytest.mark.parametrize("decay", [-0.1, float("nan")])
def test_bad_decay(decay):
    with pytest.raises(ArgumentError, match="`decay` must be a finite number >= 0"):
        SGD(decay=decay)


def test_decay_and_schedule():
    with pytest.raises(ArgumentError, match="`decay` can only be combined with a number"):
        SGD(schedules.CosineDecay(0.1, 10), decay=0.1)


def test_unknown_argument_lists_the_known_ones():
    message = (
        r"SGD: unknown argument `momentun`\. Did you mean `momentum`\? Allowed: learning_rate, momentum, .*, name\."
    )
    with pytest.raises(ArgumentTypeError, match=message + r" Received: momentun=0\.9"):
        SGD(momentun=0.9)


def test_arguments_of_base_classes_are_listed_too():
    class Mine(Optimizer):
        def __init__(self, speed=0.1, **kwargs):
            super().__init__(speed, **kwargs)

    with pytest.raises(
        ArgumentTypeError, match="Mine: unknown argument `x`. Allowed: speed, learning_rate, weight_decay"
    ):
        Mine(x=1)


WITH_EPSILON = ["Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "Lamb", "Nadam", "RMSprop"]


def test_all_optimizers_take_them():
    for name in (*WITH_EPSILON, "Adafactor", "Ftrl", "Lion", "Muon", "SGD", "ScheduleFreeAdamW"):
        with pytest.warns(LegacyWarning) as caught:
            optimizer = getattr(optimizers, name)(lr=0.5, decay=1.0)
        assert len(caught) == 2 and float(optimizer.learning_rate) == 0.5
        optimizer.apply([np.float32([1.0])], [Variable(np.float32([2.0]))])
        assert float(optimizer.learning_rate) == 0.25


def test_no_epsilon_means_the_usual_one():
    for name in WITH_EPSILON:
        with pytest.warns(LegacyWarning, match=rf"`{name}\(epsilon=None\)` .* `epsilon=1e-07`, or nothing"):
            assert getattr(optimizers, name)(epsilon=None).epsilon == 1e-7


@pytest.mark.parametrize(("rate", "text"), [(1, "write `learning_rate=1.0`"), (-1, "write `learning_rate`.")])
def test_what_the_warning_says_to_write_can_be_written(rate, text):
    with pytest.warns(LegacyWarning) as caught:
        assert float(SGD(lr=rate).learning_rate) == rate
    assert text in str(caught[0].message)
