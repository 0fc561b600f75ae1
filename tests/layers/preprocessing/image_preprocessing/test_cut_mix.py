"""CutMix: real values, labels by areas."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import NotSupportedError, ShapeError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("CutMix")


def test_labels_follow_the_areas():
    images = np.arange(4, dtype="float32")[:, None, None, None] * np.ones((1, 200, 200, 1), "float32")
    mixed = layers.CutMix(seed=1)({"images": images, "labels": np.eye(4), "segmentation_masks": images})
    np.testing.assert_array_equal(mixed["images"], mixed["segmentation_masks"])
    for image, label in zip(mixed["images"], mixed["labels"], strict=True):
        shares = [(image == number).mean() for number in range(4)]
        np.testing.assert_allclose(label, shares, atol=0.02)  # boxes end between pixels


def test_refused():
    boxes = {"boxes": np.ones((2, 1, 4)), "labels": np.ones((2, 1))}
    with pytest.raises(NotSupportedError, match="has no bounding boxes of mixed images"):
        layers.CutMix(bounding_box_format="xyxy")({"images": np.ones((2, 4, 4, 1)), "bounding_boxes": boxes})
    with pytest.raises(ShapeError, match="expects them one-hot"):
        layers.CutMix()({"images": np.ones((2, 4, 4, 1)), "labels": np.arange(2)})
