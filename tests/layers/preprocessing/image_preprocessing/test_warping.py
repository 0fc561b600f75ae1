"""Layers that move pixels by maps: images, masks, channels first, gradients."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.layers.preprocessing.image_preprocessing.warping import Warping, columns
from tests.helpers import check_grads

IMAGES = np.arange(24, dtype="float32").reshape(2, 3, 4, 1)


class Shift(Warping):
    """Moves the images by as many columns as their number says, to the left."""

    def get_random_transformation(self, data, training=True, seed=None):
        count, *size = self._sizes(data)
        return {"shift": np.arange(count, dtype="float32"), "size": tuple(size)}

    def matrices(self, transformation):
        return columns(1, 0, transformation["shift"], 0, 1, 0, 0, 0)


def test_images_and_masks():
    layer = Shift("constant", fill_value=7)
    result = layer({"images": IMAGES, "segmentation_masks": IMAGES.astype("uint8")})
    for name, dtype in (("images", "float32"), ("segmentation_masks", "uint8")):
        assert result[name].dtype == dtype
        np.testing.assert_array_equal(result[name][0], IMAGES[0])
        np.testing.assert_array_equal(result[name][1, 0, :, 0], [13, 14, 15, 7])
    first = Shift("constant", data_format="channels_first")(np.moveaxis(IMAGES, -1, 1))
    np.testing.assert_array_equal(first[1, 0, 0], [13, 14, 15, 0])


def test_gradients():
    layer = Shift("reflect", dtype="float64")
    check_grads(layer, IMAGES, order=1)


def test_bad_fill_value():
    with pytest.raises(ArgumentError, match="Shift: `fill_value` must be a number"):
        Shift(fill_value="a")
