"""Creation of tensors and variables."""

import numpy as np
import pytest

import minikeras
from minikeras import Variable, backend
from minikeras.graph.keras_tensor import KerasTensor


def test_random_numbers():
    backend.clear_session()
    minikeras.utils.set_random_seed(0)
    normal = backend.random_normal((2000,), mean=3.0, stddev=0.5)
    assert abs(normal.mean() - 3) < 0.05 and abs(normal.std() - 0.5) < 0.05
    assert np.abs(backend.truncated_normal((500,))).max() <= 2
    uniform = backend.random_uniform((500,), 1.0, 2.0, seed=3)
    assert uniform.min() >= 1 and uniform.max() < 2
    assert np.array_equal(uniform, backend.random_uniform((500,), 1.0, 2.0, seed=3))
    chance = backend.random_bernoulli((2000,), p=0.25)
    assert set(np.unique(chance)) == {0, 1} and abs(chance.mean() - 0.25) < 0.05
    assert isinstance(backend.random_normal_variable((2,), 0.0, 1.0), Variable)
    assert backend.random_uniform_variable((2, 1), 0.0, 1.0, name="v").name == "v"


def test_variables():
    v = backend.variable([[1, 2]], constraint="non_neg")
    assert v.dtype == "float32" and v.constraint is not None
    assert backend.variable([1.5], dtype="float64", name="w").name == "w"
    assert backend.zeros((2,)).numpy().tolist() == [0, 0]
    assert backend.ones((1, 2), dtype="int32").numpy().tolist() == [[1, 1]]
    assert backend.eye(2).numpy().tolist() == [[1, 0], [0, 1]]
    assert backend.eye((1, 2)).numpy().tolist() == [[1, 0]]


def test_constants():
    value = backend.constant([1, 2])
    assert value.dtype == np.float32 and value.tolist() == [1, 2]
    assert backend.constant(3, shape=(2,), dtype="int32").tolist() == [3, 3]
    assert backend.constant([1, 2, 3, 4], shape=(2, 2)).tolist() == [[1, 2], [3, 4]]


def test_like_another_tensor():
    x = np.float32([[5.0, 6.0]])
    assert backend.zeros_like(x).tolist() == [[0, 0]] and backend.ones_like(x, dtype="int32").dtype == np.int32


def test_symbolic_values():
    x = backend.placeholder(ndim=2)
    assert backend.is_keras_tensor(x) and backend.int_shape(x) == (None, None)
    assert backend.placeholder((None, 3), dtype="int32").dtype == "int32"
    y = backend.mean(backend.square(KerasTensor((None, 3))), axis=-1)
    assert backend.int_shape(y) == (None,) and backend.ndim(y) == 1
    with pytest.raises(ValueError, match="needs `shape` or `ndim`"):
        backend.placeholder()
