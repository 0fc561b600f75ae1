import numpy as np

from minikeras import layers

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")


def test_three_inputs_of_several_ranks():
    steps = np.ones((2, 3, 2), "float32")
    assert layers.Add()([A, B, A]).tolist() == [[7, 2], [13, 0]]
    assert layers.add([steps, A])[1, 2].tolist() == [4, 5]
