"""Linear interpolation of a block of images: point by point, or line by line.

numpy copies pixels of 4, 8, 16 or 32 bytes in a quarter of the time that others take, so pixels of three channels get a
fourth.
"""

import numpy as np

from .coordinates import AffineCoordinates, GivenCoordinates, lines_of
from .scratch import Scratch, cut

_LANES = {3: 4, 5: 8, 6: 8, 7: 8}  # how many channels pixels are copied with; all others as they are


class Source:
    """The pixels of a block of images, as they are copied.

    Args:
        x: All images.
        images: How many a block has.
        points: At how many points each is interpolated.
        fill_value: The value around the images; None if there is no border.

    Attributes:
        shape: The height and width of images with their border.
        channels: How many channels they have.
        lanes: With how many a pixel is copied.
        images: How many a block has.
    """

    def __init__(self, x: np.ndarray, images: int, points: int, fill_value: float | None):
        _, height, width, channels = x.shape
        # Copies of all pixels do not pay off where few are needed.
        lanes = _LANES.get(channels, channels) if 2 * points > height * width else channels
        border = int(fill_value is not None)
        self.shape, self.images = (height + 2 * border, width + 2 * border), images
        self.channels, self.lanes = channels, lanes
        self._x, self._copy = x, None
        if lanes > channels or border:
            self._copy = np.zeros((images, *self.shape, lanes), x.dtype)
            self._inside = self._copy
        if border:
            self._copy[..., :channels] = np.float32(fill_value)
            self._inside = self._copy[:, 1:-1, 1:-1]

    def of(self, block: slice) -> np.ndarray:
        """Returns the pixels of a block of images, shape (pixels, lanes)."""
        if self._copy is None:
            return self._x[block].reshape(-1, self.lanes)
        images = block.stop - block.start
        copy_channels(self._x[block], self._inside[:images])
        return self._copy[:images].reshape(-1, self.lanes)


