import gc

import numpy as np
import pytest

from minikeras.engine import masks
from minikeras.engine.masks import get_mask, set_mask
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.graph.keras_tensor import KerasTensor

MASK = np.array([True, False])


@pytest.mark.parametrize("value", [np.zeros(2), Tensor(np.zeros(2), Trace()), KerasTensor((2,))], ids=str)
def test_a_value_keeps_its_mask(value):
    assert get_mask(value) is None
    set_mask(value, MASK)
    assert get_mask(value) is MASK
    set_mask(value, None)
    assert get_mask(value) is None


def test_a_mask_goes_with_its_array():
    before = len(masks._of_arrays)
    array = np.zeros(2)
    set_mask(array, MASK)
    assert get_mask(array.copy()) is None and get_mask(array[:]) is None
    del array
    gc.collect()
    assert len(masks._of_arrays) == before


@pytest.mark.parametrize("value", [[1.0], 3.0, None, {"a": 1}])
def test_what_cannot_have_one(value):
    assert get_mask(value) is None
