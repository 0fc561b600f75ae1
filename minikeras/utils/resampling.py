"""Resizing of images of bytes with the interpolations of `tf.image.resize`, without antialiasing, as readers use it.

Every interpolation is separable: a pixel of the result is a weighted sum of a few pixels of its column and row. The
weights are those of TensorFlow's kernels, whose centers are half pixels.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")
_BLOCK = 64  # rows of the result that are computed at a time
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
    height, width, channels = image.shape
    if interpolation == "nearest":
        rows, columns = taps("nearest", height, size[0]), taps("nearest", width, size[1])
        return image[rows.places[:, 0]][:, columns.places[:, 0]]
    columns = _columns(interpolation, width, size[1], channels)
    flat = image.reshape(height, width * channels)
    result = np.empty((size[0], size[1] * channels), "float32")
    for block in _blocks(interpolation, height, size[0]):
        part = _summed(flat[block.needed].astype("float32"), columns, 1)
        result[block.rows] = _summed(part, block.taps, 0)
    return result.reshape(*size, channels)


class _Block(NamedTuple):
    """Some rows of the result, and the rows of the image that make them.

    Attributes:
        rows: The rows of the result.
        needed: The rows of the image.
        taps: Which of the latter are summed for each of the former.
    """

    rows: slice
    needed: np.ndarray
    taps: Taps


@lru_cache(maxsize=256)
def _blocks(interpolation: str, size: int, target: int) -> list[_Block]:
    """Returns the rows of the result in blocks that stay in the cache of a core while they are computed."""
    places, weights = taps(interpolation, size, target)
    blocks = []
    for start in range(0, target, _BLOCK):
        rows = slice(start, start + _BLOCK)
        needed, inside = np.unique(places[rows], return_inverse=True)
        blocks.append(_Block(rows, needed, Taps(inside.reshape(places[rows].shape), weights[rows, :, None])))
    return blocks


@lru_cache(maxsize=256)
def _columns(interpolation: str, size: int, target: int, channels: int) -> Taps:
    """Returns the taps of rows whose pixels are not grouped by column: those of every channel."""
    places, weights = taps(interpolation, size, target)
    spread = places[:, None] * channels + np.arange(channels)[:, None]
    return Taps(spread.reshape(-1, places.shape[1]), np.repeat(weights, channels, 0))


def _summed(image: np.ndarray, along: Taps, axis: int) -> np.ndarray:
    """Returns the weighted sums of the entries along an axis."""
    parts = [np.take(image, along.places[:, tap], axis, mode="clip") for tap in range(along.places.shape[1])]
    if len(parts) == 2:  # the order of TensorFlow's computation, which gives the same bits
        first, total = parts
        total -= first
        total *= along.weights[:, 1]
        total += first
        return total
    for tap, part in enumerate(parts):
        part *= along.weights[:, tap]
    for part in parts[1:]:
        parts[0] += part
    return parts[0]
