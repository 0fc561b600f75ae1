import numpy as np

from minikeras import layers
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.ELU(0.5), (3, 4), (3, 4))


def test_by_hand():
    x = np.array([[-2, 0, 3]], "float32")
    np.testing.assert_allclose(layers.ELU(0.5)(x), [[0.5 * (np.exp(-2) - 1), 0, 3]], rtol=1e-6)
    assert layers.ELU(0.5).get_config()["alpha"] == 0.5
