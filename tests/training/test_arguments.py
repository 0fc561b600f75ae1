"""The arguments of fit, evaluate and predict that are taken."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.training import arguments


def test_verbose():
    assert [arguments.bar_mode(value) for value in (0, 1, 2, "auto", True, False)] == [0, 1, 2, 1, 1, 0]


def test_shuffle_and_split():
    assert [arguments.checked_shuffle(value) for value in (True, np.bool_(False), "batch")] == [True, False, "batch"]
    assert [arguments.checked_split(value) for value in (None, 0, 0.25, np.float64(0.5))] == [0, 0, 0.25, 0.5]


def test_validation_schedule():
    every_other = arguments.validation_schedule(2)
    assert [every_other(epoch) for epoch in range(4)] == [False, True, False, True]
    listed = arguments.validation_schedule([1, 4])
    assert [listed(epoch) for epoch in range(4)] == [True, False, False, True]
    with pytest.raises(ArgumentError, match="positive integer or a list"):
        arguments.validation_schedule(0)
