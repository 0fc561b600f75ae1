"""RandomElasticTransform: real values, masks follow."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, NotSupportedError
from tests.layers.preprocessing.image_preprocessing.checks import PIXELS, check


def test_in_full():
    check("RandomElasticTransform")


def test_masks_follow():
    images = np.random.default_rng(0).integers(0, 2, (2, 40, 40, 1)).astype("float32")
    layer = layers.RandomElasticTransform((1.0, 1.0), (0.5, 0.5), "nearest", seed=1)
    result = layer({"images": images, "segmentation_masks": images.astype("int32")})
    np.testing.assert_array_equal(result["images"], result["segmentation_masks"])
    assert 100 < (result["images"] != images).sum()


def test_nothing_moves_without_scale():
    np.testing.assert_array_equal(layers.RandomElasticTransform(scale=0.0)(PIXELS), PIXELS)


def test_refused():
    boxes = {"boxes": np.ones((2, 1, 4)), "labels": np.ones((2, 1))}
    with pytest.raises(NotSupportedError, match="has no bounding boxes of distorted images"):
        layers.RandomElasticTransform(bounding_box_format="xyxy")({"images": PIXELS, "bounding_boxes": boxes})
    with pytest.raises(ArgumentError, match="unknown `fill_mode`"):
        layers.RandomElasticTransform(fill_mode="no")


def test_how_far_pixels_are_moved():
    layer = layers.RandomElasticTransform()
    assert layer.get_elastic_transform_params(20, 40, 0.5) == (2.0, 0.5)

    class Still(layers.RandomElasticTransform):
        def get_elastic_transform_params(self, height, width, factor):
            alpha, sigma = super().get_elastic_transform_params(height, width, factor)
            return alpha * 0, sigma

    np.testing.assert_allclose(Still((1.0, 1.0), (1.0, 1.0))(PIXELS), PIXELS, rtol=1e-6)
