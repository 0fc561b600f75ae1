import numpy as np

from minikeras import layers

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")


def test_the_product_of_three():
    assert layers.Multiply()([A, B, A]).tolist() == [[5, 24], [63, -128]]
    assert layers.multiply([A, B]).tolist() == [[5, -12], [21, -32]]
