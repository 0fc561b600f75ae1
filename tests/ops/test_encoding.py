"""Encoding of class indices."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import NotSupportedError


def test_one_hot():
    assert ops.one_hot([[0], [2]], 3).tolist() == [[[1, 0, 0]], [[0, 0, 1]]]
    assert ops.one_hot([1, -1, 3], 3).tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert ops.one_hot([1, 0], 2, axis=0, dtype="int32").tolist() == [[0, 1], [1, 0]]
    assert ops.one_hot(np.uint8([1]), 300).sum() == 1 and ops.one_hot(2, 3).tolist() == [0, 0, 1]
    with pytest.raises(NotSupportedError, match="sparse"):
        ops.one_hot([1], 2, sparse=True)


@pytest.mark.parametrize("count", [-1, 2.5, np.float32(2)])
def test_one_hot_of_no_number_of_classes(count):
    with pytest.raises(ValueError, match="`num_classes` must be an integer, at least 0"):
        ops.one_hot([1, 0], count)