class PointSampler:
    """Interpolates at any coordinates.

    Args:
        coordinates: Where each image is interpolated.
        tables: For each axis, where elements at whole coordinates, and the next ones, are.
        low: The least whole coordinate of each axis, with which the tables begin.
        source: The pixels.
        points: At how many points to interpolate at a time, about.

    Attributes:
        needs: How many elements of each kind it needs in the memory for intermediate arrays.
    """

    def __init__(
        self,
        coordinates: GivenCoordinates | AffineCoordinates,
        tables: list[np.ndarray],
        low: np.ndarray,
        source: Source,
        points: int,
    ):
        lines, length = lines_of(coordinates.shape)
        height, width = source.shape
        self._coordinates, self._source = coordinates, source
        self._tables, self._low = [tables[0] * width, tables[1]], low[:, None]
        # Parts of several images would not be contiguous.
        self._lines = lines if source.images > 1 else min(lines, max(points // length, 1))
        self._first = np.arange(source.images)[:, None, None] * (height * width)
        points = source.images * self._lines * length
        self.needs = points * (4 + 6 * source.lanes), 8 * points

    def fill(self, memory: Scratch, block: slice, result: np.ndarray) -> None:
        """Interpolates a block of images.

        Args:
            memory: Memory for intermediate arrays.
            block: Which images they are.
            result: Where the result is written, shape (images, lines, points of a line, channels).
        """
        pixels, lanes = self._source.of(block), self._source.lanes
        for start in range(0, result.shape[1], self._lines):
            part = result[:, start : start + self._lines]
            images, lines, length, channels = part.shape
            points = images * lines * length
            weights, below, spread, values = cut(
                memory.floats, (2, points), (2, points), (2, points, lanes), (2, 2, points * lanes)
            )
            self._coordinates.write(block, slice(start, start + lines), weights.reshape(2, images, lines, length))
            corners = self._corners(memory.indices, weights, below, images)
            pixels.take(corners, 0, values.reshape(4, points, lanes), "clip")
            for lane in range(lanes):
                spread[..., lane] = weights
            of_rows, of_columns = spread.reshape(2, points * lanes)
            left, right = values[:, 0], values[:, 1]
            above, below = between(left, right, of_columns, right)
            if channels == lanes:
                between(above, below, of_rows, part.reshape(points * channels))
            else:
                found = between(above, below, of_rows, below)
                copy_channels(found.reshape(images, lines, length, lanes), part)

    def _corners(self, memory: np.ndarray, places: np.ndarray, below: np.ndarray, images: int) -> np.ndarray:
        """Returns where the four pixels around points are, shape (4, points); replaces coordinates by weights."""
        points = places.shape[1]
        index, offsets = cut(memory, (4, points), (2, points, 2))
        whole = index[:2]
        np.floor(places, below)
        np.subtract(places, below, places)
        np.subtract(below, self._low, whole, casting="unsafe")
        for table, one, found in zip(self._tables, whole, offsets, strict=True):
            table.take(one, 0, found, "clip")
        rows, columns = offsets
        if images > 1:
            each = rows.reshape(images, -1, 2)
            np.add(each, self._first[:images], each)
        np.add(rows.T[:, None], columns.T, index.reshape(2, 2, points))
        return index


class LineSampler:
    """Interpolates where rows stay rows and columns stay columns: along each row, then between rows.

    The result has the same bits as that of `PointSampler`, which has the same arguments.

    Args:
        coordinates: Where each image is interpolated.
        tables: For each axis, where elements at whole coordinates, and the next ones, are.
        low: The least whole coordinate of each axis, with which the tables begin.
        source: The pixels.
        points: At how many points to interpolate at a time, about.

    Attributes:
        needs: How many elements of each kind it needs in the memory for intermediate arrays.
    """

    def __init__(
        self,
        coordinates: AffineCoordinates,
        tables: list[np.ndarray],
        low: np.ndarray,
        source: Source,
        points: int,
    ):
        height, _ = source.shape
        lines, width = coordinates.shape
        self._source = source
        places = coordinates.along_lines()
        (self._rows, self._row_weights), (self._columns, self._column_weights) = map(_located, places, tables, low)
        self._lines = min(max(height, lines), max(points // (source.images * width), 1))  # computed at a time
        size = source.images * width
        self.needs = size * (height * source.channels + 2 * self._lines * source.lanes), 2 * size * self._lines

    def fill(self, memory: Scratch, block: slice, result: np.ndarray) -> None:
        """Interpolates a block of images.

        Args:
            memory: Memory for intermediate arrays.
            block: Which images they are.
            result: Where the result is written, shape (images, height, width, channels).
        """
        images, lines, width, channels = result.shape
        height = self._source.shape[0]
        rows = memory.floats[: images * height * width * channels].reshape(images, height, width, channels)
        rest = memory.floats[rows.size :]
        self._fill_rows(Scratch(rest, memory.indices), block, rows)
        rows = rows.reshape(images * height, width * channels)
        result = result.reshape(images, lines, width * channels)
        index = self._rows[block] + np.arange(images)[:, None, None] * height
        weights = self._row_weights[block][..., None]
        for start in range(0, lines, self._lines):
            part = np.s_[:, start : start + self._lines]
            pair = cut(rest, *[result[part].shape] * 2)
            for side, found in enumerate(pair):
                rows.take(index[part][..., side].reshape(-1), 0, found.reshape(-1, width * channels), "clip")
            between(*pair, weights[part], result[part])

    def _fill_rows(self, memory: Scratch, block: slice, result: np.ndarray) -> None:
        """Interpolates along all rows of a block of images: result of shape (images, rows, width, channels)."""
        images, height, width, channels = result.shape
        pixels, lanes = self._source.of(block), self._source.lanes
        columns = self._columns[block].transpose(2, 0, 1)[:, :, None]
        first = np.arange(images * height).reshape(images, height, 1) * self._source.shape[1]
        weights = np.repeat(self._column_weights[block], lanes, 1)[:, None]
        for start in range(0, height, self._lines):
            part = result[:, start : start + self._lines]
            shape = images, part.shape[1], width
            (index,) = cut(memory.indices, (2, *shape))
            (values,) = cut(memory.floats, (2, *shape[:2], width * lanes))
            np.add(columns, first[:, start : start + self._lines], index)
            pixels.take(index.reshape(-1), 0, values.reshape(-1, lanes), "clip")
            between(*values, weights, values[1])
            copy_channels(values[1].reshape(*shape, lanes), part)


def _located(places: np.ndarray, table: np.ndarray, low: np.floating) -> tuple[np.ndarray, np.ndarray]:
    """Returns where the elements on both sides are, shape (images, coordinates, 2), and the weights of the second."""
    below = np.floor(places)
    return table.take((below - low).astype("intp"), 0, None, "clip"), places - below


def copy_channels(x: np.ndarray, result: np.ndarray) -> None:
    """Copies the channels that both have, without which numpy's inner loops would be short."""
    if x.shape == result.shape:
        np.copyto(result, x)
        return
    for channel in range(min(x.shape[-1], result.shape[-1])):
        result[..., channel] = x[..., channel]


def between(first: np.ndarray, second: np.ndarray, weights: np.ndarray, result: np.ndarray) -> np.ndarray:
    """Returns what is between two values, `a + (b - a) weight`, in `result`; overwrites the second."""
    second -= first
    second *= weights
    return np.add(second, first, result)
