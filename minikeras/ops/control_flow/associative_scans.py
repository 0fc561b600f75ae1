"""Scans with an associative function, as in `keras.ops`: all prefixes in a logarithmic number of calls."""

from collections.abc import Callable
from typing import Any

from ...engine import tree
from ...engine.promoting_arrays import as_body_input, as_plain
from ...engine.registry import op
from ...errors import ShapeError
from ..common.arguments import as_value, normalize_axis
from ..common.arguments import static_shape as shape
from ..indexing import get_item
from ..joining import concatenate
from ..joining import stack as stacked
from ..rearranging import flip
from ..shaping import reshape
from .carry import check_function


@op("core.AssociativeScan", settings="reverse axis")
def associative_scan(f: Callable, elems: Any, reverse: bool = False, axis: int = 0) -> Any:
    """Combines the elements along an axis up to each of them, with an associative function.

    `[a, f(a, b), f(f(a, b), c), ...]` for elements a, b, c, ... The function is called about 2 log2(n) times, each time
    on many elements.

    Args:
        f: Takes two values nested as `elems`, and combines them element by element along the axis. It must be
            associative: `f(a, f(b, c)) == f(f(a, b), c)`.
        elems: Values of one size along the axis, possibly nested.
        reverse: Whether to begin with the last element.
        axis: The axis.

    Returns:
        Values of the shapes of `elems`, nested as they are.

    Raises:
        ShapeError: If the values have different sizes along the axis.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> import numpy as np
        >>> associative_scan(lambda a, b: a * b, np.array([1, 2, 3, 4]))
        array([ 1,  2,  6, 24])
    """
    check_function("f", f)
    values = [as_value(leaf) for leaf in tree.flatten(elems)]
    axes = [normalize_axis(axis, len(shape(value))) for value in values]
    sizes = {shape(value)[own] for value, own in zip(values, axes, strict=True)}
    if len(sizes) != 1:
        raise ShapeError(
            f"`associative_scan`: the values must have one size along axis {axis}. "
            f"Received shapes: {[shape(value) for value in values]}"
        )

    def combine(first: list, second: list) -> list:
        given = (tree.pack_like(elems, list(map(as_body_input, each))) for each in (first, second))
        found = list(map(as_plain, tree.flatten(f(*given))))
        expected, received = [shape(value) for value in first], [shape(as_value(value)) for value in found]
        if expected != received:
            raise ShapeError(
                "`associative_scan`: the function must return values of the shapes that it is given. "
                f"Expected: {expected}. Received: {received}"
            )
        return found

    if reverse:
        values = [flip(value, own) for value, own in zip(values, axes, strict=True)]
    found = _prefixes(combine, values, axes)
    if reverse:
        found = [flip(value, own) for value, own in zip(found, axes, strict=True)]
    return tree.pack_like(elems, found)


def _prefixes(combine: Callable, values: list, axes: list[int]) -> list:
    """Returns the combinations of the elements up to each of them: of neighbors first, then those between."""
    size = shape(values[0])[axes[0]]
    if size < 2:
        return values
    pairs = combine(_sliced(values, axes, slice(0, -1, 2)), _sliced(values, axes, slice(1, None, 2)))
    odd = _prefixes(combine, pairs, axes)
    if size == 2:
        even = _sliced(values, axes, slice(0, 1))
    else:
        before = _sliced(odd, axes, slice(0, -1)) if size % 2 == 0 else odd
        later = combine(before, _sliced(values, axes, slice(2, None, 2)))
        firsts = _sliced(values, axes, slice(0, 1))
        even = [concatenate(parts, axis) for *parts, axis in zip(firsts, later, axes, strict=True)]
    return [_interleaved(*pair, axis) for *pair, axis in zip(even, odd, axes, strict=True)]


def _sliced(values: list, axes: list[int], part: slice) -> list:
    return [get_item(value, (*[slice(None)] * axis, part)) for value, axis in zip(values, axes, strict=True)]


def _interleaved(even: object, odd: object, axis: int) -> object:
    """Interleaves the elements of two values; the first may have one more."""
    count, sizes = shape(odd)[axis], list(shape(odd))
    sizes[axis] *= 2
    (whole,) = _sliced([even], [axis], slice(0, count))
    result = reshape(stacked([whole, odd], axis + 1), sizes)
    if shape(even)[axis] == count:
        return result
    return concatenate([result, *_sliced([even], [axis], slice(count, None))], axis)
