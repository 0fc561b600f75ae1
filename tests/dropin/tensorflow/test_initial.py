"""Initializers of the namespace `tf`."""

import numpy as np

from minikeras.dropin.tensorflow import initial


def test_initializers():
    assert initial.ones_initializer()((2,)).tolist() == [1, 1]
    assert initial.constant_initializer(3)([2]).dtype == "int32"
    assert initial.constant_initializer([1, 2])((2, 1), "float32").tolist() == [[1], [2]]
    drawn = initial.random_uniform_initializer(minval=2, maxval=3, seed=1)((50,))
    assert 2 <= np.min(drawn) and np.max(drawn) <= 3
    assert initial.random_normal_initializer(seed=1)((3,)).shape == (3,)
    assert initial.constant_initializer(1.5).get_config() == {"value": 1.5}
