"""The dataset users derive from: its settings, and what it is without `fit`."""

import numpy as np
import pytest

from minikeras import utils
from minikeras.errors import ArgumentError, NotSupportedError
from minikeras.utils import PyDataset


class Numbers(PyDataset):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        return np.full((2, 1), index)


class Endless(PyDataset):
    num_batches = None

    def __getitem__(self, index):
        return index


def test_settings():
    data = Numbers(3)
    assert (data.workers, data.use_multiprocessing, data.max_queue_size, data.num_batches) == (1, False, 10, 3)
    data = Numbers(3, workers=4, use_multiprocessing=True, max_queue_size=2)
    data.workers = 5
    assert (data.workers, data.use_multiprocessing, data.max_queue_size) == (5, True, 2)
    assert utils.Sequence is PyDataset and data.on_epoch_begin() is data.on_epoch_end() is None
    for name, value in (("workers", -1), ("workers", 1.5), ("max_queue_size", "a"), ("workers", True)):
        with pytest.raises(ArgumentError, match=f"PyDataset: `{name}` must be an integer >= 0. Received"):
            Numbers(3, **{name: value})


def test_iterating():
    assert [int(batch[0, 0]) for batch in Numbers(3)] == [0, 1, 2]
    numbers = iter(Endless())
    assert [next(numbers) for _ in range(4)] == [0, 1, 2, 3]


def test_a_subclass_that_lacks_something():
    class Lacks(PyDataset):
        def __init__(self):
            self.own = 1

    with pytest.raises(NotSupportedError, match="Lacks needs a method `__getitem__`"):
        Lacks()[0]
    with pytest.raises(NotSupportedError, match="Lacks needs a method `__len__`, or a property `num_batches`"):
        assert Lacks().num_batches
    data = Lacks()
    with pytest.warns(UserWarning, match=r"`Lacks.__init__` should call `super\(\).__init__\(\*\*kwargs\)`"):
        assert data.workers == 1
    assert data.workers == 1  # once
