"""RandomFlip: real values, both axes, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("RandomFlip")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("horizontal", [[2, 1], [4, 3]]),
        ("vertical", [[3, 4], [1, 2]]),
        ("horizontal_and_vertical", [[4, 3], [2, 1]]),
    ],
)
def test_mirrored(mode, expected):
    image = np.float32([[1, 2], [3, 4]])[..., None]
    layer = layers.RandomFlip(mode, seed=0)
    found = [layer(image)[..., 0].tolist() for _ in range(40)]
    assert all(each in (image[..., 0].tolist(), expected) for each in found)
    assert 8 < found.count(expected) < 32  # 40 draws of 1/2: 20, give or take four standard deviations


def test_boxes_follow():
    check_boxes(lambda **options: layers.RandomFlip(seed=1, **options))


def test_bad_mode():
    with pytest.raises(ArgumentError, match="RandomFlip: unknown `mode`"):
        layers.RandomFlip("diagonal")
