"""AdamW on a step worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers import Adam, AdamW
from tests.helpers import run_optimizer_test


def test_weights_decay_before_the_update():
    # Decay: 4 - 4 * 0.25 * 0.5 = 3.5; then as Adam: m = 1, v = 1, alpha = 1, a move of 0.5 / (1 + 1).
    variable = Variable(np.float32([4.0]))
    options = {"beta_1": 0.5, "beta_2": 0.75, "epsilon": 1.0}
    AdamW(0.5, weight_decay=0.25, **options).apply([np.float32([2.0])], [variable])
    np.testing.assert_allclose(variable.numpy(), [3.25], rtol=1e-6)


def test_excluded_weights_do_not_decay():
    variables = [Variable(np.float32([4.0]), name=name) for name in ("kernel", "bias")]
    optimizer = AdamW(1.0, weight_decay=0.25)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    optimizer.apply([np.float32([0.0])] * 2, variables)
    assert [float(variable.numpy()[0]) for variable in variables] == [3.0, 4.0]


def test_defaults_and_arguments():
    assert AdamW().weight_decay == 0.004
    assert set(AdamW().get_config()) == set(Adam().get_config())
    with pytest.raises(ArgumentTypeError, match="AdamW: `weight_decay` must be a number"):
        AdamW(weight_decay=None)
    with pytest.raises(ArgumentError, match="AdamW: `beta_1` must be a finite number in .0, 1."):
        AdamW(beta_1=2.0)
    with pytest.raises(ArgumentTypeError, match="Did you mean `weight_decay`"):
        AdamW(weight_decy=0.1)


def test_what_holds_for_all():
    run_optimizer_test(AdamW, 0.1, amsgrad=True)
