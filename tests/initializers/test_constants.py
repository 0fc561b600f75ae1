import numpy as np
import pytest

from minikeras.errors import ArgumentTypeError, ShapeError
from minikeras.initializers import Constant, Ones, Zeros


def test_zeros_and_ones():
    assert Zeros()((2, 1)).tolist() == [[0], [0]]
    assert Ones()(2).tolist() == [1, 1]
    assert Zeros()((2,), "bool").tolist() == [False, False]
    assert Ones()((), "int32").dtype == "int32"


def test_constant():
    assert Constant(3)((2,)).tolist() == [3, 3]
    assert Constant(2.7)((1,), "int32").tolist() == [2]
    assert Constant()(()).tolist() == 0


def test_constant_array():
    initializer = Constant(np.array([1.0, 2.0], "float32"))
    assert initializer((2, 2)).tolist() == [[1, 2], [1, 2]]
    config = initializer.get_config()
    assert config == {"value": {"class_name": "__numpy__", "config": {"value": [1.0, 2.0], "dtype": "float32"}}}
    assert initializer.clone()((2, 2)).tolist() == [[1, 2], [1, 2]]


def test_constant_numpy_number_becomes_a_plain_one_in_the_config():
    config = Constant(np.float32(0.5)).get_config()
    assert config == {"value": 0.5} and type(config["value"]) is float


def test_values_are_new_each_time():
    value = np.ones(2)
    initializer = Constant(value)
    initializer((2,), "float64")[:] = 5
    assert initializer((2,)).tolist() == [1, 1]


def test_constant_that_does_not_fit():
    with pytest.raises(ShapeError, match=r"\(3,\).*\(2,\)"):
        Constant([1, 2, 3])((2,))


@pytest.mark.parametrize("value", ["1", None, 1j])
def test_constant_of_something_else(value):
    with pytest.raises(ArgumentTypeError, match="Constant"):
        Constant(value)
