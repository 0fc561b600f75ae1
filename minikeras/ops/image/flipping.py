"""Mirroring some images of a batch."""

import numpy as np

from ...engine.batch_rules import together
from ...engine.dispatch import apply
from ...engine.primitive import Primitive
from ...typing import Tensor


def _is_in_pixels(x: np.ndarray) -> bool:
    """Returns whether pixels of several channels are contiguous."""
    return x.shape[-1] > 1 and x.strides[-1] == x.itemsize


def _pixels(x: np.ndarray) -> np.ndarray:
    """Returns a view in which each pixel is one element: numpy's inner loops over few channels would be short."""
    return x.view(np.dtype((np.void, x.shape[-1] * x.itemsize)))[..., 0]


def _kernel(x: np.ndarray, is_chosen: np.ndarray, axes: tuple[int, ...], out: np.ndarray | None = None) -> np.ndarray:
    result = np.empty(x.shape, x.dtype) if out is None else out
    np.copyto(result, x)
    source, target = x, result
    key = tuple(slice(None, None, -1) if axis in axes else slice(None) for axis in range(-3, 0))
    if -1 not in axes and _is_in_pixels(x) and _is_in_pixels(result):
        source, target, key = _pixels(x), _pixels(result), key[:2]
    for number in np.flatnonzero(np.broadcast_to(is_chosen.reshape(-1), len(x))):
        target[number] = source[number][key]
    return result


_FLIP_CHOSEN = Primitive(
    "flip_chosen",
    _kernel,
    shape=lambda x, is_chosen, axes: (x.shape, x.dtype),
    vjps=(lambda g, y, x, is_chosen, axes: apply(_FLIP_CHOSEN, g, is_chosen, axes=axes), None),
    has_out=True,
    native=True,
    computes=False,
    batch=together,
)


def flip_chosen(images: Tensor, is_chosen: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Mirrors some images of a batch.

    Args:
        images: Shape (batch, ...), with 4 axes.
        is_chosen: Whether each image is mirrored, shape (batch, 1, 1, 1).
        axes: The axes along which it is, counted from the end.

    Example:
        >>> images, is_chosen = np.float32([[1, 2], [3, 4]]), np.array([True, False])
        >>> flip_chosen(images.reshape(2, 1, 2, 1), is_chosen.reshape(2, 1, 1, 1), (-2,)).ravel()
        array([2., 1., 3., 4.], dtype=float32)
    """
    return apply(_FLIP_CHOSEN, images, is_chosen, axes=axes)
