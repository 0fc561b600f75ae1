"""Shared by all samplers: the primitive of a draw, and argument checks."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..engine.dtypes import is_float, standardize_dtype
from ..engine.primitive import Primitive
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, ShapeError, brief
from ..ops.common.arguments import as_sizes
from ..typing import DTypeLike, ShapeLike, TensorLike

# Samples drawn at a time: numpy draws in float64, which so stays in the cache and takes no memory beside the result.
_PIECE = 65536


def sampler(
    name: str, draw: Callable, vjps: Sequence[Callable | None] | None = None, in_sequence: Callable | None = None
) -> Primitive:
    """Returns the primitive of a draw. The seed is its first input, so that a replayed step draws new samples.

    Args:
        name: Its name in printed plans.
        draw: `draw(rng, *parameters, shape)` returns samples.
        vjps: Gradient rules for the seed and the parameters.
        in_sequence: `in_sequence(rng, *parameters, count)` returns about so many samples, for parameters that are
            numbers. The samples of several calls, one after the other, are those of `draw`.
    """

    def kernel(seed: np.ndarray, *parameters: np.ndarray, shape: tuple, dtype: str) -> np.ndarray:
        rng = np.random.default_rng(seed)
        if in_sequence is None or math.prod(shape) <= _PIECE or any(map(np.ndim, parameters)):
            return np.asarray(draw(rng, *parameters, shape)).astype(dtype, copy=False)
        numbers, used = np.empty(shape, dtype), 0
        flat = numbers.reshape(-1)
        while used < flat.size:
            piece = in_sequence(rng, *parameters, _PIECE)[: flat.size - used]
            flat[used : used + piece.size] = piece
            used += piece.size
        return numbers

    return Primitive(name, kernel, shape=lambda *inputs, shape, dtype: (shape, dtype), vjps=vjps)


def no_gradient(name: str) -> Callable:
    """Returns a gradient rule that raises: treating parameters as constants would be silently wrong."""

    def vjp(*args: object, **params: object) -> None:
        raise NotSupportedError(
            f"minikeras has no gradient of `random.{name}` with respect to its parameters. "
            "Use `ops.stop_gradient` on them if they are constants."
        )

    return vjp


def parameter(value: TensorLike, dtype: str = "float64") -> Any:
    """Returns a parameter of a distribution; numbers in float64, in which numpy draws."""
    return value if hasattr(value, "dtype") else np.asarray(value, dtype)


def size_of(shape: ShapeLike, where: str) -> tuple[int, ...]:
    """Returns a shape as a tuple.

    Raises:
        ShapeError: If it does not consist of sizes.
    """
    try:
        sizes = as_sizes(shape, where)
    except ArgumentTypeError:
        sizes = (-1,)
    if any(size < 0 for size in sizes):
        raise ShapeError(f"`{where}` expects `shape` as a tuple of sizes. Received: shape={brief(shape)}")
    return sizes


def float_type(dtype: DTypeLike, where: str) -> str:
    """Returns the name of a floating-point dtype; `floatx` for None.

    Raises:
        ArgumentError: For other dtypes.
    """
    name = standardize_dtype(dtype)
    if not is_float(name):
        raise ArgumentError(f"`{where}` needs a floating-point dtype. Received: dtype={brief(dtype)}")
    return name


def check(where: str, shape: tuple[int, ...], **conditions: tuple) -> None:
    """Raises if parameters of a distribution are invalid.

    Args:
        where: The name of the sampler.
        shape: The shape that the parameters must broadcast to.
        **conditions: For each parameter, its value, a predicate on arrays, and a description of what is expected.
            Values that are unknown until the step runs are not tested.

    Raises:
        ArgumentError: If a predicate is false.
        ShapeError: If a parameter does not broadcast to the shape.
    """
    for name, (value, test, expected) in conditions.items():
        array = np.asarray(value) if np.isscalar(value) or isinstance(value, (list, tuple)) else value
        if array.shape and not broadcasts(array.shape, shape):
            raise ShapeError(f"`{where}` expects `{name}` to broadcast to shape {shape}. Received: shape {array.shape}")
        if isinstance(array, np.ndarray) and not np.all(test(array)):
            raise ArgumentError(f"`{where}` expects `{name}` {expected}. Received: {name}={brief(value)}")


def broadcasts(shape: Sequence[int], target: Sequence[int]) -> bool:
    """Returns whether a shape can be broadcast to another.

    Example:
        >>> broadcasts((1, 3), (2, 3)), broadcasts((2,), (2, 3))
        (True, False)
    """
    extra = len(target) - len(shape)
    pairs = zip(shape, target[max(extra, 0) :], strict=extra >= 0)
    return extra >= 0 and all(size in (1, other) for size, other in pairs)
