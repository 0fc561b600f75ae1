"""Layers that return images of a fixed size: windows, known and drawn, and boxes in them."""

import numpy as np

from minikeras.layers.preprocessing.image_preprocessing.sizing import Sizing

IMAGES = np.arange(40, dtype="float32").reshape(2, 4, 5, 1)


class Window(Sizing):
    """Shows the window that is set."""

    window = (1, 2, 2, 3)

    def get_random_transformation(self, data, training=True, seed=None):
        return {"window": self.window, "size": self._sizes(data)[1:]}


def test_window():
    layer = Window(2, 3, bounding_box_format="xyxy")
    boxes = {"boxes": np.float32([[[3, 0, 5, 2]], [[0, 0, 1, 1]]]), "labels": np.array([[1], [2]])}
    result = layer({"images": IMAGES, "segmentation_masks": IMAGES.astype("int32"), "bounding_boxes": boxes})
    np.testing.assert_array_equal(result["images"][0, :, :, 0], [[7, 8, 9], [12, 13, 14]])
    np.testing.assert_array_equal(result["images"], result["segmentation_masks"])
    assert result["bounding_boxes"]["boxes"].tolist() == [[[1, 0, 3, 1]], [[0, 0, 0, 0]]]
    assert result["bounding_boxes"]["labels"].tolist() == [[1], [-1]]
    assert layer.compute_output_shape((None, 4, 5, 1)) == (None, 2, 3, 1)


def test_drawn_window_and_resizing():
    layer = Window(2, 3)
    layer.window = (np.int32(1), np.int32(2), 2, 3)
    np.testing.assert_array_equal(layer(IMAGES)[0, :, :, 0], [[7, 8, 9], [12, 13, 14]])
    layer.window = (0, 0, 4, 5)
    assert layer(IMAGES).shape == (2, 2, 3, 1)
    first = Window(2, 3, data_format="channels_first")(np.moveaxis(IMAGES, -1, 1))
    np.testing.assert_array_equal(first[0, 0], [[7, 8, 9], [12, 13, 14]])
