"""How much bounding boxes overlap: by hand, batches, padding, what is refused."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ShapeError
from minikeras.utils.bounding_boxes import compute_ciou, compute_iou

FIRST = np.float32([[0, 0, 2, 2], [0, 0, 4, 4]])
SECOND = np.float32([[1, 0, 3, 2], [8, 8, 9, 9], [0, 0, 2, 2]])
SHARES = [[1 / 3, 0, 1], [1 / 4, 0, 1 / 4]]


def test_iou():
    np.testing.assert_allclose(compute_iou(FIRST, SECOND, "xyxy"), SHARES, atol=1e-6)
    np.testing.assert_allclose(compute_iou(FIRST[None], SECOND, "xyxy"), [SHARES], atol=1e-6)
    np.testing.assert_allclose(compute_iou(FIRST, SECOND[None], "xyxy"), [SHARES], atol=1e-6)
    relative = compute_iou(FIRST / 10, SECOND / 10, "rel_xyxy", image_shape=(10, 10, 3))
    np.testing.assert_allclose(relative, SHARES, atol=1e-6)


def test_padding():
    padded = np.concatenate([SECOND, [[-1, -1, -1, -1]]]).astype("float32")
    found = compute_iou(FIRST[None], padded[None], "xyxy", use_masking=True, mask_val=-2)
    np.testing.assert_allclose(found[0, :, :3], SHARES, atol=1e-6)
    assert found[0, :, 3].tolist() == [-2, -2]


def test_ciou():
    # The centers are 1 apart, the box around both is 3 by 2, and their shapes are the same.
    found = compute_ciou(FIRST[:1], SECOND[:1], "xyxy")
    np.testing.assert_allclose(found, [1 / 3 - 1 / 13], rtol=1e-5)
    # A box of 4 by 2 around the same center as one of 2 by 2.
    v = 4 / np.pi**2 * (np.arctan(1) - np.arctan(2)) ** 2
    found = compute_ciou(np.float32([1, 0, 3, 2]), np.float32([0, 0, 4, 2]), "xyxy")
    np.testing.assert_allclose(found, 0.5 - v * v / (v + 0.5), rtol=1e-5)


def test_refused():
    with pytest.raises(ShapeError, match="expects `boxes2` of shape"):
        compute_iou(FIRST, SECOND[0], "xyxy")
    for function in (compute_iou, compute_ciou):
        with pytest.raises(ArgumentError, match="needs `image_shape` for boxes in a relative format"):
            function(FIRST, FIRST, "rel_xyxy")
