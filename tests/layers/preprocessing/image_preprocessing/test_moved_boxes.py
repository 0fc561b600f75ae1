"""Bounding boxes that follow pixels: maps, windows, what is left of them."""

import numpy as np

from minikeras.layers.preprocessing.image_preprocessing.moved_boxes import in_window, moved_boxes, projected

SIDES = tuple(np.float32([[side]]) for side in (2, 1, 4, 2))


def test_projected():
    shift = np.float32([[1, 0, -3, 0, 1, 2, 0, 0]])  # from x - 3 and y + 2
    np.testing.assert_allclose([side.item() for side in projected(SIDES, shift)], [5, -1, 7, 0])
    quarter = np.float32([[0, -1, 9, 1, 0, 0, 0, 0]])  # of 10 x 10 pixels: (x, y) comes from (9 - y, x)
    np.testing.assert_allclose([side.item() for side in projected(SIDES, quarter)], [1, 6, 2, 8])
    twice = np.float32([[0.5, 0, -0.25, 0, 0.5, -0.25, 0, 0]])  # the sides of pixels are doubled
    np.testing.assert_allclose([side.item() for side in projected(SIDES, twice)], [4, 2, 8, 4])
    # With k = 1 + x / 10: the point 1 comes from 1 / 1.1, so that the center of a pixel at 1 / 1.1 moves to 1.
    bent = np.float32([[1, 0, 0, 0, 1, 0, 0.1, 0]])
    side = np.float32([[1 / 1.1 + 0.5]])
    np.testing.assert_allclose(projected((side, side, side, side), bent)[0].item(), 1.5, rtol=1e-6)


def test_in_window():
    assert [side.item() for side in in_window(SIDES, (1, 2, 2, 4), (6, 8))] == [0, 0, 4, 3]
    assert [side.item() for side in in_window(SIDES, (-1, 0, 4, 4), (4, 4))] == [2, 2, 4, 3]


def test_formats_and_labels():
    boxes = {"boxes": np.float32([[[2, 1, 2, 1], [8, 1, 1, 1]]]), "labels": np.array([[3, 4]]), "more": 5}
    moved = moved_boxes(boxes, lambda *sides: [side + 1 for side in sides], "xywh", (10, 8), (4, 8))
    assert moved["boxes"].tolist() == [[[3, 2, 2, 1], [8, 2, 0, 1]]]
    assert moved["labels"].tolist() == [[3, -1]] and moved["more"] == 5
    assert boxes["labels"].tolist() == [[3, 4]]
