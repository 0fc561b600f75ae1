"""Category indices as vectors: by hand, and the shape rule beside the results."""

import numpy as np
import pytest

from minikeras.errors import UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.layers.preprocessing.encoding import check_output_mode, encoded, encoded_shape, totals_of_rows


def test_by_hand():
    x = np.array([[0, 2, 2], [1, 9, -1]])
    assert encoded(x, "count", 3, "float32").tolist() == [[1, 0, 2], [0, 1, 0]]
    assert encoded(x, "multi_hot", 3, "int64").tolist() == [[1, 0, 1], [0, 1, 0]]
    assert encoded(x[:, :1], "one_hot", 3, "float32").tolist() == [[1, 0, 0], [0, 1, 0]]
    assert encoded(x, "int", 3, "int32").dtype == np.int32
    assert encoded(np.float32([1, 1]), "count", 2, "float32").tolist() == [0, 2]


def test_of_several_axes_the_second_one_is_summed_up():
    x = np.array([[[0, 1], [1, 1], [0, 2]]])
    assert encoded(x, "count", 3, "int64").tolist() == [[[2, 1, 0], [0, 2, 1]]]


@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1), (2, 3, 2), (2, 3, 1)])
def test_shapes(mode, shape):
    x = np.zeros(shape, np.int64)
    assert encoded(x, mode, 4, "float32").shape == encoded_shape(shape, mode, 4)
    assert encoded(KerasTensor(shape, "int64"), mode, 4, "float32").shape == encoded_shape(shape, mode, 4)


def test_rows_of_any_length():
    indices, lengths = np.array([1, 1, 0, 5]), np.array([2, 0, 2])
    assert totals_of_rows(indices, lengths, 2, "int64", True).tolist() == [[0, 2], [0, 0], [1, 0]]
    assert totals_of_rows(indices, lengths, 2, "float32", False).tolist() == [[0, 1], [0, 0], [1, 0]]


def test_names():
    modes = ("multi_hot", "tf_idf")
    assert [check_output_mode("x", name, modes) for name in ("binary", "tf-idf", "tf_idf")] == [*modes, "tf_idf"]
    for bad in ("count", None, 3, np.zeros(2), ["tf_idf"]):
        with pytest.raises(UnknownNameError, match="output_mode of x"):
            check_output_mode("x", bad, modes)
