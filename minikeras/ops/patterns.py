"""Rearrangement of axes by patterns, as in einops."""

import math
import re
from collections.abc import Sequence

import numpy as np

from ..engine.registry import op
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, static_shape
from .shaping import reshape, transpose

Groups = list[tuple[str, ...]]

_PART = re.compile(r"\(([^()]*)\)|([^\s()]+)")


@op("einops.Rearrange")
def rearrange(tensor: TensorLike, pattern: str, **axes_lengths: int) -> Tensor:
    """Splits, permutes and merges axes as a pattern says.

    Args:
        tensor: Input tensor.
        pattern: The names of the axes before and after, such as "b h w c -> b (h w) c". Names in parentheses share an
            axis, the first of them varying slowest. Each name occurs once on either side.
        **axes_lengths: The sizes of axes by name. Of the axes that share one, all but one must be given.

    Raises:
        ArgumentError: If the pattern is not of this form, or sizes are missing.
        ArgumentTypeError: If a size is not an integer.
        ShapeError: If the pattern does not fit the shape of the tensor.

    Source: https://keras.io/api/ops/

    Example:
        >>> rearrange([[1, 2, 3, 4], [5, 6, 7, 8]], "a (b c) -> c (a b)", b=2)
        array([[1, 3, 5, 7],
               [2, 4, 6, 8]], dtype=int32)
    """
    tensor = as_value(tensor)
    before, after = _parsed(pattern)
    old = [name for group in before for name in group]
    new = [name for group in after for name in group]
    for name, size in axes_lengths.items():
        if name not in old:
            raise ArgumentError(
                f"`rearrange`: pattern {pattern!r} has no axis {name!r}. Received: {name}={brief(size)}"
            )
        if not isinstance(size, (int, np.integer)) or size < 0:
            raise ArgumentTypeError(f"`rearrange`: sizes are integers from 0 on. Received: {name}={brief(size)}")
    sizes = _sizes(pattern, before, static_shape(tensor), axes_lengths)
    split = tensor if len(old) == len(before) else reshape(tensor, _merged([(name,) for name in old], sizes))
    moved = split if old == new else transpose(split, [old.index(name) for name in new])
    return moved if len(new) == len(after) else reshape(moved, _merged(after, sizes))


def _parsed(pattern: str) -> tuple[Groups, Groups]:
    """Returns the names of the axes before and after, those that share one together."""
    sides = pattern.split("->") if isinstance(pattern, str) else ()
    if len(sides) != 2:
        raise ArgumentError(f"`rearrange` expects a pattern such as 'a b -> b a'. Received: pattern={brief(pattern)}")
    before, after = (_groups(side, pattern) for side in sides)
    names = [[name for group in groups for name in group] for groups in (before, after)]
    if any(len(set(each)) != len(each) for each in names) or sorted(names[0]) != sorted(names[1]):
        raise ArgumentError(
            f"`rearrange` expects each axis once on either side of the pattern. Received: pattern={pattern!r}"
        )
    return before, after


def _groups(side: str, pattern: str) -> Groups:
    groups = [tuple(inside.split()) if name is None else (name,) for inside, name in _found(side)]
    if re.sub(r"\s", "", _PART.sub("", side)) or not all(name.isidentifier() for group in groups for name in group):
        raise ArgumentError(
            "`rearrange` expects names of axes, separated by spaces and grouped by single parentheses; '...' and "
            f"numbers are not supported. Received: pattern={pattern!r}"
        )
    if () in groups:
        raise ArgumentError(f"`rearrange` expects names in parentheses. Received: pattern={pattern!r}")
    return groups


def _found(side: str) -> list[tuple[str | None, str | None]]:
    return [(found[1], found[2]) for found in _PART.finditer(side)]


def _sizes(pattern: str, before: Groups, shape: Sequence[int | None], given: dict[str, int]) -> dict:
    """Returns the size of each axis; None where it is unknown."""
    if len(before) != len(shape):
        raise ShapeError(
            f"`rearrange`: pattern {pattern!r} is for a tensor with {len(before)} axes. Received: shape {tuple(shape)}"
        )
    sizes: dict[str, int | None] = {}
    for group, size in zip(before, shape, strict=True):
        missing = [name for name in group if name not in given]
        if len(missing) > 1:
            raise ArgumentError(
                f"`rearrange`: pattern {pattern!r} needs the sizes of all but one of the axes {', '.join(group)}. "
                f"Received: {given or 'none'}"
            )
        known = math.prod(given[name] for name in group if name in given)
        fits = size is None or (size == known if not missing else size % known == 0 if known else size == 0)
        if not fits:
            raise ShapeError(
                f"`rearrange`: the axis '{' '.join(group)}' of pattern {pattern!r} does not fit size {size}, with "
                f"{given}. Received: shape {tuple(shape)}"
            )
        sizes |= {name: given.get(name) for name in group}
        if missing:
            sizes[missing[0]] = None if size is None else size // max(known, 1)
    return sizes


def _merged(groups: Groups, sizes: dict) -> tuple:
    """Returns the shape in which each group is one axis."""
    merged = [None if any(sizes[n] is None for n in group) else math.prod(sizes[n] for n in group) for group in groups]
    return tuple(-1 if size is None and merged.count(None) == 1 else size for size in merged)
