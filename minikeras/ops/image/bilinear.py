"""Linear interpolation of batches of small images, the fast way: whole blocks of images by few calls of numpy.

Where neighbors are beyond the border, is looked up in a table of indices for each axis.
"""

from functools import partial

import numpy as np

from ...compiler.threads.parallel_products import allowed_threads
from ...compiler.threads.workers import WORKERS
from .coordinates import AffineCoordinates, GivenCoordinates, lines_of
from .samplers import LineSampler, PointSampler, Source
from .scratch import scratch

_POINTS = 1 << 15  # interpolated at a time: with fewer, threads would wait for each other between short calls of numpy
_NARROW = 16  # channels; for more, copying pixels takes most of the time, which the general way does as well
_FAR = 8  # how many times the size of the image coordinates may be away from it: tables are to be small


def bilinear(
    x: np.ndarray, coordinates: GivenCoordinates | AffineCoordinates, mode: str, fill_value: float
) -> np.ndarray | None:
    """Returns images interpolated at coordinates of their own; None if it is not a case for this way.

    Args:
        x: The images, shape (batch, height, width, channels).
        coordinates: Where each image is interpolated.
        mode: What is outside of an image: one of `neighbors.FILL_MODES`.
        fill_value: The value of "constant".

    Returns:
        Shape (batch, *points, channels).

    Example:
        >>> image = np.float32([2, 4]).reshape(1, 1, 2, 1)
        >>> places = GivenCoordinates(np.float32([[0, 0, 0], [0.25, 1.5, -1]]).reshape(1, 2, 3))
        >>> bilinear(image, places, "nearest", 0.0).ravel(), bilinear(image, places, "constant", 9.0).ravel()
        (array([2.5, 4. , 2. ], dtype=float32), array([2.5, 6.5, 9. ], dtype=float32))
    """
    if x.dtype != "float32" or coordinates.dtype != "float32" or x.shape[3] >= _NARROW:
        return None
    batch, *sizes, channels = x.shape
    if coordinates.images != batch or 0 in (batch, channels, *coordinates.shape):
        return None
    low, high = map(np.floor, coordinates.limits())
    if not all(-_FAR * size <= a and b <= _FAR * size for a, b, size in zip(low, high, sizes, strict=True)):
        return None  # far away, or undefined
    tables = [_table(int(a), int(b), size, mode) for a, b, size in zip(low, high, sizes, strict=True)]
    result = np.empty((batch, *coordinates.shape, channels), x.dtype)
    lines, length = lines_of(coordinates.shape)
    images = min(max(_POINTS // (lines * length), 1), batch)
    kind = LineSampler if coordinates.keeps_lines else PointSampler
    border = fill_value if mode == "constant" else None
    threads = min(allowed_threads(), len(range(0, batch, images)))

    def run(number: int) -> None:
        source = Source(x, images, lines * length, border)
        sampler = kind(coordinates, tables, low, source, _POINTS)
        with scratch(*sampler.needs) as memory:
            for start in range(number * images, batch, threads * images):
                block = slice(start, min(start + images, batch))
                sampler.fill(memory, block, result[block].reshape(-1, lines, length, channels))

    WORKERS.run([partial(run, number) for number in range(threads)])
    return result


def _table(low: int, high: int, size: int, mode: str) -> np.ndarray:
    """Returns the indices of the elements at each whole coordinate from `low` to `high`, and at the next one.

    Of "constant", those of an array with an element more on both sides.

    Example:
        >>> _table(-2, 2, 3, "reflect").T.tolist(), _table(-2, 2, 3, "constant").T.tolist()
        ([[1, 0, 0, 1, 2], [0, 0, 1, 2, 2]], [[0, 0, 1, 2, 3], [0, 1, 2, 3, 4]])
    """
    index = np.arange(low, high + 1)[:, None] + np.arange(2)
    if mode == "constant":
        return np.clip(index, -1, size) + 1
    if mode == "nearest":
        return np.clip(index, 0, size - 1)
    if mode == "wrap":
        return index % size
    period = max(2 * size - 2, 1) if mode == "mirror" else 2 * size
    index %= period
    return np.minimum(index, period - index if mode == "mirror" else period - 1 - index)
