"""Checks of the arguments that all optimizers have."""

import numpy as np
import pytest

from minikeras import optimizers
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers.arguments import check_clipping, check_learning_rate


def test_one_kind_of_clipping():
    check_clipping("SGD")
    check_clipping("SGD", clipnorm=None, clipvalue=None)
    check_clipping("SGD", clipnorm=None, clipvalue=0.5, global_clipnorm=None)
    message = (
        "^SGD: expected at most one of `clipnorm` and `clipvalue` and `global_clipnorm`. "
        "Received: clipnorm=1.0, clipvalue=None, global_clipnorm=0"
    )
    with pytest.raises(ArgumentError, match=message):
        check_clipping("SGD", clipnorm=1.0, clipvalue=None, global_clipnorm=0)


@pytest.mark.parametrize("rate", [0.1, 0.0, np.float64(0.5), lambda: 0.1, optimizers.schedules.CosineDecay(0.1, 10)])
def test_learning_rates(rate):
    found = check_learning_rate("SGD", rate)
    assert found is rate if callable(rate) else (found == rate and type(found) is float)


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -float("inf")])
def test_learning_rates_are_finite(rate):
    with pytest.raises(ArgumentError, match="SGD: `learning_rate` must be .*Received: learning_rate="):
        check_learning_rate("SGD", rate)


@pytest.mark.parametrize(
    ("rate", "received"),
    [
        (1, r"Write 1.0. Received: learning_rate=1 of type int"),
        (0, "arguments. Received: learning_rate=0 of type int"),
        (True, "arguments. Received: learning_rate=True of type bool"),
        (np.float32(0.5), "of type float32"),
        ("0.1", "of type str"),
        (None, "of type NoneType"),
        (optimizers.schedules.CosineDecay, "of type type"),  # the class in place of a schedule
    ],
)
def test_other_learning_rates(rate, received):
    with pytest.raises(ArgumentTypeError, match=f"expected `learning_rate` to be a positive float.*{received}"):
        check_learning_rate("SGD", rate)
