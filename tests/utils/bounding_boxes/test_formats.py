"""Formats of bounding boxes: by hand, there and back, what is refused."""

import itertools

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ShapeError, UnknownNameError
from minikeras.utils.bounding_boxes import convert_format
from minikeras.utils.bounding_boxes.formats import FORMATS

# The box from (2, 1) to (6, 4) in an image 10 wide and 5 high.
BY_HAND = {
    "xyxy": [2, 1, 6, 4],
    "yxyx": [1, 2, 4, 6],
    "xywh": [2, 1, 4, 3],
    "center_xywh": [4, 2.5, 4, 3],
    "center_yxhw": [2.5, 4, 3, 4],
    "rel_xyxy": [0.2, 0.2, 0.6, 0.8],
    "rel_yxyx": [0.2, 0.2, 0.8, 0.6],
    "rel_xywh": [0.2, 0.2, 0.4, 0.6],
    "rel_center_xywh": [0.4, 0.5, 0.4, 0.6],
}


@pytest.mark.parametrize(("source", "target"), list(itertools.product(FORMATS, FORMATS)))
def test_by_hand(source, target):
    for shape in ((4,), (2, 4), (2, 1, 4)):
        boxes = np.broadcast_to(np.float32(BY_HAND[source]), shape)
        found = convert_format(boxes, source.upper(), target, height=5, width=10)
        np.testing.assert_allclose(found, np.broadcast_to(BY_HAND[target], shape), rtol=1e-6)


def test_dict_and_dtype():
    given = {"boxes": [[2, 1, 6, 4]], "labels": [3]}
    found = convert_format(given, "xyxy", "xywh", dtype="float16")
    assert found["boxes"].dtype == "float16" and found["labels"] == [3] and given["boxes"] == [[2, 1, 6, 4]]


def test_refused():
    with pytest.raises(UnknownNameError, match="`source` of convert_format"):
        convert_format([[1, 2, 3, 4]], "xy", "xyxy")
    with pytest.raises(UnknownNameError, match="`target` of convert_format"):
        convert_format([[1, 2, 3, 4]], "xyxy", None)
    with pytest.raises(ShapeError, match="boxes of shape .*4"):
        convert_format([[1, 2, 3]], "xyxy", "xywh")
    with pytest.raises(ArgumentError, match="needs `height` and `width`"):
        convert_format([[1, 2, 3, 4]], "xyxy", "rel_xyxy", height=3)
