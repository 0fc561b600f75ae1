"""Gradients and the variables they belong to."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.errors import ArgumentError, ShapeError
from minikeras.optimizers.pairs import present_pairs


def test_pairs_have_the_dtype_of_the_variable():
    variables = [Variable(np.zeros(2, dtype)) for dtype in ("float16", "float64")]
    pairs = present_pairs("opt", [[1, 2], np.float32([3, 4])], variables)
    assert [(gradient.dtype.name, variable) for gradient, variable in pairs] == [
        ("float16", variables[0]),
        ("float64", variables[1]),
    ]


def test_what_does_not_fit():
    variables = [Variable(np.zeros(2, "float32"), name=name) for name in ("a", "b")]
    with pytest.raises(ShapeError, match=r"'opt', `apply`: expected a gradient of shape \(2,\) for variable 'b'"):
        present_pairs("opt", [np.zeros(2), np.zeros(3)], variables)
    with pytest.raises(ArgumentError, match=r"no gradient for any of the variables \['a', 'b'\]"):
        present_pairs("opt", [None, None], variables)
    with pytest.warns(UserWarning, match=r"no gradients for the variables \['a'\]"):
        assert len(present_pairs("opt", [None, np.zeros(2)], variables)) == 1
