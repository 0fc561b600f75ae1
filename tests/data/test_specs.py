import numpy as np
import pytest

from minikeras.data import Dataset, DatasetSpec, TensorSpec
from minikeras.data.specs import TensorShape, common_spec
from minikeras.errors import DataError


def test_specs():
    spec = TensorSpec([None, 2], np.int32, "x")
    assert repr(spec) == "TensorSpec(shape=(None, 2), dtype=tf.int32, name='x')"
    assert spec == TensorSpec((None, 2), "int32", "x") != TensorSpec((3, 2), "int32", "x") and spec != 3
    assert len({spec, TensorSpec((None, 2), "int32", "x")}) == 1
    assert spec.is_compatible_with(np.zeros((5, 2), "int32")) and not spec.is_compatible_with(np.zeros((5, 2)))
    assert not spec.is_compatible_with(TensorSpec((5, 3), "int32"))
    assert TensorSpec.from_tensor(np.float32([1])).shape.as_list() == [1]
    assert TensorSpec.from_spec(spec).name == "x" and repr(TensorSpec(None).shape) == "None"


def test_what_datasets_say_of_their_elements():
    data = Dataset.from_tensor_slices((np.ones((4, 2), "float32"), np.ones(4, "int64")))
    assert data.element_spec == (TensorSpec((2,)), TensorSpec((), "int64"))
    assert data.batch(2).shuffle(3).element_spec[0] == TensorSpec((None, 2))
    assert data.batch(2, drop_remainder=True).element_spec[0] == TensorSpec((2, 2))
    assert data.batch(3).map(lambda x, y: x).element_spec == TensorSpec((None, 2))
    assert iter(data).element_spec == data.element_spec


def test_a_signature_is_checked_and_not_looked_for_in_the_elements():
    def parts():
        yield np.ones(3), 1
        yield np.ones(2), 1

    signature = (TensorSpec((3,), "float32"), TensorSpec((), "int32"))
    data = Dataset.from_generator(parts, output_signature=signature)
    assert data.element_spec is signature
    elements = iter(data)
    assert [part.dtype for part in next(elements)] == ["float32", "int32"]
    with pytest.raises(DataError, match=r"yielded shapes \[\(2,\), \(\)\], but the signature has \[\(3,\), \(\)\]"):
        next(elements)


def test_iterators():
    elements = Dataset.range(5).as_numpy_iterator()
    assert [elements.next(), next(elements), elements.get_next()] == [0, 1, 2] and list(elements) == [3, 4]
    with pytest.raises(StopIteration):
        elements.next()
    assert [batch.tolist() for batch in Dataset.range(3).batch(2)] == [[0, 1], [2]]


def test_common_specs():
    first, second = (TensorSpec((2, 3)), TensorSpec((), "int32")), (TensorSpec((4, 3)), TensorSpec((), "int32"))
    assert common_spec(first, second)[0] == TensorSpec((None, 3))
    assert common_spec(TensorSpec((2,)), TensorSpec((2, 1))).shape is None
    assert common_spec(first, first[0]) is None and common_spec(TensorSpec(()), TensorSpec((), "int32")) is None
    assert DatasetSpec(first) == DatasetSpec(first) != DatasetSpec(second)
    assert len({DatasetSpec(first), DatasetSpec(first)}) == 1 and "DatasetSpec((TensorSpec" in repr(DatasetSpec(first))


def test_strings_have_a_dtype():
    assert repr(TensorSpec((None,), "string")) == "TensorSpec(shape=(None,), dtype=tf.string, name=None)"
    assert TensorSpec((), "string") == TensorSpec((), np.array(["abc"]).dtype)
    assert TensorSpec((1,), "string").is_compatible_with(np.array(["abc"]))


def test_shapes_have_the_methods_of_tensorflow():
    shape = TensorShape((2, 3))
    assert shape == (2, 3) and shape.as_list() == [2, 3] and shape.num_elements() == 6
    assert shape.rank == shape.ndims == 2 and shape[1:] == (3,)
