"""SGD, on steps worked by hand, and what it records."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers import SGD
from tests.helpers import run_optimizer_test


def steps_of(optimizer, start, gradients):
    variable = Variable(np.float32(start))
    after = []
    for gradient in gradients:
        optimizer.apply([np.float32(gradient)], [variable])
        after.append(variable.numpy().tolist())
    return after


def test_plain():
    assert steps_of(SGD(0.5), [1.0, 2.0], [[1.0, -2.0], [2.0, 0.0]]) == [[0.5, 3.0], [-0.5, 3.0]]


def test_default_learning_rate():
    assert steps_of(SGD(), [1.0], [[100.0]]) == [[0.0]]


def test_momentum():
    # m = -1, then 0.5 * -1 - 1 = -1.5, then 0.5 * -1.5 - 0 = -0.75
    assert steps_of(SGD(1.0, momentum=0.5), [4.0], [[1.0], [1.0], [0.0]]) == [[3.0], [1.5], [0.75]]


def test_nesterov():
    # m = -1, w += 0.5 * -1 - 1; then m = -1.5, w += 0.5 * -1.5 - 1
    assert steps_of(SGD(1.0, momentum=0.5, nesterov=True), [4.0], [[1.0], [1.0]]) == [[2.5], [0.75]]


def test_nesterov_without_momentum_is_plain():
    assert steps_of(SGD(1.0, nesterov=True), [4.0], [[1.0], [2.0]]) == [[3.0], [1.0]]


def test_scalar_variable():
    assert steps_of(SGD(0.5, momentum=0.5), 2.0, [1.0, 1.0]) == [1.5, 0.75]


def recorded(*shapes, **options):
    """The names of the operations of a replayed step with variables of these shapes."""
    variables = [Variable(np.ones(shape, "float32")) for shape in shapes]
    optimizer = SGD(**options)
    step = Step(lambda grads: optimizer.apply([ops.tanh(grad) for grad in grads], variables), "step")
    step([np.ones(shape, "float32") for shape in shapes])
    (plan,) = step.plans().values()
    return sorted(name for name in plan.names if name not in ("tanh", "assign"))


LARGE = (100, 100), (200, 100)
SMALL = (3, 2), (2,)


def test_plain_step_is_two_operations_for_each_large_variable():
    assert recorded(*LARGE) == ["add", *["multiply"] * 2, *["subtract"] * 2]


def test_momentum_step_is_four_operations_for_each_large_variable():
    assert recorded(*LARGE, momentum=0.5) == [*["add"] * 3, *["multiply"] * 4, *["subtract"] * 2]


def test_small_variables_are_updated_together():
    assert recorded(*SMALL) == ["add", "multiply x 2", "subtract x 2"]
    assert recorded(*SMALL, momentum=0.5) == ["add", "add x 2", "multiply x 2", "multiply x 2", "subtract x 2"]


def test_weight_decay_adds_two_operations_for_each_variable_and_one():
    assert len(recorded(*LARGE, weight_decay=0.5)) == len(recorded(*LARGE)) + 2 * 2 + 1


@pytest.mark.parametrize("momentum", [-0.5, 1.5, float("nan")])
def test_momentum_out_of_range(momentum):
    with pytest.raises(ArgumentError, match="SGD: `momentum` must be a finite number in .0, 1."):
        SGD(momentum=momentum)


@pytest.mark.parametrize("momentum", [1, "0.9", None, True])
def test_momentum_must_be_a_float(momentum):
    with pytest.raises(ArgumentTypeError, match=r"SGD: `momentum` must be a float in \[0, 1\]"):
        SGD(momentum=momentum)


def test_nesterov_must_be_a_boolean():
    with pytest.raises(ArgumentTypeError, match="SGD: `nesterov` must be True or False"):
        SGD(nesterov="yes")


def test_building_twice_keeps_the_state():
    variable = Variable(np.float32([1.0]))
    optimizer = SGD(1.0, momentum=0.5)
    optimizer.apply([np.float32([1.0])], [variable])
    optimizer.build([variable])
    assert len(optimizer.variables) == 3
    assert optimizer.momentums[0].numpy().tolist() == [-1.0]


def test_config():
    assert SGD(0.5, name="sgd").get_config() == {
        "name": "sgd",
        "learning_rate": 0.5,
        "weight_decay": None,
        "clipnorm": None,
        "global_clipnorm": None,
        "clipvalue": None,
        "use_ema": False,
        "ema_momentum": 0.99,
        "ema_overwrite_frequency": None,
        "loss_scale_factor": None,
        "gradient_accumulation_steps": None,
        "momentum": 0.0,
        "nesterov": False,
    }


def test_what_holds_for_all():
    run_optimizer_test(SGD, 0.05, momentum=0.5, nesterov=True)
