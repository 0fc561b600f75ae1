import numpy as np
import pytest

from minikeras.data import Dataset, TensorSpec
from minikeras.errors import ArgumentError


def numbers(dataset):
    return [int(each) for each in dataset]


def test_parts():
    data = Dataset.range(10)
    assert numbers(data.take(3)) == [0, 1, 2] and numbers(data.take(-1)) == numbers(data) and len(data.take(20)) == 10
    assert numbers(data.skip(8)) == [8, 9] and numbers(data.skip(-1)) == [] and len(data.skip(20)) == 0
    assert numbers(data.shard(3, 2)) == [2, 5, 8] and len(data.shard(3, 2)) == 3
    assert numbers(data.skip(8).repeat(2)) == [8, 9, 8, 9] and len(data.repeat(0)) == 0
    assert numbers(data.repeat().skip(25).take(2)) == [5, 6] and len(data.repeat().take(2)) == 2
    assert int(data.filter(bool).repeat(2).cardinality()) == -2 and int(data.take(0).repeat().cardinality()) == 0
    for shards, index in ((3, 3), (2, -1), (0, 0)):
        with pytest.raises(ArgumentError, match="expected 0 <= index < num_shards"):
            data.shard(shards, index)


def test_conditions():
    data = Dataset.from_tensor_slices((np.arange(6), np.arange(6) % 2))
    assert [int(x) for x, _ in data.filter(lambda x, y: y == 1)] == [1, 3, 5]
    assert [int(x) for x, _ in data.take_while(lambda x, y: x < 2)] == [0, 1]
    assert data.filter(lambda x, y: True).element_spec == (TensorSpec((), "int64"), TensorSpec((), "int64"))
    with pytest.raises(ArgumentError, match="Dataset.filter: expected a function of an element. Received: 3"):
        data.filter(3)


def test_errors_say_which_element():
    with pytest.raises(AttributeError) as error:
        numbers(Dataset.range(5).filter(lambda n: n.missing if n == 3 else False))
    assert error.value.__notes__ == ["Raised by the function of Dataset.filter for element 3, counted from 0."]


def test_unique():
    data = Dataset.from_tensor_slices(([1, 2, 1, 1], ["a", "a", "a", "b"])).unique()
    assert [(int(x), str(y)) for x, y in data] == [(1, "a"), (2, "a"), (1, "b")]
    assert numbers(Dataset.range(3).repeat(2).unique()) == [0, 1, 2]


def test_shuffling():
    data = Dataset.range(20).shuffle(20, seed=1)
    first, second = numbers(data), numbers(data)
    assert sorted(first) == list(range(20)) and first != second and len(data) == 20
    again = Dataset.range(20).shuffle(20, seed=1)
    assert (numbers(again), numbers(again)) == (first, second)
    assert numbers(again.repeat(2))[:20] != numbers(again.repeat(2))[20:]
    same = Dataset.range(20).shuffle(20, reshuffle_each_iteration=False)
    assert numbers(same) == numbers(same)
    with pytest.raises(ArgumentError, match="shuffle: expected a positive `buffer_size`. Received: 0"):
        data.shuffle(0)
