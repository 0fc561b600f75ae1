"""Bounding boxes as arrays: lists of different lengths, and what is refused."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.layers.preprocessing.image_preprocessing.dense_boxes import dense_boxes


def test_lists_are_filled_up():
    dense = dense_boxes(
        "Layer", {"boxes": [[[1, 2, 3, 4]], [], [[5, 6, 7, 8], [9, 9, 9, 9]]], "labels": [[7], [], [8, 9]]}
    )
    assert dense["labels"].tolist() == [[7, -1], [-1, -1], [8, 9]] and dense["labels"].dtype == "int32"
    assert dense["boxes"][:, 0].tolist() == [[1, 2, 3, 4], [0, 0, 0, 0], [5, 6, 7, 8]]
    assert dense["boxes"].dtype == "float32" and not dense["boxes"][:2, 1].any()


def test_single_image_and_arrays():
    dense = dense_boxes("Layer", {"boxes": [[1, 2, 3, 4]], "labels": [7]})
    assert dense["boxes"].shape == (1, 4) and dense["labels"].tolist() == [7]
    boxes = np.ones((2, 3, 4))
    assert dense_boxes("Layer", {"boxes": boxes, "labels": np.ones((2, 3))})["boxes"] is boxes


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (3, ArgumentError, "a dict with the keys 'boxes' and 'labels'"),
        ({"boxes": np.ones((1, 4))}, ArgumentError, "a dict with the keys"),
        ({"boxes": [[1, 2, 3, 4]], "labels": [1, 2]}, ArgumentError, "as many labels as lists of boxes"),
        ({"boxes": [[[1, 2, 3, 4]]], "labels": [[1, 2]]}, ArgumentError, "1 boxes and 2 labels for image 0"),
        ({"boxes": [[["a", 2, 3, 4]]], "labels": [[1]]}, ArgumentTypeError, "boxes of four numbers each"),
        ({"boxes": np.ones((1, 3)), "labels": np.ones(1)}, ShapeError, "expects boxes of shape"),
        ({"boxes": np.ones((2, 1, 4)), "labels": np.ones(2)}, ShapeError, "a label for each"),
    ],
)
def test_refused(value, error, message):
    with pytest.raises(error, match=message):
        dense_boxes("Layer", value)
