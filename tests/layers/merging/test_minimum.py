import numpy as np

from minikeras import layers

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")


def test_the_smallest_of_three():
    assert layers.Minimum()([A, B, 0 * A - 1]).tolist() == [[-1, -2], [-1, -8]]
    assert layers.minimum([A, B]).tolist() == [[1, -2], [3, -8]]


def test_masked_elements_are_ignored():
    masked = layers.Masking()(np.array([[[5.0], [0.0]]], "float32"))
    other = layers.Masking()(np.array([[[9.0], [2.0]]], "float32"))
    assert layers.Minimum()([masked, other])[0, :, 0].tolist() == [5, 2]
