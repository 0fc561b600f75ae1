import numpy as np
import pytest

from minikeras.crosschecking import largest_difference, relative_difference
from minikeras.crosschecking.measures import class_name, output_shapes, parameters
from minikeras.layers import Dense, Input
from minikeras.models import Model, Sequential


def test_largest_difference():
    assert largest_difference([np.float32([1, 2]), np.float32([[3]])], [np.float32([1, 2.5]), np.float32([[2]])]) == 1.0
    assert largest_difference([], []) == 0.0
    assert largest_difference([[np.inf, np.nan]], [[np.inf, np.nan]]) == 0.0
    assert largest_difference([[1.0, 2.0]], [[np.nan, 2.0]]) == largest_difference([[np.inf]], [[1.0]]) == np.inf
    with pytest.raises(ValueError, match=r"different shapes .* \(1,\) and \(2,\)"):
        largest_difference([[1.0]], [[1.0, 2.0]])


def test_relative_difference():
    assert relative_difference([0.0, 3.0], [1.0, -4.0]) == 7 / 4
    assert relative_difference([0.0], [0.0]) == 0.0 and relative_difference([1e-9], [0.0]) == np.inf
    assert relative_difference(2.0, 4.0) == 0.5 and relative_difference([np.nan], [1.0]) == np.inf


def test_what_is_known_of_a_layer():
    x = Input((3,))
    dense = Dense(2)
    y = dense(x)
    model = Model(x, [y, Dense(1)(y)])
    assert (class_name(model), class_name(dense), class_name(Sequential())) == ("Functional", "Dense", "Sequential")
    assert output_shapes(dense) == (None, 2) and output_shapes(model) == [(None, 2), (None, 1)]
    assert output_shapes(Dense(1)) is output_shapes(Sequential([Dense(1)])) is None
    assert (parameters(dense), parameters(model), parameters(Dense(1))) == (8, 11, 0)
