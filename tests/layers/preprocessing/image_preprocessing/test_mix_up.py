"""MixUp: real values, labels, masks and boxes of both."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("MixUp")


def test_all_are_mixed_alike():
    images = np.float32([0, 1, 2]).reshape(3, 1, 1, 1)
    boxes = {"boxes": np.arange(12, dtype="float32").reshape(3, 1, 4), "labels": np.array([[0], [1], [2]])}
    data = {"images": images, "labels": np.eye(3), "segmentation_masks": images, "bounding_boxes": boxes}
    mixed = layers.MixUp(0.9, seed=1, bounding_box_format="xyxy")(data)
    found = mixed["images"].ravel()
    np.testing.assert_allclose(mixed["labels"] @ [0, 1, 2], found, rtol=1e-6)
    np.testing.assert_array_equal(mixed["segmentation_masks"].ravel(), found)
    names, places = mixed["bounding_boxes"]["labels"], mixed["bounding_boxes"]["boxes"]
    assert names.shape == (3, 2) and names[:, 0].tolist() == [0, 1, 2] and sorted(names[:, 1]) == [0, 1, 2]
    np.testing.assert_array_equal(places[..., 0] / 4, names)  # each label has its own box


def test_refused():
    with pytest.raises(ShapeError, match="MixUp layer .* expects them one-hot"):
        layers.MixUp()({"images": np.ones((2, 4, 4, 1)), "labels": np.arange(2)})
    for alpha in (0, -1, "a"):
        with pytest.raises(ArgumentError, match="MixUp: `alpha` must be"):
            layers.MixUp(alpha)
