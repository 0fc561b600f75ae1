"""Scatters: values written to, or combined at, the places that arrays of indices name."""

import math
from collections.abc import Callable

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..typing import ShapeLike, Tensor, TensorLike
from .arithmetic import divide, multiply
from .common.accumulation import combine_rows_at
from .common.arguments import as_sizes, as_value, static_shape
from .comparison import equal
from .conversion import cast
from .indexing import take
from .segments import product_gradient, segment_prod, segment_sum
from .shaping import broadcast_to, reshape


def _positions_kernel(indices: np.ndarray, sizes: tuple, where: str) -> np.ndarray:
    """Returns the positions in an array whose first axes are one; negative indices count from the end."""
    if math.prod(sizes) > np.iinfo(np.int32).max:
        raise ShapeError(f"`{where}` addresses at most {np.iinfo(np.int32).max} places. Received: shape {sizes}")
    limits, indices = np.array(sizes, np.int64), indices.astype(np.int64)
    inside = (indices >= -limits) & (indices < limits)
    if not inside.all():
        raise ArgumentError(
            f"`{where}`: index {indices[~inside.all(-1)][0].tolist()} is outside of a tensor whose first axes have the "
            f"sizes {sizes}."
        )
    steps = np.array([math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))], np.int64)
    return ((indices + limits * (indices < 0)) @ steps).astype(np.int32)


def _positions_rule(indices: Spec, sizes: tuple, where: str) -> tuple:
    return indices.shape[:-1], "int32"


_POSITIONS = Primitive("positions", _positions_kernel, shape=_positions_rule)


