import numpy as np
import pytest

from minikeras.data import Dataset, TensorSpec
from minikeras.data.transformations import Numbered, batches_of, size_of_zip, windows_of
from minikeras.errors import ArgumentError


@pytest.mark.parametrize("threads", [None, 2])
def test_errors_say_which_element(threads):
    data = Dataset.range(9).map(lambda n: n if n < 5 else n.missing, num_parallel_calls=threads)
    with pytest.raises(AttributeError) as error:
        list(data)
    assert error.value.__notes__ == ["Raised by the function of Dataset.map for element 5, counted from 0."]
    with pytest.raises(TypeError) as error:
        list(data.scan(0, lambda state: state))
    assert "Dataset.scan for element 0" in error.value.__notes__[0]


@pytest.mark.parametrize("threads", [None, 2])
def test_a_function_cannot_end_the_dataset(threads):
    """`next` of an iterator that is used up would do so in Python, silently."""
    data = Dataset.range(5).map(lambda number: next(iter([1] if number < 2 else [])), num_parallel_calls=threads)
    with pytest.raises(RuntimeError, match="StopIteration") as error:
        list(data)
    assert error.value.__notes__ == ["Raised by the function of Dataset.map for element 2, counted from 0."]
    with pytest.raises(RuntimeError, match="StopIteration"):
        list(Dataset.range(3).filter(lambda number: next(iter([]))))


def test_functions():
    assert Numbered(lambda x, y: x + y, "map")((0, (1, 2))) == 3
    with pytest.raises(ArgumentError, match="Dataset.map: expected a function of an element"):
        Dataset.range(3).map("text")


def test_values_become_arrays():
    found = list(Dataset.range(2).map(lambda n: ([1.5, 2.5], "text", 3)))[0]
    assert [part.dtype.kind for part in found] == ["f", "U", "i"] and found[0].dtype == "float32"


def test_lists_that_functions_return():
    """As in `tf.data`: a list is a tuple, a list in it an array; and the spec says so."""
    pairs = Dataset.range(2).map(lambda n: [n, [n, n + 1]])
    assert pairs.element_spec == (TensorSpec((), "int64"), TensorSpec((2,), "int64"))
    for number, element in enumerate(pairs):
        assert isinstance(element, tuple) and element[1].tolist() == [number, number + 1]
    named = Dataset.range(2).map(lambda n: {"a": [n, n]})
    assert named.element_spec == {"a": TensorSpec((2,), "int64")}
    assert [element["a"].tolist() for element in named] == [[0, 0], [1, 1]]


def test_specs_of_functions_of_arrays():
    data = Dataset.from_tensor_slices(np.zeros((5, 2))).batch(3)
    assert data.map(lambda x: (np.array(x), np.zeros(4))).element_spec == (
        TensorSpec((None, 2), "float64"),
        TensorSpec((4,), "float64"),
    )
    fixed = Dataset.from_tensor_slices(np.zeros((6, 2))).batch(3, drop_remainder=True)
    assert fixed.map(lambda x: np.array(x)).element_spec == TensorSpec((3, 2), "float64")


def test_windows_that_are_far_apart_or_overlap():
    found = list(windows_of(iter(range(10)), 2, 4, 1, False))
    assert found == [[0, 1], [4, 5], [8, 9]]
    assert list(windows_of(iter(range(6)), 2, 1, 3, True)) == [[0, 3], [1, 4], [2, 5]]
    assert list(windows_of(iter([]), 2, 1, 1, False)) == []


def test_sizes():
    assert size_of_zip([4, 2]) == 2 and size_of_zip([-1, -1]) == -1 and size_of_zip([3, -2]) == -2
    assert list(batches_of(iter(range(3)), 2, True)) == [[0, 1]]
