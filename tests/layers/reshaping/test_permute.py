import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.Permute((3, 1, 2)), (1, 3, 2, 4), (1, 4, 3, 2), order=1)


def test_by_hand():
    x = np.arange(6, dtype="float32").reshape(1, 2, 3)
    assert layers.Permute((2, 1))(x).tolist() == [[[0, 3], [1, 4], [2, 5]]]


@pytest.mark.parametrize("dims", [(0, 1), (1, 1), (2, 3), 2])
def test_refused(dims):
    with pytest.raises(ArgumentError, match="Permute: `dims` must be the numbers 1, 2"):
        layers.Permute(dims)
