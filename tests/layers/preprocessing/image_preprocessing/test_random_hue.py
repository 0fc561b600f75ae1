"""RandomHue: real values, by hand."""

import numpy as np

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomHue")


def test_by_hand():
    red = np.float32([[[1, 0, 0]]])
    changed = layers.RandomHue((2 / 3, 2 / 3), (0, 1), seed=0)(red)  # a third of a turn, in either direction
    assert np.round(changed, 4).tolist() in ([[[0, 1, 0]]], [[[0, 0, 1]]])
