"""Bounding boxes that are clipped, transformed, cropped and padded."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, NotSupportedError
from minikeras.utils.bounding_boxes import affine_transform, clip_to_image_size, crop, pad

NONE, ONE = np.zeros(1, "float32"), np.ones(1, "float32")


def test_clipped():
    given = {"boxes": np.float32([[-1, 1, 3, 9], [7, 7, 9, 9]]), "labels": np.array([1, 2])}
    found = clip_to_image_size(given, height=6, width=5)
    assert found["boxes"].tolist() == [[0, 1, 3, 6], [5, 6, 5, 6]] and found["labels"].tolist() == [1, -1]
    assert given["labels"].tolist() == [1, 2]
    relative = clip_to_image_size({"boxes": np.float32([[-1, 0.5, 3, 0.75]])}, bounding_box_format="rel_xyxy")
    assert relative["boxes"].tolist() == [[0, 0.5, 1, 0.75]] and list(relative) == ["boxes"]
    hot = {"boxes": np.float32([[0, 0, 1, 1], [2, 2, 2, 2]]), "labels": np.eye(2)}
    assert clip_to_image_size(hot, 4, 4)["labels"].tolist() == [[1, 0], [-1, -1]]


def test_affine():
    boxes = np.float32([[[1, 2, 3, 5]]])
    for options, expected in (
        ((NONE, NONE, NONE, ONE, NONE, NONE), [1, 2, 3, 5]),
        ((90 * ONE, NONE, NONE, ONE, NONE, NONE), [2, 7, 5, 9]),  # (x, y) to (y, 10 - x), about (5, 5)
        ((NONE, 0.1 * ONE, 0.2 * ONE, ONE, NONE, NONE), [2, 4, 4, 7]),
        ((NONE, NONE, NONE, 2 * ONE, NONE, NONE), [-3, -1, 1, 5]),
        ((NONE, NONE, NONE, ONE, 45 * ONE, NONE), [1, 2, 6, 5]),
    ):
        found = affine_transform(boxes, *options, height=11, width=11)
        if options[4] is NONE:
            np.testing.assert_allclose(found, [[expected]], atol=1e-5)
        else:
            np.testing.assert_allclose(found[..., 1::2], [[[2, 5]]], atol=1e-5)  # a horizontal shear keeps y
    corner = affine_transform(boxes, 90 * ONE, NONE, NONE, ONE, NONE, NONE, 11, 11, center_x=0, center_y=0)
    np.testing.assert_allclose(corner, [[[2, -3, 5, -1]]], atol=1e-5)


def test_crop_and_pad():
    boxes = np.float32([[[1, 2, 3, 5]]])
    assert crop(boxes, top=1, left=2, height=3, width=4).tolist() == [[[0, 1, 1, 3]]]
    assert pad(boxes, top=1, left=2, height=30, width=40).tolist() == [[[3, 3, 5, 6]]]


def test_refused():
    boxes = np.float32([[[1, 2, 3, 5]]])
    with pytest.raises(NotSupportedError, match="'xyxy' or 'rel_xyxy', use `convert_format` first"):
        clip_to_image_size({"boxes": boxes}, 3, 3, "xywh")
    with pytest.raises(ArgumentError, match="needs `height` and `width`"):
        clip_to_image_size({"boxes": boxes}, height=3)
    for call in (
        lambda: crop(boxes, 1, 1, 1, 1, "xywh"),
        lambda: pad(boxes, 1, 1, bounding_box_format="xywh"),
        lambda: affine_transform(boxes, NONE, NONE, NONE, ONE, NONE, NONE, 3, 3, bounding_box_format="rel_xyxy"),
    ):
        with pytest.raises(NotSupportedError, match="for boxes in the format 'xyxy'"):
            call()
