import numpy as np

from minikeras import layers

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")


def test_the_largest_of_three():
    assert layers.Maximum()([A, B, 0 * A + 6]).tolist() == [[6, 6], [7, 6]]
    assert layers.maximum([A, B]).tolist() == [[5, 6], [7, 4]]


def test_masked_elements_are_ignored():
    masked = layers.Masking()(np.array([[[5.0], [0.0]]], "float32"))
    other = layers.Masking()(np.array([[[-1.0], [-2.0]]], "float32"))
    assert layers.Maximum()([masked, other])[0, :, 0].tolist() == [5, -2]
