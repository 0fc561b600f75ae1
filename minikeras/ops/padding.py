"""Padding."""

import numpy as np

from ..engine.batch_rules import leading
from ..engine.dispatch import apply
from ..engine.memory_budget import charge_array
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ArgumentError, NotSupportedError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, static_shape
from .indexing import get_item, take


def _inside(widths: tuple, sizes: tuple) -> tuple:
    return tuple(slice(before, before + size) for (before, _), size in zip(widths, sizes, strict=True))


def _pad_kernel(x: np.ndarray, widths: tuple, value: float, out: np.ndarray | None = None) -> np.ndarray:
    if out is None:
        out = np.empty(_pad_rule(Spec(x.shape, ""), widths, value)[0], x.dtype)
    out[...] = value
    out[_inside(widths, x.shape)] = x
    return out


def _pad_rule(x: Spec, widths: tuple, value: float) -> tuple:
    pairs = zip(widths, x.shape, strict=True)
    return tuple(None if size is None else before + size + after for (before, after), size in pairs), x.dtype


_PAD = Primitive(
    "pad",
    _pad_kernel,
    shape=_pad_rule,
    vjps=(lambda g, y, x, widths, value: get_item(g, _inside(widths, x.shape)),),
    has_out=True,
    batch=lambda axes, x, widths, value: leading(axes) if widths[0] == (0, 0) else None,
)


def _pad_in_keras(x: object, pad_width: object, **others: object) -> dict:
    """On TensorFlow, Keras's class needs a pair for each axis."""
    return {"pad_width": _widths(pad_width, len(static_shape(x)))}


@op("numpy.Pad", settings="pad_width mode", as_in_keras=_pad_in_keras)
def pad(x: TensorLike, pad_width: TensorLike, mode: str = "constant", constant_values: float | None = None) -> Tensor:
    """Pads a tensor.

    Args:
        x: Input tensor, of any shape.
        pad_width: The number of elements to add before and after: a number, a pair, or a pair for each axis.
        mode: "constant"; "reflect", the reflection about the first and last elements; or "symmetric", the reflection
            about the edges.
        constant_values: The padding value of the mode "constant"; 0 by default.

    Raises:
        ArgumentError: If an argument is invalid.
        NotSupportedError: For numpy's other modes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> pad([1, 2], (1, 2))
        array([0, 1, 2, 0, 0], dtype=int32)
    """
    x = as_value(x)
    widths = _widths(pad_width, len(static_shape(x)))
    if mode != "constant" and constant_values is not None:
        raise ArgumentError(f"`pad` takes `constant_values` in the mode 'constant' only. Received: mode={brief(mode)}")
    if mode == "constant":
        value = 0 if constant_values is None else constant_values
        if not isinstance(value, (bool, int, float, np.number)):
            raise NotSupportedError(f"`pad` supports a single padding value. Received: constant_values={brief(value)}")
        return apply(_PAD, x, widths=widths, value=value)
    if mode not in ("reflect", "symmetric"):
        raise NotSupportedError(
            f"`pad` supports the modes 'constant', 'reflect' and 'symmetric'. Received: mode={brief(mode)}"
        )
    for axis, width in enumerate(widths):
        if width != (0, 0):
            x = take(x, _mirrored(static_shape(x)[axis], width, mode, axis), axis)
    return x


def _widths(pad_width: object, rank: int) -> tuple:
    if type(pad_width) is int and pad_width >= 0:
        return ((pad_width, pad_width),) * rank
    try:
        widths = np.broadcast_to(np.asarray(pad_width), (rank, 2))
    except ValueError:
        widths = np.float32([-1])
    if widths.dtype.kind not in "iu" or (widths < 0).any():
        raise ArgumentError(
            f"`pad` expects `pad_width` as a number, a pair, or a pair for each of the {rank} axes. "
            f"Received: pad_width={brief(pad_width)}"
        )
    return tuple(map(tuple, widths.tolist()))


def _mirrored(size: int | None, width: tuple, mode: str, axis: int) -> np.ndarray:
    if size is None or max(width) > size - (mode == "reflect"):
        raise ShapeError(f"`pad`: {max(width)} elements cannot be mirrored from the {size} of axis {axis} ({mode!r}).")
    charge_array(2 * size + sum(width), "int64", "The index of `pad`")
    before, after = width
    first = 1 if mode == "reflect" else 0  # whether the elements at the edges are not repeated
    last = size - 1 - first
    left, right = np.arange(before + first - 1, first - 1, -1), np.arange(last, last - after, -1)
    return np.concatenate((left, np.arange(size), right))
