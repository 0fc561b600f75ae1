"""Bounding boxes as users give them, made arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....errors import ArgumentError, ArgumentTypeError, ShapeError, brief


def dense_boxes(where: str, bounding_boxes: Any) -> dict[str, Any]:
    """Returns bounding boxes as arrays; lists of different lengths are filled up.

    Args:
        where: The layer, for error messages.
        bounding_boxes: A dict of "boxes", of shape (boxes, 4) or (batch, boxes, 4), and their "labels", of shape
            (boxes,) or (batch, boxes), or with one more axis. Both may be nested lists, in which images may have
            different numbers of boxes: those that are missing become boxes of zeros, with the label -1.

    Raises:
        ArgumentError: If it is no such dict, or numbers of boxes and labels differ.
        ArgumentTypeError: If they are not numbers.
        ShapeError: If a shape does not fit.

    Example:
        >>> dense = dense_boxes("", {"boxes": [[[0, 0, 1, 2]], []], "labels": [[3], []]})
        >>> dense["boxes"].shape, dense["labels"].tolist()
        ((2, 1, 4), [[3], [-1]])
    """
    if not isinstance(bounding_boxes, dict) or not {"boxes", "labels"} <= set(bounding_boxes):
        keys = list(bounding_boxes) if isinstance(bounding_boxes, dict) else bounding_boxes
        raise ArgumentError(
            f"{where} expects 'bounding_boxes' to be a dict with the keys 'boxes' and 'labels'. Received: {brief(keys)}"
        )
    boxes, labels = bounding_boxes["boxes"], bounding_boxes["labels"]
    if isinstance(boxes, (list, tuple)):
        if not isinstance(labels, (list, tuple)) or len(labels) != len(boxes):
            raise ArgumentError(
                f"{where} expects as many labels as lists of boxes. Received: {len(boxes)} lists of boxes, labels "
                f"{brief(labels)}"
            )
        boxes, labels = _filled(where, boxes, labels)
    boxes = boxes if hasattr(boxes, "shape") else np.asarray(boxes)
    labels = labels if hasattr(labels, "shape") else np.asarray(labels)
    count, axes = len(boxes.shape), len(labels.shape)
    if count not in (2, 3) or boxes.shape[-1] != 4 or axes not in (count - 1, count):
        raise ShapeError(
            f"{where} expects boxes of shape (boxes, 4) or (batch, boxes, 4), and a label for each. Received: boxes of "
            f"shape {tuple(boxes.shape)}, labels of shape {tuple(labels.shape)}"
        )
    return {**bounding_boxes, "boxes": boxes, "labels": labels}


def _filled(where: str, boxes: Sequence, labels: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Returns nested lists as arrays."""
    try:
        is_batch = any(len(box) and hasattr(box[0], "__len__") for box in boxes) or not any(len(box) for box in boxes)
        if not is_batch or not len(boxes):
            return np.asarray(boxes, "float32").reshape(-1, 4), np.asarray(labels)
        most = max(len(own) for own in boxes)
        all_boxes = np.zeros((len(boxes), most, 4), "float32")
        all_labels = np.full((len(boxes), most), -1, "int32")
        for number, (own, names) in enumerate(zip(boxes, labels, strict=True)):
            if len(own) != len(names):
                raise ArgumentError(
                    f"{where} expects a label for each box. Received: {len(own)} boxes and {len(names)} labels for "
                    f"image {number}"
                )
            all_boxes[number, : len(own)], all_labels[number, : len(own)] = np.reshape(own, (-1, 4)), names
        return all_boxes, all_labels
    except (TypeError, ValueError) as error:
        if isinstance(error, ArgumentError):
            raise
        raise ArgumentTypeError(f"{where} expects boxes of four numbers each. Received: {brief(boxes)}") from error