def _combining(ufunc: np.ufunc) -> Callable:
    def kernel(x: np.ndarray, updates: np.ndarray, places: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        result = out if out is not None and out.flags.c_contiguous else np.empty(x.shape, x.dtype)
        np.copyto(result, x)
        combine_rows_at(ufunc, result, places, updates)
        if out is not None and result is not out:
            np.copyto(out, result)
        return result

    return kernel


def _put_kernel(x: np.ndarray, updates: np.ndarray, places: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    out = np.empty_like(x) if out is None else out
    np.copyto(out, x)
    out[places] = updates  # of several updates of one place, the last
    return out


def _scattering(name: str, kernel: Callable, vjps: Callable) -> Primitive:
    return Primitive(name, kernel, shape=lambda x, updates, places: (x.shape, x.dtype), vjps=vjps, has_out=True)


def _put_vjps(g: object, y: object, x: object, updates: object, places: object) -> list:
    """The gradient of a place goes to the update that was written there last."""
    numbers = np.arange(len(updates), dtype=np.int32)
    last = apply(_PUT, np.full(len(x), -1, np.int32), numbers, places)
    written = reshape(equal(take(last, places, axis=0), numbers), (-1,) + (1,) * (len(static_shape(g)) - 1))
    own = apply(_PUT, g, np.zeros(tuple(updates.shape), dtype_of(g)), places)
    return [own, multiply(cast(written, dtype_of(g)), take(g, places, axis=0)), None]


def _add_vjps(g: object, y: object, x: object, updates: object, places: object) -> list:
    return [g, take(g, places, axis=0), None]


def _multiply_vjps(g: object, y: object, x: object, updates: object, places: object) -> list:
    count = len(x)
    own = multiply(g, segment_prod(updates, places, count))
    return [own, product_gradient(multiply(g, x), updates, places, count), None]


def _extreme_vjps(g: object, y: object, x: object, updates: object, places: object) -> list:
    """Equal values share the gradient evenly, that of the tensor included."""
    kept, hits = (cast(each, dtype_of(g)) for each in (equal(x, y), equal(updates, take(y, places, axis=0))))
    ties = kept + segment_sum(hits, places, len(x))
    share = divide(g, ties + cast(equal(ties, 0), dtype_of(g)))  # 0 where the extremum is NaN
    return [multiply(kept, share), multiply(hits, take(share, places, axis=0)), None]


_PUT = _scattering("put", _put_kernel, _put_vjps)
_COMBINING = {
    None: _PUT,
    "add": _scattering("scatter_add", _combining(np.add), _add_vjps),
    "max": _scattering("scatter_max", _combining(np.maximum), _extreme_vjps),
    "min": _scattering("scatter_min", _combining(np.minimum), _extreme_vjps),
    "mul": _scattering("scatter_mul", _combining(np.multiply), _multiply_vjps),
}


@op("core.Scatter", settings="shape")
def scatter(indices: TensorLike, values: TensorLike, shape: ShapeLike) -> Tensor:
    """Returns a tensor of zeros with values added at the given indices.

    Args:
        indices: Integers of shape (..., k): the first k indices of each value; negative ones count from the end.
        values: The values, of shape (..., *shape[k:]). Values with the same index are added.
        shape: The shape of the result, with at least k axes.

    Returns:
        A tensor of that shape, in the dtype of the values.

    Raises:
        ShapeError: If the shapes do not fit together.
        ArgumentTypeError: If the indices are not integers.
        ArgumentError: If an index is out of range.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> scatter([[0], [2], [0]], [1.0, 2.0, 4.0], shape=(4,))
        array([5., 0., 2., 0.], dtype=float32)
    """
    shape, values = as_sizes(shape, "scatter"), as_value(values)
    places, rest = _places("scatter", indices, shape)
    rows = _rows("scatter", values, static_shape(places), rest)
    count = math.prod(shape[: len(shape) - len(rest)])
    return reshape(segment_sum(rows, reshape(places, (-1,)), count), shape)


@op("core.ScatterUpdate", settings="reduction")
def scatter_update(
    inputs: TensorLike, indices: TensorLike, updates: TensorLike, reduction: str | None = None
) -> Tensor:
    """Returns a copy of a tensor with updates at the given indices.

    Args:
        inputs: The tensor.
        indices: Integers of shape (..., k): the first k indices of each update; negative ones count from the end.
        updates: The updates, of shape (..., *inputs.shape[k:]), or broadcast to it.
        reduction: How updates are combined with the values there, and with each other where several have the same
            index: None replaces them, by the last update; "add", "max", "min" and "mul" combine all of them.

    Returns:
        A tensor of the shape and dtype of `inputs`. At ties of "max" and "min", all equal values share the gradient.

    Raises:
        ShapeError: If the shapes do not fit together.
        ArgumentTypeError: If the indices are not integers.
        ArgumentError: If an index is out of range, or for another reduction.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> scatter_update([1.0, 2.0, 3.0], [[0], [2]], [7.0, 9.0])
        array([7., 2., 9.], dtype=float32)
        >>> scatter_update([1.0, 2.0, 3.0], [[0], [0]], [7.0, 9.0], reduction="add")
        array([17.,  2.,  3.], dtype=float32)
    """
    if reduction not in _COMBINING:
        raise ArgumentError(
            "`scatter_update` expects None, 'add', 'max', 'min' or 'mul' as `reduction`. "
            f"Received: reduction={brief(reduction)}"
        )
    inputs = as_value(inputs)
    sizes = static_shape(inputs)
    places, rest = _places("scatter_update", indices, sizes)
    rows = _rows("scatter_update", cast(as_value(updates), dtype_of(inputs)), static_shape(places), rest)
    count = len(sizes) - len(rest)
    x = inputs if count == 1 else _flat(inputs, sizes[:count], rest)
    result = apply(_COMBINING[reduction], x, rows, reshape(places, (-1,)))
    return result if count == 1 else reshape(result, sizes)


def _places(name: str, indices: object, sizes: tuple) -> tuple[object, tuple]:
    """Returns the positions that indices address, and the shape of what is at each of them."""
    indices = as_value(indices)
    shape = static_shape(indices)
    if np.dtype(dtype_of(indices)).kind not in "iu":
        raise ArgumentTypeError(f"`{name}` expects integers as indices. Received: dtype {dtype_of(indices)}")
    if not shape or not shape[-1] or shape[-1] > len(sizes):
        raise ShapeError(
            f"`{name}` expects indices of shape (..., k), with k from 1 to the {len(sizes)} axes of a tensor of shape "
            f"{sizes}. Received: indices of shape {shape}"
        )
    places = apply(_POSITIONS, indices, sizes=sizes[: shape[-1]], where=name)
    return places, sizes[shape[-1] :]


def _rows(name: str, values: object, batch: tuple, rest: tuple) -> object:
    """Returns values as one row for each index."""
    expected, received = (*batch, *rest), static_shape(values)
    pairs = zip(received[::-1], expected[::-1], strict=False)
    if name == "scatter":
        fits = len(received) == len(expected) and all(None in pair or pair[0] == pair[1] for pair in pairs)
    else:
        fits = len(received) <= len(expected) and all(None in pair or pair[0] in (1, pair[1]) for pair in pairs)
    if not fits:
        raise ShapeError(f"`{name}` expects values of shape {expected} for these indices. Received: shape {received}")
    if received != expected and None not in (*received, *expected):
        values = broadcast_to(values, expected)
    return _flat(values, batch, rest)


def _flat(x: object, batch: tuple, rest: tuple) -> object:
    return reshape(x, (-1 if None in batch else math.prod(batch), *rest))
