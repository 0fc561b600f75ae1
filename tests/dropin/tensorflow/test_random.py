"""`tf.random`: the global seed and samples."""

import random

import numpy as np

from minikeras import layers
from minikeras.dropin.tensorflow import random as tf_random
from minikeras.dropin.tensorflow import tensors

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_the_seed_concerns_nobody_else():
    random.seed(1)
    np.random.seed(1)
    before = random.getstate(), np.random.get_state()[1].tolist()
    drawn = []
    for _ in range(2):
        tf_random.set_seed(5)
        drawn.append((tf_random.normal((3,)).tolist(), layers.Dense(2)(X).tolist()))
    assert drawn[0] == drawn[1]
    tf_random.set_seed(6)
    assert tf_random.normal((3,)).tolist() != drawn[0][0]
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_draws():
    assert tf_random.uniform((50,), 2, 5, dtype="int32").max() < 5
    assert tf_random.uniform((50,)).max() < 1 and tf_random.uniform(tensors.constant([2, 3])).shape == (2, 3)
    assert np.abs(tf_random.truncated_normal((100,))).max() <= 2
    assert tf_random.gamma((5,), [1.0, 2.0]).shape == (5, 2)
    assert tf_random.categorical(np.float32([[0.0, 50.0]]), 4).tolist() == [[1, 1, 1, 1]]
    assert sorted(tf_random.shuffle(np.arange(5)).tolist()) == [0, 1, 2, 3, 4]
