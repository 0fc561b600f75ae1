"""Splitting along an axis."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..engine.dispatch import operand
from ..engine.memory_budget import charge_list
from ..engine.registry import op
from ..engine.specialization import specialized
from ..engine.tensor import Tensor as Traced
from ..engine.trace import CustomVJP
from ..errors import ArgumentError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, normalize_axis, static_shape
from .creation import zeros_like
from .indexing import get_item
from .joining import concatenate

Sections = int | Sequence[int]


@specialized
@op("numpy.Split", settings="indices_or_sections axis")
def split(x: TensorLike, indices_or_sections: Sections, axis: int = 0) -> list[Tensor]:
    """Splits a tensor along an axis.

    Args:
        x: Input tensor.
        indices_or_sections: The number of equal sections, or the indices at which to split.
        axis: The axis.

    Returns:
        A list of tensors.

    Raises:
        ShapeError: If the axis cannot be split into equal sections.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> split([1, 2, 3, 4], 2)
        [array([1, 2], dtype=int32), array([3, 4], dtype=int32)]
    """
    return _cut("split", x, indices_or_sections, axis)


def _parts_in_keras(x: object, indices_or_sections: Sections, axis: int) -> dict | None:
    return {} if isinstance(indices_or_sections, (int, np.integer)) else None


@specialized
@op("numpy.ArraySplit", settings="indices_or_sections axis", as_in_keras=_parts_in_keras)
def array_split(x: TensorLike, indices_or_sections: Sections, axis: int = 0) -> list[Tensor]:
    """Splits a tensor along an axis into sections whose sizes differ by at most 1.

    Args:
        x: Input tensor.
        indices_or_sections: The number of sections, or the indices at which to split.
        axis: The axis.

    Returns:
        A list of tensors.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [part.tolist() for part in array_split([1, 2, 3], 2)]
        [[1, 2], [3]]
    """
    return _cut("array_split", x, indices_or_sections, axis)


@specialized
@op("numpy.Hsplit", settings="indices_or_sections")
def hsplit(x: TensorLike, indices_or_sections: Sections) -> list[Tensor]:
    """Splits a tensor along the second axis, or the first one for vectors; see `split`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [part.tolist() for part in hsplit([[1, 2], [3, 4]], 2)]
        [[[1], [3]], [[2], [4]]]
    """
    return _cut("hsplit", x, indices_or_sections, 1 if len(static_shape(as_value(x))) > 1 else 0)


@specialized
@op("numpy.Dsplit", settings="indices_or_sections")
def dsplit(x: TensorLike, indices_or_sections: Sections) -> list[Tensor]:
    """Splits a tensor along the third axis; see `split`.

    Raises:
        ShapeError: If there are fewer than three axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [part.tolist() for part in dsplit([[[1, 2, 3, 4]]], 2)]
        [[[[1, 2]]], [[[3, 4]]]]
    """
    x = as_value(x)
    if len(static_shape(x)) < 3:
        raise ShapeError(f"`dsplit` expects at least three axes. Received: shape {static_shape(x)}")
    return _cut("dsplit", x, indices_or_sections, 2)


@specialized
@op("numpy.Vsplit", settings="indices_or_sections")
def vsplit(x: TensorLike, indices_or_sections: Sections) -> list[Tensor]:
    """Splits a tensor along the first axis; see `split`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [part.tolist() for part in vsplit([[1, 2], [3, 4]], 2)]
        [[[1, 2]], [[3, 4]]]
    """
    return _cut("vsplit", x, indices_or_sections, 0)


def _cut(name: str, x: object, indices_or_sections: Sections, axis: int) -> list:
    x = as_value(x)
    axis = normalize_axis(axis, len(static_shape(x)))
    if isinstance(indices_or_sections, (int, np.integer)):
        cuts = _equal_cuts(name, static_shape(x), int(indices_or_sections), axis)
    else:
        cuts = [int(index) for index in indices_or_sections]
    before = (slice(None),) * axis
    parts = [get_item(x, (*before, slice(*ends))) for ends in zip([0, *cuts], [*cuts, None], strict=True)]
    _record_gradient(x, parts, axis)
    return parts


def _record_gradient(x: object, parts: list, axis: int) -> None:
    """Makes the gradient of all parts one concatenation, instead of a sum of gradients padded with zeros."""
    if len(parts) < 2 or not all(isinstance(part, Traced) for part in parts):
        return
    x, trace = operand(x), parts[-1].trace
    is_whole = sum(part.shape[axis] for part in parts) == x.shape[axis]
    if is_whole and trace.entries and trace.entries[-1].output is parts[-1]:
        rule = CustomVJP((x,), tuple(parts), partial(_join, axis), takes_none=True, optional=True)
        trace.custom_vjps[len(trace.entries) - 1] = rule


def _join(axis: int, grads: Sequence, parts: Sequence, x: Tensor) -> list:
    filled = [zeros_like(part) if grad is None else grad for grad, part in zip(grads, parts, strict=True)]
    return [concatenate(filled, axis)]


def _equal_cuts(name: str, sizes: tuple, count: int, axis: int) -> list[int]:
    size = sizes[axis]
    if count < 1 or size is None or (name != "array_split" and size % count):
        raise ShapeError(f"`{name}`: axis {axis} of shape {sizes} cannot be split into {count} equal sections.")
    charge_list(count, f"`{name}` into {count} parts")
    length, longer = divmod(size, count)
    return [number * length + (number if number < longer else longer) for number in range(1, count)]


@specialized
@op("core.Unstack", settings="num axis")
def unstack(x: TensorLike, num: int | None = None, axis: int = 0) -> list[Tensor]:
    """Unstacks a tensor along an axis into a list of tensors without that axis.

    Args:
        x: Input tensor.
        num: The size of the axis; required if it is unknown.
        axis: The axis.

    Raises:
        ArgumentError: If `num` is missing, or is not the size of the axis.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> [part.tolist() for part in unstack([[1, 2], [3, 4]])]
        [[1, 2], [3, 4]]
    """
    x = as_value(x)
    axis = normalize_axis(axis, len(static_shape(x)))
    size = static_shape(x)[axis]
    count = size if num is None else num
    if count is None or (size is not None and count != size):
        raise ArgumentError(f"`unstack`: `num` must be the size {size} of axis {axis}. Received: num={brief(num)}")
    charge_list(count, f"`unstack` into {count} parts")
    return [get_item(x, (*(slice(None),) * axis, number)) for number in range(count)]
