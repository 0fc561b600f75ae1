"""The axes of images by data format."""

import numpy as np
import pytest

from minikeras import config
from minikeras.errors import ShapeError, UnknownNameError
from minikeras.ops.image.axes import axes_of, checked_images


def test_axes_of_data_formats():
    image = np.zeros((7, 4, 5, 3))
    axes = axes_of("resize", "channels_last")
    assert [image.shape[axis] for axis in axes] == [4, 5, 3]
    axes = axes_of("resize", "channels_first")
    assert [image.transpose(0, 3, 1, 2).shape[axis] for axis in axes] == [4, 5, 3]


def test_the_configured_data_format_is_the_default():
    before = config.image_data_format()
    config.set_image_data_format("channels_first")
    try:
        assert axes_of("resize", None) == axes_of("resize", "channels_first")
    finally:
        config.set_image_data_format(before)
    assert axes_of("resize", None) == axes_of("resize", "channels_last")


def test_refused():
    with pytest.raises(UnknownNameError, match="resize"):
        axes_of("resize", "channels_middle")
    for shape in ((4, 5), (1, 1, 4, 5, 3)):
        with pytest.raises(ShapeError, match=r"`resize` expects an image, of 3 axes.*batch.*Received: images of shape"):
            checked_images("resize", np.zeros(shape))
    assert checked_images("resize", [[[1.0]]]).shape == (1, 1, 1)
