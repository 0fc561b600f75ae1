"""The `ContrastLimitedAdaptiveHistogramEqualization` layer."""

from typing import Any

import numpy as np

from .... import ops
from ....argument_checks import check_number, check_sizes
from ....engine.dispatch import apply
from ....engine.primitive import Primitive
from ....errors import ArgumentError
from ....typing import Tensor
from .arguments import check_value_range
from .base_image_preprocessing_layer import BaseImagePreprocessingLayer
from .value_ranges import rescaled

_VALUES = 256


class ContrastLimitedAdaptiveHistogramEqualization(BaseImagePreprocessingLayer):
    """Equalizes the histograms of tiles of images, in training and otherwise; images keep their dtype.

    Between the centers of tiles, the results are interpolated linearly.

    Args:
        value_range: The least and the greatest value of a pixel.
        clip_limit: How often a value may occur in a tile, as a multiple of the mean; what is more is spread over all
            values. 0 for no limit.
        tile_grid_size: How many tiles there are along the height and along the width.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/,
        Zuiderveld 1994, Contrast limited adaptive histogram equalization, Graphics Gems IV

    Example:
        >>> layer = ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(1, 1), clip_limit=0)
        >>> layer([[[10.0], [20.0], [20.0], [30.0]]])[:, :, 0]
        array([[ 63.75, 191.25, 191.25, 255.  ]], dtype=float32)
    """

    is_random = False
    keeps_dtype = True

    def __init__(
        self,
        value_range: Any = (0, 255),
        clip_limit: float = 4.0,
        tile_grid_size: Any = (8, 8),
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        where = type(self).__name__
        self.value_range = check_value_range(where, value_range)
        self.clip_limit = check_number(where, "clip_limit", clip_limit, error=ArgumentError)
        check_sizes(where, "tile_grid_size", tile_grid_size, 2)
        self.tile_grid_size = tile_grid_size

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns equalized images."""
        is_last = self.data_format == "channels_last"
        pixels = images if is_last else ops.moveaxis(images, 1, -1)
        pixels = rescaled(ops.cast(pixels, "float32"), self.value_range, (0, 255))
        tiles = check_sizes(type(self).__name__, "tile_grid_size", self.tile_grid_size, 2)
        pixels = rescaled(apply(_CLAHE, pixels, tiles=tiles, limit=self.clip_limit), (0, 255), self.value_range)
        return ops.cast(pixels if is_last else ops.moveaxis(pixels, -1, 1), images.dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = ("value_range", "clip_limit", "tile_grid_size")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _clahe_kernel(pixels: np.ndarray, tiles: tuple, limit: float) -> np.ndarray:
    count, height, width, channels = pixels.shape
    rows, columns = -(-height // tiles[0]), -(-width // tiles[1])  # of a tile
    padding = ((0, 0), (0, rows * tiles[0] - height), (0, columns * tiles[1] - width), (0, 0))
    values = np.pad(np.clip(np.nan_to_num(pixels), 0, _VALUES - 1).astype("int64"), padding, mode="symmetric")
    parts = values.reshape(count, tiles[0], rows, tiles[1], columns, channels).transpose(0, 1, 3, 5, 2, 4)
    table = _tables(parts.reshape(-1, rows * columns), limit).reshape(count, *tiles, channels, _VALUES)
    # The tiles at the border have copies around them, so that there are always two to interpolate between.
    table = np.pad(table, ((0, 0), (1, 1), (1, 1), (0, 0), (0, 0)), mode="edge")
    (top, down), (left, right) = (_between(*each) for each in ((height, rows), (width, columns)))
    image, channel = np.arange(count)[:, None, None, None], np.arange(channels)
    seen = values[:, :height, :width]
    result = np.zeros(pixels.shape, pixels.dtype)
    for row, row_weight in ((top, 1 - down), (top + 1, down)):
        for column, column_weight in ((left, 1 - right), (left + 1, right)):
            weight = row_weight[:, None, None] * column_weight[:, None]
            result += table[image, row[:, None, None], column[:, None], channel, seen] * weight
    return result


def _tables(parts: np.ndarray, limit: float) -> np.ndarray:
    """Returns what each value becomes in each tile.

    Args:
        parts: The values, shape (tiles, pixels).
        limit: The limit of how often a value counts.
    """
    size = parts.shape[1]
    numbers = parts + np.arange(len(parts))[:, None] * _VALUES
    counts = np.bincount(numbers.ravel(), minlength=len(parts) * _VALUES).reshape(-1, _VALUES).astype("float32")
    if limit > 0:
        clipped = np.minimum(counts, np.float32(limit * size / _VALUES))
        counts = clipped + (counts - clipped).sum(-1, keepdims=True) / np.float32(_VALUES)
    sums = np.cumsum(counts, -1)
    least = sums.min(-1, keepdims=True)
    rest = np.float32(size) - least
    return np.clip((sums - least) * np.float32(_VALUES - 1) / np.where(rest == 0, np.float32(1), rest), 0, _VALUES - 1)


def _between(length: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the tile before each pixel of an axis, counted from the copy at the border, and the next one's weight."""
    places = (np.arange(length, dtype="float32") - np.float32(size / 2)) / np.float32(size) + np.float32(1)
    before = np.floor(places)
    return before.astype("int64"), places - before


_CLAHE = Primitive("clahe", _clahe_kernel, shape=lambda x, tiles, limit: (x.shape, x.dtype))
