import numpy as np

from minikeras import layers
from tests.helpers import run_layer_test

X = np.array([[1, 5], [3, 5]], "float32")


def test_in_full():
    run_layer_test(layers.UnitNormalization, (2, 3), (2, 3))


def test_by_hand():
    np.testing.assert_allclose(layers.UnitNormalization(0)(X)[:, 0], [10**-0.5, 3 * 10**-0.5], rtol=1e-6)
    assert layers.UnitNormalization()(0 * X).tolist() == [[0, 0], [0, 0]]
