"""What all samplers share: the primitive around a draw, and the checks of its arguments."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..engine.dtypes import is_float, standardize_dtype
from ..engine.primitive import Primitive
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, ShapeError, brief
from ..ops.common.arguments import as_sizes
from ..typing import DTypeLike, ShapeLike, TensorLike


def sampler(name: str, draw: Callable, vjps: Sequence[Callable | None] | None = None) -> Primitive:
    """Makes the primitive of a draw. Its first input is the seed, so that a replayed step draws anew.

    Args:
        name: What printed plans call it.
        draw: `draw(rng, *parameters, shape)` returns the numbers.
        vjps: The gradient rules of the seed and the parameters.
    """

    def kernel(seed: np.ndarray, *parameters: np.ndarray, shape: tuple, dtype: str) -> np.ndarray:
        numbers = draw(np.random.default_rng(seed), *parameters, shape)
        return np.asarray(numbers).astype(dtype, copy=False)

    return Primitive(name, kernel, shape=lambda *inputs, shape, dtype: (shape, dtype), vjps=vjps)


def no_gradient(name: str) -> Callable:
    """Makes the gradient rule that refuses: a constant would be wrong, and silently so."""

    def vjp(*args: object, **params: object) -> None:
        raise NotSupportedError(
            f"minikeras has no gradient of `random.{name}` with respect to its parameters. "
            "Use `ops.stop_gradient` on them if they are meant as constants."
        )

    return vjp


def parameter(value: TensorLike, dtype: str = "float64") -> Any:
    """Returns a parameter of a distribution; numbers at full precision, since numpy draws in float64."""
    return value if hasattr(value, "dtype") else np.asarray(value, dtype)


def size_of(shape: ShapeLike, where: str) -> tuple[int, ...]:
    """Returns a shape as a tuple.

    Raises:
        ShapeError: If it is not made of sizes.
    """
    try:
        sizes = as_sizes(shape, where)
    except ArgumentTypeError:
        sizes = (-1,)
    if any(size < 0 for size in sizes):
        raise ShapeError(f"`{where}` expects `shape` as a tuple of sizes. Received: shape={brief(shape)}")
    return sizes


def float_type(dtype: DTypeLike, where: str) -> str:
    """Returns the name of a float type; `floatx` for None.

    Raises:
        ArgumentError: If it is another type.
    """
    name = standardize_dtype(dtype)
    if not is_float(name):
        raise ArgumentError(f"`{where}` draws floating point numbers. Received: dtype={brief(dtype)}")
    return name


def check(where: str, shape: tuple[int, ...], **conditions: tuple) -> None:
    """Refuses parameters of a distribution that it does not have.

    Args:
        where: The sampler.
        shape: What the parameters must broadcast to.
        **conditions: By parameter: its value, a test of an array, and in words what is expected. Values
            that are not known before the step runs are not tested.

    Raises:
        ArgumentError: If a test fails.
        ShapeError: If a parameter has another shape.
    """
    for name, (value, test, expected) in conditions.items():
        array = np.asarray(value) if np.isscalar(value) or isinstance(value, (list, tuple)) else value
        if array.shape and not broadcasts(array.shape, shape):
            raise ShapeError(
                f"`{where}` expects `{name}` to broadcast to shape {shape}. Received one of shape {array.shape}"
            )
        if isinstance(array, np.ndarray) and not np.all(test(array)):
            raise ArgumentError(f"`{where}` expects `{name}` {expected}. Received: {name}={brief(value)}")


def broadcasts(shape: Sequence[int], target: Sequence[int]) -> bool:
    """Tells whether a value of a shape can be broadcast to another shape.

    Example:
        >>> broadcasts((1, 3), (2, 3)), broadcasts((2,), (2, 3))
        (True, False)
    """
    extra = len(target) - len(shape)
    pairs = zip(shape, target[max(extra, 0) :], strict=extra >= 0)
    return extra >= 0 and all(size in (1, other) for size, other in pairs)
