"""RandAugment: real values, masks and boxes follow."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import PIXELS, check


def test_in_full():
    check("RandAugment")


def test_masks_and_boxes_follow():
    images = np.zeros((1, 24, 24, 1), "float32")
    images[:, 9:13, 8:15] = 200
    boxes = {"boxes": np.float32([[[8, 9, 15, 13]]]), "labels": np.array([[1]])}
    layer = layers.RandAugment(num_ops=3, factor=0.05, interpolation="nearest", seed=0, bounding_box_format="xyxy")
    for _ in range(20):
        data = {"images": images, "segmentation_masks": (images > 0).astype("int32"), "bounding_boxes": boxes}
        result = layer(data)
        rows, columns = np.nonzero(result["segmentation_masks"][0, :, :, 0])
        left, top, right, bottom = result["bounding_boxes"]["boxes"][0, 0]
        # The box around a box that was turned is larger; the last numbers allow for pixels between two.
        assert columns.min() + 1 >= left > columns.min() - 5 and columns.max() <= right < columns.max() + 6
        assert rows.min() + 1 >= top > rows.min() - 5 and rows.max() <= bottom < rows.max() + 6


def test_nothing_changes_without_augmentations():
    np.testing.assert_array_equal(layers.RandAugment(num_ops=0)(PIXELS), PIXELS)


def test_bad_arguments():
    for options in ({"num_ops": -1}, {"factor": 2}, {"interpolation": "no"}):
        with pytest.raises(ArgumentError, match="RandAugment: "):
            layers.RandAugment(**options)


def test_brightness_changes_images_for_which_it_is_chosen_only():
    images = np.full((2, 6, 6, 3), 100.0, "float32")
    layer = layers.RandAugment(num_ops=1, factor=(0.3, 0.3), seed=0)
    drawn = layer.get_random_transformation(images)
    brightness, shear = (layer.augmentations.index(name) for name in ("random_brightness", "random_shear"))
    for chosen, expected in ((brightness, 100 + 0.3 * 255), (shear, 100)):
        result = layer.transform_images(images, {**drawn, "layer_idxes": np.array([chosen])})
        np.testing.assert_allclose(result, expected, rtol=1e-5)  # a gray image stays gray, however it is sheared
    assert (images == 100).all()
