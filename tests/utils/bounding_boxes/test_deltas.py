"""Bounding boxes relative to anchors: by hand, there and back, what is refused."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.utils.bounding_boxes import decode_deltas_to_boxes, encode_box_to_deltas

ANCHORS = np.float32([[0, 0, 2, 4], [1, 1, 5, 3]])
BOXES = np.float32([[[1, 0, 3, 4], [2, 2, 3, 6]]])


def test_by_hand():
    deltas = encode_box_to_deltas(ANCHORS, BOXES, "xyxy", "xyxy", "center_xywh", variance=[0.1, 0.1, 0.5, 0.5])
    # The second: the center (2.5, 4) from (3, 2) of an anchor 4 wide and 2 high; the box is 1 wide and 4 high.
    expected = [[[5, 0, 0, 0], [-1.25, 10, 2 * np.log(0.25), 2 * np.log(2)]]]
    np.testing.assert_allclose(deltas, expected, rtol=1e-5)


@pytest.mark.parametrize("encoding", ["center_xywh", "center_yxhw"])
def test_there_and_back(encoding):
    shape = {"variance": np.float32([0.1, 0.2, 0.3, 0.4]), "image_shape": (8, 16, 3)}
    deltas = encode_box_to_deltas(ANCHORS, BOXES / [16, 8, 16, 8], "xyxy", "rel_xyxy", encoding, **shape)
    found = decode_deltas_to_boxes(ANCHORS, deltas, "xyxy", "xyxy", encoding, **shape)
    np.testing.assert_allclose(found, BOXES, rtol=1e-5)
    levels = decode_deltas_to_boxes({"a": ANCHORS}, {"a": deltas}, "xyxy", "xyxy", encoding, **shape)
    np.testing.assert_array_equal(levels["a"], found)


def test_refused():
    for function in (encode_box_to_deltas, decode_deltas_to_boxes):
        with pytest.raises(ArgumentError, match="must be one of .'center_xywh', 'center_yxhw'"):
            function(ANCHORS, BOXES, "xyxy", "xyxy", "xyxy")
        with pytest.raises(ArgumentError, match="`variance` must be four numbers"):
            function(ANCHORS, BOXES, "xyxy", "xyxy", variance=[1.0, 2.0])
