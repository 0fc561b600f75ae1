"""Values, shapes and dtypes of tensors and variables, and updates of variables."""

import numpy as np
import pytest

from minikeras import Variable, backend
from minikeras.errors import ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_variables():
    v = backend.variable([[1, 2]])
    backend.batch_set_value([(v, [[3, 4]])])
    assert [value.tolist() for value in backend.batch_get_value([v])] == [[[3, 4]]]
    assert backend.update(v, [[5.0, 6.0]]) is v and backend.update_sub(v, [[1.0, 1.0]]).numpy().tolist() == [[4, 5]]
    assert backend.update_add(v, [[1.0, 1.0]]).numpy().tolist() == [[5, 6]]
    assert backend.get_value(2.5) == 2.5 and backend.eval(v).tolist() == [[5, 6]]
    with pytest.raises(ShapeError):
        backend.set_value(v, [1.0])


def test_what_get_value_returns_is_a_copy():
    v = backend.variable([1.0])
    value = backend.get_value(v)
    v.assign([2.0])
    assert value.tolist() == [1]


def test_moving_averages():
    v = backend.variable([10.0])
    assert backend.moving_average_update(v, [20.0], 0.75) is v and v.numpy().tolist() == [12.5]


def test_shapes():
    x = KerasTensor((None, 3))
    assert backend.int_shape(x) == (None, 3) and backend.shape(X) == (2, 2)
    assert backend.ndim(x) == 2 and backend.count_params(X) == 4


def test_dtypes():
    assert backend.dtype(X) == "float32" and backend.cast(X, "int8").dtype == np.int8
    array = backend.cast_to_floatx([1, 2])
    assert isinstance(array, np.ndarray) and array.dtype == np.float32


def test_gradients_are_stopped():
    assert backend.stop_gradient(X).tolist() == X.tolist()
    assert [value.tolist() for value in backend.stop_gradient([X, X[0]])] == [X.tolist(), [1, 2]]


def test_there_are_no_sparse_tensors():
    assert not backend.is_sparse(X) and backend.to_dense(X) is X


def test_printing(capsys):
    assert backend.print_tensor(X, "x =") is X
    assert capsys.readouterr().out.startswith("x = [[1. 2.]")


def test_name_scopes():
    with backend.name_scope("block"):
        assert Variable(1.0, name="v").path == "block/v"
