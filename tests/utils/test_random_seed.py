import random

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.random import normal
from minikeras.utils import set_random_seed


def test_seeds_python_numpy_and_minikeras():
    draws = []
    for _ in range(2):
        set_random_seed(7)
        draws.append((random.random(), np.random.rand(), normal((2,)).tolist(), normal((2,)).tolist()))
    assert draws[0] == draws[1]
    assert draws[0][2] != draws[0][3]
    assert draws[0][0] == random.Random(7).random()
    assert draws[0][1] == np.random.RandomState(7).rand()


def test_other_seed_other_numbers():
    set_random_seed(7)
    first = normal((2,))
    set_random_seed(8)
    assert (normal((2,)) != first).all()


@pytest.mark.parametrize("seed", ["a", 1.0, None, -1, 2**32])
def test_bad_seeds_change_nothing(seed):
    before = random.getstate()
    with pytest.raises(ArgumentError, match="set_random_seed"):
        set_random_seed(seed)
    assert random.getstate() == before
