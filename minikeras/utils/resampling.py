"""Resizing of images of bytes with the interpolations of `tf.image.resize`, without antialiasing, as readers use it.

Every interpolation is separable: a pixel of the result is a weighted sum of a few pixels of its column and row. The
weights are those of TensorFlow's kernels, whose centers are half pixels.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")
_CUBIC_STEPS = 1024  # the resolution of TensorFlow's table of cubic weights


class Taps(NamedTuple):
    """The pixels along an axis that make each pixel of the result, and their weights: both of shape (size, count)."""

    places: np.ndarray
    weights: np.ndarray


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys's cubic with a = -0.5 at distances that are rounded as in TensorFlow's table."""
    x = np.abs(np.rint(x * _CUBIC_STEPS) / _CUBIC_STEPS)
    near, far = (1.5 * x - 2.5) * x * x + 1, ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def _mitchell(x: np.ndarray) -> np.ndarray:
    near = ((7 / 6 * x - 2) * x) * x + 8 / 9
    far = ((-7 / 18 * x + 2) * x - 10 / 3) * x + 16 / 9
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def _lanczos(radius: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: np.where(x > radius, 0.0, np.sinc(x) * np.sinc(x / radius))


def _gaussian(x: np.ndarray) -> np.ndarray:
    return np.where(x >= 1.5, 0.0, np.exp(-2 * x * x))


# The radius of each kernel, and its weights by the distance.
_KERNELS: dict[str, tuple[float, Callable[[np.ndarray], np.ndarray]]] = {
    "bicubic": (2, _cubic),
    "gaussian": (1.5, _gaussian),
    "lanczos3": (3, _lanczos(3)),
    "lanczos5": (5, _lanczos(5)),
    "mitchellcubic": (2, _mitchell),
}


@lru_cache(maxsize=256)
def taps(interpolation: str, size: int, target: int) -> Taps:
    """Returns which pixels of `size` are summed for each of `target` pixels.

    Args:
        interpolation: One of `INTERPOLATIONS`.
        size: The number of pixels.
        target: The number of pixels of the result.

    Example:
        >>> places, weights = taps("bilinear", 2, 4)
        >>> places.tolist(), weights.tolist()
        ([[0, 0], [0, 1], [0, 1], [1, 1]], [[0.25, 0.75], [0.75, 0.25], [0.25, 0.75], [0.75, 0.25]])
    """
    scale = np.float32(size) / np.float32(target)
    numbers = np.arange(target, dtype="float32")
    if interpolation == "nearest":
        places = np.minimum(np.floor((numbers + np.float32(0.5)) * scale), size - 1)
        return Taps(places.astype("int64")[:, None], np.ones((target, 1), "float32"))
    if interpolation == "area":
        return _area(numbers, scale, size)
    center = (numbers + np.float32(0.5)) * scale
    if interpolation == "bilinear":
        below = np.floor(center - np.float32(0.5))
        share = center - np.float32(0.5) - below
        places = np.stack([np.maximum(below, 0), np.minimum(np.ceil(center - np.float32(0.5)), size - 1)], 1)
        return Taps(places.astype("int64"), np.stack([1 - share, share], 1))
    if interpolation != "bicubic":  # TensorFlow has another kernel for these, which rounds in another order
        center = (numbers + np.float32(0.5)) * (np.float32(1) / (np.float32(target) / np.float32(size)))
    radius, kernel = _KERNELS[interpolation]
    first = np.ceil(center.astype("float64") - radius - 0.5)
    places = first[:, None] + np.arange(int(2 * radius) + 1)
    weights = kernel(np.abs(places + 0.5 - center[:, None].astype("float64")))
    weights[(places < 0) | (places >= size)] = 0
    weights /= weights.sum(1, keepdims=True)
    used = weights.any(0)  # the last one is beyond the radius unless a center is on a pixel
    return Taps(np.clip(places, 0, size - 1).astype("int64")[:, used], weights.astype("float32")[:, used])


def _area(numbers: np.ndarray, scale: np.float32, size: int) -> Taps:
    """Returns how much of each pixel a pixel of the result covers."""
    start, end = numbers * scale, (numbers + 1) * scale
    first = np.floor(start)
    places = first[:, None] + np.arange(int((np.ceil(end) - first).max()))
    weights = np.clip(np.minimum(places + 1, end[:, None]) - np.maximum(places, start[:, None]), 0, None)
    return Taps(np.minimum(places, size - 1).astype("int64"), (weights / scale).astype("float32"))


def resized(image: np.ndarray, size: tuple[int, int], interpolation: str) -> np.ndarray:
    """Resizes an image.

    Args:
        image: uint8, of shape (height, width, channels).
        size: The height and width of the result.
        interpolation: One of `INTERPOLATIONS`.

    Returns:
        float32, or uint8 for "nearest", of shape (*size, channels).

    Example:
        >>> resized(np.array([[[0], [100]]], "uint8"), (1, 4), "bilinear")[0, :, 0]
        array([  0.,  25.,  75., 100.], dtype=float32)
    """
    rows, columns = taps(interpolation, image.shape[0], size[0]), taps(interpolation, image.shape[1], size[1])
    if interpolation == "nearest":
        return image[rows.places[:, 0]][:, columns.places[:, 0]]
    if size[0] * rows.places.shape[1] < image.shape[0]:  # not all rows are needed
        needed, places = np.unique(rows.places, return_inverse=True)
        image, rows = image[needed], Taps(places.reshape(rows.places.shape), rows.weights)
    return _summed(_summed(image, columns, 1), rows, 0)


def _summed(image: np.ndarray, along: Taps, axis: int) -> np.ndarray:
    """Returns the weighted sums of pixels along an axis."""
    shape = (-1, 1, 1) if axis == 0 else (1, -1, 1)
    parts = [np.take(image, along.places[:, tap], axis) for tap in range(along.places.shape[1])]
    if len(parts) == 2:  # the order of TensorFlow's computation, which gives the same bits
        first = parts[0].astype("float32", copy=False)
        difference = np.subtract(parts[1], parts[0], dtype="float32")
        difference *= along.weights[:, 1].reshape(shape)
        difference += first
        return difference
    total = parts[0] * along.weights[:, 0].reshape(shape)
    for tap, part in enumerate(parts[1:], 1):
        total += part * along.weights[:, tap].reshape(shape)
    return total
