import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.RepeatVector(3), (2, 2), (2, 3, 2))


def test_by_hand():
    x = np.arange(6, dtype="float32").reshape(1, 2, 3)
    assert layers.RepeatVector(2)(x[:, 0]).tolist() == [[[0, 1, 2], [0, 1, 2]]]


@pytest.mark.parametrize("n", [0, -1, 1.5, None, True])
def test_refused(n):
    with pytest.raises(ArgumentError, match="RepeatVector: `n` must be a positive integer"):
        layers.RepeatVector(n)
