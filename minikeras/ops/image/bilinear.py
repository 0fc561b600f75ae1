"""Linear interpolation of batches of small images, the fast way: whole blocks of images by few calls of numpy.

Where neighbors are beyond the border, is looked up in a table of indices for each axis. numpy copies pixels of 4, 8, 16
or 32 bytes in a quarter of the time that others take, so pixels of three channels get a fourth.
"""

import threading
from functools import partial

import numpy as np

from ...compiler.threads.parallel_products import allowed_threads
from ...compiler.threads.workers import WORKERS
from .coordinates import AffineCoordinates, GivenCoordinates, lines_of

_POINTS = 1 << 13  # interpolated at a time: the intermediate arrays fit in the cache
_NARROW = 16  # channels; for more, copying pixels takes most of the time, which the general way does as well
_FAR = 8  # how many times the size of the image coordinates may be away from it: tables are to be small
_LANES = {3: 4, 5: 8, 6: 8, 7: 8}  # how many channels pixels are copied with; all others as they are


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
    tables[0] *= sizes[1] + 2 * (mode == "constant")
    tables = [np.stack([table[:-1], table[1:]], 1) for table in tables]
    result = np.empty((batch, *coordinates.shape, channels), x.dtype)
    lines, length = lines_of(coordinates.shape)
    images = min(max(_POINTS // (lines * length), 1), batch)
    threads = min(allowed_threads(), len(range(0, batch, images)))

    def run(number: int) -> None:
        source = _Source(x, images, lines * length, fill_value if mode == "constant" else None)
        sampler = _Sampler(coordinates, tables, low, source.pixels.shape, images)
        for start in range(number * images, batch, threads * images):
            block = slice(start, min(start + images, batch))
            sampler.fill(source.of(block), block, result[block].reshape(-1, lines, length, channels))
        sampler.end()

    WORKERS.run([partial(run, number) for number in range(threads)])
    return result


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


class _Source:
    """The pixels of a block of images, as they are copied.

    Args:
        x: All images.
        images: How many a block has.
        points: At how many points each is interpolated.
        fill_value: The value around the images; None if there is no border.

    Attributes:
        pixels: Those of a block, shape (images, pixels, lanes).
    """

    def __init__(self, x: np.ndarray, images: int, points: int, fill_value: float | None):
        _, height, width, channels = x.shape
        # Copies of all pixels do not pay off where few are needed.
        lanes = _LANES.get(channels, channels) if 2 * points > height * width else channels
        border = int(fill_value is not None)
        self._x, self._inside = x, None
        if lanes == channels and not border:
            self.pixels = x.reshape(len(x), height * width, channels)
            return
        padded = np.zeros((images, height + 2 * border, width + 2 * border, lanes), x.dtype)
        if border:
            padded[..., :channels] = np.float32(fill_value)
            self._inside = padded[:, 1:-1, 1:-1]
        else:
            self._inside = padded
        self.pixels = padded.reshape(images, -1, lanes)

    def of(self, block: slice) -> np.ndarray:
        """Returns the pixels of a block of images, shape (pixels, lanes)."""
        images = block.stop - block.start
        if self._inside is None:
            return self.pixels[block].reshape(-1, self.pixels.shape[2])
        _copy_channels(self._x[block], self._inside[:images])
        return self.pixels[:images].reshape(-1, self.pixels.shape[2])


class _Buffers:
    """Intermediate arrays.

    Args:
        points: At how many points images are interpolated at a time.
        lanes: How many numbers a pixel has.
    """

    def __init__(self, points: int, lanes: int):
        self.points, self.lanes = points, lanes
        self.floats = np.empty(4 * points, "float32")  # coordinates, which become weights, and their floors
        self.index = np.empty(4 * points, "intp")
        self.offsets = np.empty(4 * points, "intp")  # of two rows and two columns
        self.values = np.empty(4 * points * lanes, "float32")  # of four pixels
        self.spread = np.empty(2 * points * lanes, "float32")


class _Local(threading.local):
    """What calls in a thread leave to the next one."""

    buffers: _Buffers | None = None


_local = _Local()


def _taken_buffers(points: int, lanes: int) -> _Buffers:
    """Returns the arrays that this thread has kept, if they are large enough; a call in between gets others."""
    kept, _local.buffers = _local.buffers, None
    return kept if kept is not None and kept.points >= points and kept.lanes >= lanes else _Buffers(points, lanes)


class _Sampler:
    """Interpolates block after block, in the same arrays: pages of new memory would take as long as the arithmetic.

    Args:
        coordinates: Where each image is interpolated.
        tables: For each axis, how far the pixels at whole coordinates, and the next ones, are from the first.
        low: The least whole coordinate of each axis, with which the tables begin.
        source: The shape of the pixels of a block: (images, pixels, lanes).
        images: How many images a block has.
    """

    def __init__(
        self,
        coordinates: GivenCoordinates | AffineCoordinates,
        tables: list[np.ndarray],
        low: np.ndarray,
        source: tuple[int, ...],
        images: int,
    ):
        lines, length = lines_of(coordinates.shape)
        self._coordinates, self._tables, self._low = coordinates, tables, low[:, None].astype("float32")
        self._lines = min(lines, max(_POINTS // length, 1))
        self._first = np.arange(images)[:, None, None] * source[1]
        self._lanes = source[2]
        self._buffers = _taken_buffers(images * self._lines * length, self._lanes)

    def end(self) -> None:
        """Leaves the intermediate arrays to the next one in this thread."""
        if self._buffers.points <= _POINTS:
            _local.buffers = self._buffers

    def fill(self, pixels: np.ndarray, block: slice, result: np.ndarray) -> None:
        """Interpolates a block of images.

        Args:
            pixels: Their pixels, shape (pixels, lanes).
            block: Which images they are.
            result: Where the result is written, shape (images, lines, points of a line, channels).
        """
        for start in range(0, result.shape[1], self._lines):
            part = result[:, start : start + self._lines]
            images, lines, length, channels = part.shape
            points = images * lines * length
            weights = self._buffers.floats[: 2 * points].reshape(2, points)
            self._coordinates.write(block, slice(start, start + lines), weights.reshape(2, images, lines, length))
            pixels.take(
                self._neighbors(weights, images),
                0,
                self._buffers.values[: 4 * points * self._lanes].reshape(4, points, -1),
                "clip",
            )
            target = part.reshape(points * channels) if channels == self._lanes else None
            found = self._blended(weights, target)
            if target is None:
                _copy_channels(found.reshape(images, lines, length, self._lanes), part)

    def _neighbors(self, places: np.ndarray, images: int) -> np.ndarray:
        """Returns where the four pixels around points are, shape (4, points); replaces coordinates by weights."""
        points = places.shape[1]
        below = self._buffers.floats[2 * points : 4 * points].reshape(2, points)
        index = self._buffers.index[: 2 * points].reshape(2, points)
        np.floor(places, below)
        np.subtract(places, below, places)
        np.subtract(below, self._low, index, casting="unsafe")
        rows, columns = self._buffers.offsets[: 4 * points].reshape(2, points, 2)
        for table, one, offsets in zip(self._tables, index, (rows, columns), strict=True):
            table.take(one, 0, offsets, "clip")
        if images > 1:
            each = rows.reshape(images, -1, 2)
            np.add(each, self._first[:images], each)
        corners = self._buffers.index[: 4 * points].reshape(2, 2, points)
        np.add(rows.T[:, None], columns.T, corners)
        return corners.reshape(4, points)

    def _blended(self, weights: np.ndarray, result: np.ndarray | None) -> np.ndarray:
        """Returns what is between four pixels, in `result` if there is one: shape (points * lanes,)."""
        points = weights.shape[1]
        spread = self._buffers.spread[: 2 * points * self._lanes].reshape(2, points, self._lanes)
        for lane in range(self._lanes):
            spread[..., lane] = weights
        of_rows, of_columns = spread.reshape(2, points * self._lanes)
        values = self._buffers.values[: 4 * points * self._lanes].reshape(2, 2, points * self._lanes)
        left, right = values[:, 0], values[:, 1]
        above, below = _between(left, right, of_columns, right)
        return _between(above, below, of_rows, below if result is None else result)


def _copy_channels(x: np.ndarray, result: np.ndarray) -> None:
    """Copies the channels that both have, without which numpy's inner loops would be short."""
    for channel in range(min(x.shape[-1], result.shape[-1])):
        result[..., channel] = x[..., channel]


def _between(first: np.ndarray, second: np.ndarray, weights: np.ndarray, result: np.ndarray) -> np.ndarray:
    """Returns what is between two values, `a + (b - a) weight`, in `result`; overwrites the second."""
    second -= first
    second *= weights
    return np.add(second, first, result)
