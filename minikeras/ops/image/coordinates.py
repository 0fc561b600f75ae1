"""The coordinates at which images of a batch are interpolated: given in an array, or following from affine maps."""

import math
from typing import NamedTuple

import numpy as np


class GivenCoordinates:
    """Coordinates in an array.

    Args:
        array: (y, x) for each point of each image, shape (images, 2, *points).

    Attributes:
        images: How many images they are for.
        shape: The shape of the points of an image.
        keeps_lines: Whether rows are known to stay rows, and columns columns.
    """

    keeps_lines = False

    def __init__(self, array: np.ndarray):
        self.images, self.shape = len(array), array.shape[2:]
        self.dtype = array.dtype
        self._array = array.reshape(self.images, 2, *lines_of(self.shape))

    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns the least and the greatest of y and of x; NaN if one is."""
        return self._array.min((0, 2, 3)), self._array.max((0, 2, 3))

    def write(self, images: slice, lines: slice, out: np.ndarray) -> None:
        """Writes those of some images and lines to an array of shape (2, images, lines, points of a line)."""
        np.copyto(out, self._array[images, :, lines].swapaxes(0, 1))


class AffineCoordinates:
    """Where affine maps take the pixels of images from; no array has all of it.

    Args:
        transform: The maps as `ops.image.affine_transform` takes them, shape (images, 8), the last two numbers 0.
        height: The height of the images.
        width: Their width.

    Attributes:
        images: How many images they are for.
        shape: The shape of an image.
        keeps_lines: Whether rows stay rows, and columns columns: images are zoomed and shifted only.

    Example:
        >>> coordinates = AffineCoordinates(np.float32([[1, 0, 3, 0, 2, 0, 0, 0]]), 2, 2)
        >>> out = np.empty((2, 1, 2, 2), "float32")
        >>> coordinates.write(slice(1), slice(2), out)
        >>> out.tolist()
        [[[[0.0, 0.0], [2.0, 2.0]]], [[[3.0, 4.0], [3.0, 4.0]]]]
    """

    def __init__(self, transform: np.ndarray, height: int, width: int):
        self.images, self.shape = len(transform), (height, width)
        self.dtype = transform.dtype
        self._parts = _parts(transform, (3, 0), height, width)
        self.keeps_lines = not transform[:, [1, 3]].any()

    def along_lines(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns y of each row and x of each column, where they stay such: shapes (images, height or width)."""
        columns, rows = self._parts
        return columns[0, :, 0, :1] + rows[0, :, :, 0], columns[1, :, 0] + rows[1, :, :1, 0]

    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns the least and the greatest of y and of x; NaN if one is."""
        # Sums of rounded numbers are the greater, the greater the numbers are.
        columns, rows = self._parts
        least, most = (getattr(columns, name)((2, 3)) + getattr(rows, name)((2, 3)) for name in ("min", "max"))
        return least.min(1), most.max(1)

    def write(self, images: slice, lines: slice, out: np.ndarray) -> None:
        """Writes those of some images and lines to an array of shape (2, images, lines, points of a line)."""
        columns, rows = self._parts
        np.add(columns[:, images], rows[:, images, lines], out)


class _Parts(NamedTuple):
    """What is added up: shapes (numbers, images, 1, width) and (numbers, images, height, 1)."""

    columns: np.ndarray
    rows: np.ndarray


def _parts(transform: np.ndarray, starts: tuple[int, ...], height: int, width: int) -> _Parts:
    """Returns the parts of `a x + b y + c`, for `a`, `b` and `c` from some positions on; 1 follows the last number."""
    dtype = transform.dtype
    padded = np.concatenate([transform, np.ones((len(transform), 1), dtype)], 1)
    of_x, of_y, constant = (padded[:, [start + number for start in starts]].T[:, :, None, None] for number in range(3))
    return _Parts(of_x * np.arange(width, dtype=dtype), of_y * np.arange(height, dtype=dtype)[:, None] + constant)


def projected(transform: np.ndarray, height: int, width: int) -> np.ndarray:
    """Returns the coordinates that projective maps take the pixels of images from.

    Args:
        transform: The maps as `ops.image.affine_transform` takes them, shape (images, 8).
        height: The height of the images.
        width: Their width.

    Returns:
        Shape (images, 2, height, width), with y before x.

    Example:
        >>> projected(np.float32([[1, 0, 0, 0, 1, 3, 1, 0]]), 1, 2).tolist()
        [[[[3.0, 1.5]], [[0.0, 0.5]]]]
    """
    columns, rows = _parts(transform, (3, 0), height, width)
    places = columns + rows
    if not is_affine(transform):
        columns, rows = _parts(transform, (6,), height, width)
        places /= columns + rows
    return places.swapaxes(0, 1)


def is_affine(transform: np.ndarray) -> bool:
    """Returns whether maps divide by nothing: the last two numbers of each are 0."""
    return not transform[:, 6:].any()


def lines_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """Returns how many lines points of some shape are in, and how many points a line has."""
    return (shape[0], math.prod(shape[1:])) if shape else (1, 1)
