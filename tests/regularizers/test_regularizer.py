"""The base class of regularizers, and the check of factors."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, NotSupportedError
from minikeras.regularizers import L2, Regularizer
from minikeras.regularizers.regularizer import check_factor


def test_the_base_has_no_penalty_and_no_config():
    assert Regularizer()(np.ones(3)) == 0
    with pytest.raises(NotSupportedError, match="does not define `get_config\\(\\)`"):
        Regularizer().get_config()


def test_from_config():
    class Scaled(Regularizer):
        def __init__(self, factor):
            self.factor = factor

        def __call__(self, x):
            return self.factor * x.sum()

        def get_config(self):
            return {"factor": self.factor}

    assert Scaled.from_config(Scaled(3).get_config())(np.ones(2)) == 6


def test_factors():
    own = L2(0.1)
    checked = [check_factor(own, "l2", value) for value in (1, np.float32(0.5), np.array(0.25), True)]
    assert checked == [1, 0.5, 0.25, 1] and all(type(value) is float for value in checked)
    assert check_factor(own, "l2", None, default=0.5) == 0.5
    for value in (-1, float("nan"), float("inf"), "1", None, [1.0], 1j):
        with pytest.raises(ArgumentError, match="L2: `l2` must be a finite number >= 0"):
            check_factor(own, "l2", value)
