"""Linear interpolation of batches of small images, the fast way: whole blocks of images by few calls of numpy.

Where neighbors are beyond the border, is looked up in a table of indices for each axis.
"""

from functools import partial

import numpy as np

from ...compiler.threads.parallel_products import allowed_threads
from ...compiler.threads.workers import WORKERS

_POINTS = 1 << 13  # interpolated at a time: the intermediate arrays fit in the cache
_NARROW = 16  # channels; for more, copying pixels takes most of the time, which the general way does as well
_FAR = 8  # how many times the size of the image coordinates may be away from it: tables are to be small


def bilinear(x: np.ndarray, coordinates: np.ndarray, mode: str, fill_value: float) -> np.ndarray | None:
    """Returns images interpolated at coordinates of their own; None if it is not a case for this way.

    Args:
        x: The images, shape (batch, height, width, channels).
        coordinates: (y, x) for each point: shape (batch, 2, *points).
        mode: What is outside of an image: one of `neighbors.FILL_MODES`.
        fill_value: The value of "constant".

    Returns:
        Shape (batch, *points, channels).

    Example:
        >>> image = np.float32([2, 4]).reshape(1, 1, 2, 1)
        >>> places = np.float32([[0, 0, 0], [0.25, 1.5, -1]]).reshape(1, 2, 3)
        >>> bilinear(image, places, "nearest", 0.0).ravel(), bilinear(image, places, "constant", 9.0).ravel()
        (array([2.5, 4. , 2. ], dtype=float32), array([2.5, 6.5, 9. ], dtype=float32))
    """
    if x.ndim != 4 or x.dtype != "float32" or coordinates.dtype != "float32" or x.shape[3] >= _NARROW:
        return None
    batch, *sizes, channels = x.shape
    if len(coordinates) != batch or coordinates.size == 0:
        return None
    places = coordinates.reshape(batch, 2, -1)
    low, high = np.floor(places.min((0, 2))), np.floor(places.max((0, 2)))
    if not all(-_FAR * size <= a and b <= _FAR * size for a, b, size in zip(low, high, sizes, strict=True)):
        return None  # far away, or undefined
    if mode == "constant":
        x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=np.float32(fill_value))
    tables = [_table(int(a), int(b), size, mode) for a, b, size in zip(low, high, sizes, strict=True)]
    tables[0] *= x.shape[2]
    pixels, area = x.reshape(-1, channels), x.shape[1] * x.shape[2]
    result = np.empty((batch, *coordinates.shape[2:], channels), x.dtype)
    points = places.shape[2]
    rows = result.reshape(batch, points, channels)
    step = min(max(_POINTS // points, 1), batch)
    threads = min(allowed_threads(), len(range(0, batch, step)))

    def run(number: int) -> None:
        buffers = _Buffers(step, points, channels)
        for start in range(number * step, batch, threads * step):
            block = places[start : start + step]
            first = np.arange(start, start + len(block))[:, None] * area
            _fill(pixels, block, tables, low, first, rows[start : start + step], buffers.of(len(block)))

    WORKERS.run([partial(run, number) for number in range(threads)])
    return result


class _Buffers:
    """Intermediate arrays, which all blocks share: new memory would take more time than the arithmetic.

    Args:
        images: How many images a block has.
        points: How many points an image has.
        channels: How many channels.
    """

    def __init__(self, images: int, points: int, channels: int):
        self.weights = np.empty((2, images, points), "float32")
        self.index = np.empty((2, images, points), "intp")
        self.offsets = np.empty((5, images, points), "intp")  # of two rows, two columns, and a pixel
        self.values = np.empty((4, images, points, channels), "float32")
        self.spread = np.empty((1, images, points, channels), "float32")

    def of(self, images: int) -> list[list[np.ndarray]]:
        """Returns the arrays for a block of no more images."""
        return [[part[:images] for part in array] for array in vars(self).values()]


def _table(low: int, high: int, size: int, mode: str) -> np.ndarray:
    """Returns the index of the element at each whole coordinate from `low` to `high` + 1.

    Of "constant", that of an array with an element more on both sides.

    Example:
        >>> _table(-2, 3, 3, "reflect"), _table(-2, 3, 3, "constant")
        (array([1, 0, 0, 1, 2, 2, 1]), array([0, 0, 1, 2, 3, 4, 4]))
    """
    index = np.arange(low, high + 2)
    if mode == "constant":
        return np.clip(index, -1, size) + 1
    if mode == "nearest":
        return np.clip(index, 0, size - 1)
    if mode == "wrap":
        return index % size
    period = max(2 * size - 2, 1) if mode == "mirror" else 2 * size
    index %= period
    return np.minimum(index, period - index if mode == "mirror" else period - 1 - index)


def _fill(
    pixels: np.ndarray,
    places: np.ndarray,
    tables: list,
    low: np.ndarray,
    first: np.ndarray,
    result: np.ndarray,
    buffers: list[list[np.ndarray]],
) -> None:
    """Interpolates a block of images.

    Args:
        pixels: Those of all images, shape (pixels, channels).
        places: The coordinates, shape (images, 2, points).
        tables: For each axis, how far the pixels at whole coordinates are from the first.
        low: The least whole coordinate of each axis, with which the tables begin.
        first: The first pixel of each image, shape (images, 1).
        result: Where the result is written, shape (images, points, channels).
        buffers: Those of `_Buffers`.
    """
    weights, index, offsets, values, (spread,) = buffers
    for axis, table in enumerate(tables):
        own = places[:, axis]
        below = np.floor(own, weights[axis])
        np.subtract(below, low[axis], index[axis], casting="unsafe")
        np.subtract(own, below, weights[axis])
        for side in range(2):
            table[side:].take(index[axis], None, offsets[2 * axis + side], "clip")
    for side in range(2):
        offsets[side] += first
        for corner in range(2):
            np.add(offsets[side], offsets[2 + corner], offsets[4])
            pixels.take(offsets[4], 0, values[2 * side + corner], "clip")
    _spread(weights[1], spread)
    _blend(values[0], values[1], spread, values[0])
    _blend(values[2], values[3], spread, values[2])
    _spread(weights[0], spread)
    _blend(values[0], values[2], spread, result)


def _spread(weights: np.ndarray, result: np.ndarray) -> None:
    """Writes weights for all channels, without which numpy's inner loops would be short."""
    for channel in range(result.shape[2]):
        result[:, :, channel] = weights


def _blend(first: np.ndarray, second: np.ndarray, weights: np.ndarray, result: np.ndarray) -> None:
    """Writes what is between two values, `a + (b - a) weight`; overwrites the second."""
    second -= first
    second *= weights
    np.add(second, first, result)
