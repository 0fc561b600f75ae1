"""Batch rules: whether an operation on a batch can be computed block by block.

A rule tells along which axis the examples of its inputs and output are, and how its parameters change with their
number. `batch(axes, *specs, **params)` receives the batch axis of each input, None for inputs without one, and returns
a `Batching`, or None if an example's result depends on other examples.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

Axes = Sequence[int | None]

SUM = "sum"


@dataclass(frozen=True)
class Batching:
    """How an operation treats a batch.

    Attributes:
        inputs: The batch axis of each input; None if all examples share the input.
        output: That of the output; `SUM` if the output is the sum of what the same operation returns for blocks.
        params: Returns the parameters for a block of a given number of examples; None if they stay the same.
        is_whole: Whether it is computed for all examples at a time nevertheless.
    """

    inputs: tuple[int | None, ...]
    output: "int | str"
    params: Callable[[int], dict] | None = None
    is_whole: bool = False


def leading(axes: Axes, /, *specs: Any, **params: Any) -> Batching | None:
    """The rule of operations whose inputs and output all have the batch as their first axis."""
    return Batching(tuple(axes), 0) if all(axis in (0, None) for axis in axes) else None


def followed(axes: Axes, /, *specs: Any, **params: Any) -> Batching | None:
    """The rule of checks of all examples at a time, which say in errors where in the batch something is."""
    return Batching(tuple(axes), 0, is_whole=True) if tuple(axes) == (0,) else None


def all_leading(axes: Axes, /, *specs: Any, **params: Any) -> Batching | None:
    """The rule of operations whose inputs and output all have the batch as their first axis, and none is shared."""
    return Batching(tuple(axes), 0) if all(axis == 0 for axis in axes) else None


def together(axes: Axes, /, *specs: Any, **params: Any) -> Batching | None:
    """The rule of operations whose inputs and output all have the batch as their first axis, if one is known to.

    Where an input is from is not known for all: some are computed from the whole batch. One of a single example is
    shared.
    """
    if 0 not in axes or not set(axes) <= {0, None}:
        return None
    is_shared = [axis is None and spec.shape[:1] in ((), (1,)) for axis, spec in zip(axes, specs, strict=True)]
    return Batching(tuple(None if shared else 0 for shared in is_shared), 0)


def together_at_once(axes: Axes, /, *specs: Any, **params: Any) -> Batching | None:
    """The rule of `together`, of operations that share the examples out to threads themselves."""
    batching = together(axes, *specs)
    return None if batching is None else replace(batching, is_whole=True)


def along_another(axes: Axes, /, *specs: Any, axis: int | tuple[int, ...], **params: Any) -> Batching | None:
    """The rule of operations along axes, whose inputs and output all have the batch as their first axis."""
    along = (axis,) if isinstance(axis, int) else axis
    rank = len(specs[0].shape)
    return leading(axes) if all(each % rank for each in along) else None


def aligned(axes: Axes, /, *specs: Any, **params: Any) -> Batching | None:
    """The rule of elementwise operations with broadcasting: axes are aligned at their end."""
    from_end = {len(spec.shape) - axis for axis, spec in zip(axes, specs, strict=True) if axis is not None}
    if len(from_end) != 1:
        return None
    (end,) = from_end
    rank = max(len(spec.shape) for spec in specs)
    found = []
    for axis, spec in zip(axes, specs, strict=True):
        own = len(spec.shape) - end
        found.append(axis if own < 0 or spec.shape[own] == 1 else own)
    return Batching(tuple(found), rank - end)


def reduced(sums: bool, axes: Axes, x: Any, axis: tuple[int, ...], keepdims: bool) -> Batching | None:
    """The rule of reductions.

    Args:
        sums: Whether the results for blocks can be added.
        axes: The batch axis of the input.
        x: The input.
        axis: The reduced axes.
        keepdims: Whether they are kept.
    """
    (batch,) = axes
    if batch in axis:
        return Batching((batch,), SUM) if sums else None
    return Batching((batch,), batch if keepdims else batch - len([each for each in axis if each < batch]))


def resized(sizes: Sequence[int], axis: int, name: str, params: dict) -> Callable[[int], dict]:
    """Returns the parameters for a block if one of them is a shape.

    Args:
        sizes: The shape.
        axis: The batch axis in it.
        name: The name of the parameter.
        params: The parameters.
    """
    return lambda size: {**params, name: (*sizes[:axis], size, *sizes[axis + 1 :])}
