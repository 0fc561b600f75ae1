import numpy as np
import pytest

from minikeras.data import TensorSpec
from minikeras.data.padding import is_shape, leaves, padded, padded_spec
from minikeras.errors import DataError

ROWS = [np.arange(2), np.arange(1)]


def test_values_and_shapes():
    assert padded(ROWS, [3], 9).tolist() == [[0, 1, 9], [0, 9, 9]]
    assert padded(ROWS, None, None, at_least=3).tolist() == [[0, 1, 0], [0, 0, 0]]
    assert padded([np.array(["abc"]), np.array([], str)], None, None).tolist() == [["abc"], [""]]
    assert padded([np.array(["a"]), np.array([], str)], None, "long").tolist() == [["a"], ["long"]]
    assert padded([np.ones((1, 2), bool), np.ones((2, 1), bool)], [-1, None], None)[0].tolist() == [
        [True] * 2,
        [False] * 2,
    ]


def test_nested_elements():
    elements = [{"a": each, "b": (each, 1.5)} for each in ROWS]
    found = padded(elements, {"a": [4], "b": ([None], [])}, {"a": 7, "b": (8, 0.0)})
    assert (
        found["a"][1].tolist() == [0, 7, 7, 7] and found["b"][0][1].tolist() == [0, 8] and found["b"][1].shape == (2,)
    )
    assert padded([(each, each) for each in ROWS], None, 5)[1][1].tolist() == [0, 5]


def test_specs():
    spec = (TensorSpec((None,), "int32"), TensorSpec((None, 2)))
    assert padded_spec(spec, None) == spec
    assert padded_spec(spec, ([3], [-1, 2])) == (TensorSpec((3,), "int32"), TensorSpec((None, 2)))


def test_what_does_not_fit():
    with pytest.raises(
        DataError, match=r"does not fit into its padded shape. Expected at most \[1\]. Received: \(2,\)"
    ):
        padded(ROWS, [1], None)
    with pytest.raises(DataError, match="does not fit into its padded shape"):
        padded(ROWS, [3, 3], None)
    with pytest.raises(DataError, match="must have equal ranks"):
        padded([np.zeros(1), np.zeros((1, 1))], None, None)
    with pytest.raises(DataError, match="must be nested like an element, which has 2 components"):
        padded([(each, each) for each in ROWS], ([3], [3], [3]), None)


def test_leaves():
    assert is_shape([None, -1]) and is_shape(()) and not is_shape(([1], [2])) and not is_shape(3)
    assert list(leaves({"b": [1], "a": ([2], None)}, is_shape)) == [[2], None, [1]]
