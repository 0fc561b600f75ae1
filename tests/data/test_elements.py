import pytest

from minikeras.data import Dataset
from minikeras.data.elements import Elements
from minikeras.data.sources import Iterated


def test_what_is_made_of_elements_is_a_dataset():
    data = Dataset.range(3)
    assert type(data._selected(lambda: iter([2, 0]), 2)) is Dataset
    assert [int(each) for each in data._made(lambda: iter([4]), 1, None)] == [4]
    x, y = data._of_each_component([(1, "a"), (2, "b")])
    assert (list(x), list(y), len(x)) == ([1, 2], ["a", "b"], 2)
    with pytest.raises(NotImplementedError):
        Elements()._of(Iterated(lambda: iter([]), 0))
