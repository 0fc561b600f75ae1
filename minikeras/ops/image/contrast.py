"""Changing the contrast of images: all steps of the formula on a block of images that stays in the cache."""

import numpy as np

from ...engine.batch_rules import aligned
from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive
from ...typing import Tensor
from ..arithmetic import add, multiply, subtract
from ..common.broadcasting import unbroadcast
from ..comparison import equal
from ..conversion import cast
from ..extrema import clip
from ..reductions import mean
from ..selection import where
from .axes import Axes

_BLOCK = 1 << 15  # elements
_NARROW = 16  # channels; for fewer, a whole line of means is needed, or numpy's inner loops would be short


def _kernel(
    x: np.ndarray, center: np.ndarray, factor: np.ndarray, low: float, high: float, out: np.ndarray | None = None
) -> np.ndarray:
    out = np.empty(x.shape, x.dtype) if out is None else out
    factor = np.broadcast_to(factor, (len(x), 1, 1, 1))
    least, most = x.dtype.type(low), x.dtype.type(high)
    if 1 < center.shape[3] < _NARROW:
        center = np.tile(center, (1, 1, x.shape[2], 1))
    count = max(_BLOCK // max(x[:1].size, 1), 1)
    for start in range(0, len(x), count):
        block = slice(start, start + count)
        part = np.subtract(x[block], center[block], out[block])
        np.multiply(part, factor[block], part)
        np.add(part, center[block], part)
        np.maximum(part, least, out=part)
        np.minimum(part, most, out=part)
    return out


def _inside(g: Tensor, x: Tensor, center: Tensor, factor: Tensor, low: float, high: float) -> Tensor:
    """Returns the gradient where nothing was clipped."""
    y = add(multiply(subtract(x, center), factor), center)
    return where(equal(clip(y, low, high), y), g, cast(0, dtype_of(g)))


def _gradients(g: Tensor, y: Tensor, x: Tensor, center: Tensor, factor: Tensor, **limits: float) -> list[Tensor]:
    g = _inside(g, x, center, factor, **limits)
    scaled = multiply(g, factor)
    of_factor = unbroadcast(multiply(g, subtract(x, center)), factor)
    return [scaled, unbroadcast(subtract(g, scaled), center), of_factor]


_CONTRAST = Primitive(
    "contrast",
    _kernel,
    shape=lambda x, center, factor, **limits: (x.shape, x.dtype),
    vjps=_gradients,
    has_out=True,
    native=True,
    batch=aligned,
)


def with_contrast(images: Tensor, axes: Axes, factor: Tensor, low: float, high: float) -> Tensor:
    """Changes the contrast of each image.

    `clip((x - mean) factor + mean, low, high)`, with the mean of each channel of an image.

    Args:
        images: A batch of images of a floating-point dtype.
        axes: Their axes.
        factor: The factors in that dtype, shape (batch or 1, 1, 1, 1).
        low: The least value of a pixel.
        high: The greatest.

    Example:
        >>> images = np.float32([2, 4, 9]).reshape(1, 1, 3, 1)
        >>> with_contrast(images, Axes(-3, -2, -1), np.float32([[[[2]]]]), 0, 10).ravel()
        array([ 0.,  3., 10.], dtype=float32)
    """
    return apply(_CONTRAST, images, mean(images, (axes.height, axes.width), keepdims=True), factor, low=low, high=high)
