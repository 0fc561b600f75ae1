import numpy as np

from minikeras import layers
from tests.helpers import run_layer_test

X = np.array([[1, 5], [3, 5]], "float32")


def test_in_full():
    run_layer_test(lambda: layers.RMSNormalization(1), (2, 3, 2), (2, 3, 2), order=1)


def test_by_hand():
    np.testing.assert_allclose(layers.RMSNormalization(epsilon=0.0)(X)[0], X[0] / 13**0.5, rtol=1e-6)
    layer = layers.RMSNormalization(epsilon=3.0)
    layer.build((None, 2))
    layer.scale.assign([1, 2])
    np.testing.assert_allclose(layer(X)[0], [1 / 4, 2 * 5 / 4], rtol=1e-6)  # the mean square is 13
