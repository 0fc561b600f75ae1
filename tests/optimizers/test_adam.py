"""Adam, on steps worked by hand, and what it records."""

import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers import Adam
from tests.helpers import run_optimizer_test


def steps_of(optimizer, start, gradients):
    variable = Variable(np.float32(start))
    after = []
    for gradient in gradients:
        optimizer.apply([np.float32(gradient)], [variable])
        after.append(variable.numpy().tolist())
    return after


def test_two_steps():
    # Step 1: m = 0.5 * 2, v = 0.25 * 4, alpha = sqrt(1 - 0.75) / (1 - 0.5) = 1, move 1 / (1 + 1).
    # Step 2: m = 0.5, v = 0.75, alpha = sqrt(1 - 0.5625) / (1 - 0.25) = 0.881917,
    # move 0.5 * 0.881917 / (0.866025 + 1) = 0.236309
    after = steps_of(Adam(1.0, beta_1=0.5, beta_2=0.75, epsilon=1.0), [4.0], [[2.0], [0.0]])
    np.testing.assert_allclose(after, [[3.5], [3.263691]], rtol=1e-6)


def test_amsgrad_keeps_the_largest_divisor():
    # As above, but step 2 divides by sqrt(1) + 1: 0.5 * 0.881917 / 2 = 0.220479
    after = steps_of(Adam(1.0, beta_1=0.5, beta_2=0.75, epsilon=1.0, amsgrad=True), [4.0], [[2.0], [0.0]])
    np.testing.assert_allclose(after, [[3.5], [3.279521]], rtol=1e-6)


def test_the_first_step_is_as_long_as_the_learning_rate():
    after = steps_of(Adam(0.25), [1.0, 1.0, 1.0], [[5.0, -1.0, 0.0]])
    np.testing.assert_allclose(after, [[0.75, 1.25, 1.0]], rtol=1e-4)


def test_scalar_variable():
    assert steps_of(Adam(0.5, epsilon=0.0), 2.0, [1.0]) == [pytest.approx(1.5, rel=1e-4)]


def recorded(**options):
    """The names of the operations of a replayed step with two variables, too large to be updated together."""
    shapes = (100, 100), (200, 100)
    variables = [Variable(np.ones(shape, "float32")) for shape in shapes]
    optimizer = Adam(**options)
    step = Step(lambda grads: optimizer.apply(grads, variables), "step")
    step([np.ones(shape, "float32") for shape in shapes])
    (plan,) = step.plans().values()
    return plan.names


# The step number of alpha is the new value of the counter.
ALPHA = ["cast", "power", "power", "subtract x 2", "sqrt", "multiply", "true_divide"]


def test_a_step_is_twelve_operations_for_each_variable_and_a_few_for_all():
    names = recorded()
    assert len(names) == 12 * 2 + len(ALPHA) + 2
    assert sorted(names) == sorted(
        [*ALPHA, "add", "assign"]
        + 2 * ["subtract", "multiply", "add", "square", "subtract", "multiply", "add"]
        + 2 * ["multiply", "sqrt", "add", "true_divide", "subtract"]
    )


def test_amsgrad_adds_one_operation_for_each_variable():
    assert len(recorded(amsgrad=True)) == len(recorded()) + 2


@pytest.mark.parametrize("name", ["beta_1", "beta_2"])
@pytest.mark.parametrize("value", [-0.5, 1.5, float("nan")])
def test_betas_out_of_range(name, value):
    with pytest.raises(ArgumentError, match=f"Adam: `{name}` must be a finite number in .0, 1."):
        Adam(**{name: value})


def test_bad_arguments():
    with pytest.raises(ArgumentError, match="Adam: `epsilon` must be a finite number >= 0"):
        Adam(epsilon=-1e-7)
    with pytest.raises(ArgumentTypeError, match="Adam: `amsgrad` must be True or False"):
        Adam(amsgrad="yes")
    with pytest.raises(ArgumentTypeError, match="Adam: `beta_1` must be a finite number"):
        Adam(beta_1=None)


def test_names_of_the_state():
    optimizer = Adam(amsgrad=True, name="adam")
    optimizer.build([Variable(np.ones(2, "float32"), name="w"), Variable(np.ones(1, "float32"), name="b")])
    assert [variable.path for variable in optimizer.variables[2:]] == [
        "adam/w_momentum",
        "adam/w_velocity",
        "adam/b_momentum",
        "adam/b_velocity",
        "adam/w_velocity_hat",
        "adam/b_velocity_hat",
    ]
    optimizer.build([])
    assert len(optimizer.variables) == 8


def test_config():
    config = Adam(0.5, 0.25, 0.75, 1e-5, True, name="a").get_config()
    assert {name: config[name] for name in ("beta_1", "beta_2", "epsilon", "amsgrad")} == {
        "beta_1": 0.25,
        "beta_2": 0.75,
        "epsilon": 1e-5,
        "amsgrad": True,
    }
    assert Adam.from_config(config).get_config() == config


def test_what_holds_for_all():
    run_optimizer_test(Adam, 0.1, amsgrad=True)
