"""Schedule-free AdamW on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers import ScheduleFreeAdamW
from tests.helpers import run_optimizer_test


def steps(gradients, **options):
    variable = Variable(np.float32([4.0]))
    optimizer = ScheduleFreeAdamW(**{"learning_rate": 1.0, "beta_1": 0.75, "beta_2": 0.5, "epsilon": 1.0, **options})
    after = []
    for gradient in gradients:
        optimizer.apply([np.float32([gradient])], [variable])
        after.append(float(variable.numpy()[0]))
    return after, [float(each.numpy()[0]) for each in optimizer.variables[2:]]


def test_two_steps():
    # Step 1: v = 0.5 * 9 = 4.5, corrected 9, z = 4 - 3 / (3 + 1) = 3.25; x is the mean of one z, and w is that, too.
    # Step 2: g = 0: v = 2.25, z stays, x = (3.25 + 3.25) / 2.
    after, (z, v) = steps([3.0, 0.0])
    np.testing.assert_allclose(after, [3.25, 3.25], rtol=1e-6)
    np.testing.assert_allclose([z, v], [3.25, 2.25], rtol=1e-6)


def test_the_weights_are_between_the_last_move_and_the_mean():
    # Step 2 with g = 6: v = 4.5 + 0.5 * 31.5 = 20.25, corrected 27, z = 3.25 - 6 / (sqrt(27) + 1), x = (3.25 + z) / 2.
    z = 3.25 - 6 / (27**0.5 + 1)
    after, state = steps([3.0, 6.0])
    np.testing.assert_allclose(after[1], 0.25 * z + 0.75 * (3.25 + z) / 2, rtol=1e-6)
    np.testing.assert_allclose(state[0], z, rtol=1e-6)


def test_warmup():
    # Half of the learning rate in step 1 of 2, all of it later on.
    after, _ = steps([3.0], warmup_steps=2)
    np.testing.assert_allclose(after, [4 - 0.375], rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"beta_1": 0.0}, ArgumentError),
        ({"beta_2": 1.5}, ArgumentError),
        ({"epsilon": -1.0}, ArgumentError),
        ({"warmup_steps": -1}, ArgumentError),
        ({"warmup_steps": "10"}, ArgumentTypeError),
    ],
)
def test_bad_arguments(options, error):
    with pytest.raises(
        error, match=f"ScheduleFreeAdamW: `{next(iter(options))}` must be a finite number (>|in .0, 1.)"
    ):
        ScheduleFreeAdamW(**options)


def test_what_holds_for_all():
    run_optimizer_test(ScheduleFreeAdamW, 0.1, warmup_steps=3)
