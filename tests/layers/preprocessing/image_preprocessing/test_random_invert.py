"""RandomInvert: real values, how often."""

import numpy as np

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomInvert")


def test_how_often():
    images = np.full((400, 1, 1, 1), 55, "float32")
    values, counts = np.unique(layers.RandomInvert((0.25, 0.25), seed=0)(images), return_counts=True)
    assert values.tolist() == [55, 200] and 60 < counts[1] < 140  # 100, give or take more than four deviations
