import pytest

from minikeras.data import Dataset
from minikeras.errors import ArgumentError, DataError

ONES, TWOS = Dataset.from_tensors(1).repeat(300), Dataset.from_tensors(2).repeat(300)


def drawn(*args, **kwargs):
    return [int(each) for each in Dataset.sample_from_datasets([ONES, TWOS], *args, **kwargs)]


def test_samples():
    found = drawn([1, 3], seed=1, stop_on_empty_dataset=True)
    # The share of twos is 3/4; its standard deviation over 400 draws is 0.022.
    assert found.count(2) == 300 and 0.68 < found.count(2) / len(found) < 0.82
    assert sorted(drawn([0.5, 0.5], seed=2)) == [1] * 300 + [2] * 300
    assert drawn([1, 0]) == [1] * 300
    assert drawn(seed=3) == drawn(seed=3) != drawn(seed=4)
    data = Dataset.sample_from_datasets([ONES, TWOS], seed=5)
    assert [int(each) for each in data] != [int(each) for each in data]


@pytest.mark.parametrize("weights", [[1], [1, -1], [0, 0], [1, float("nan")]])
def test_wrong_weights(weights):
    with pytest.raises(ArgumentError, match="expected 2 non-negative weights, not all zero"):
        drawn(weights)


def test_choices():
    choices = Dataset.from_tensor_slices([0, 1, 1, 0])
    data = Dataset.choose_from_datasets([Dataset.range(2), Dataset.range(5, 6)], choices)
    assert [int(each) for each in data] == [0, 5]
    data = Dataset.choose_from_datasets([Dataset.range(2), Dataset.range(5, 6)], choices, stop_on_empty_dataset=False)
    assert [int(each) for each in data] == [0, 5, 1]
    with pytest.raises(DataError, match="expected numbers from 0 to 0. Received: 1 as choice 1"):
        list(Dataset.choose_from_datasets([ONES], choices))
