import numpy as np

from minikeras import layers

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")


def test_the_mean_of_three():
    assert layers.Average()([A, A, A + 3]).tolist() == [[2, -1], [4, 5]]
    assert layers.average([A, B]).tolist() == [[3, 2], [5, -2]]
