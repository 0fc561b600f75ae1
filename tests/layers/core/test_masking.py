import numpy as np
import pytest

from minikeras import layers
from minikeras.engine.masks import get_mask
from tests.helpers import run_layer_test


@pytest.mark.filterwarnings("ignore:.*does not support masking:UserWarning")  # the layer behind it
def test_in_full():
    run_layer_test(lambda: layers.Masking(0.5), (2, 3, 2), (2, 3, 2))


def test_masking_by_hand():
    x = np.array([[[1.0, -1.0], [-1.0, -1.0]]], "float32")
    y = layers.Masking(-1.0)(x)
    assert y.tolist() == [[[1, -1], [0, 0]]] and get_mask(y).tolist() == [[True, False]]
