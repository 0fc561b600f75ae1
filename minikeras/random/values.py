"""Random transformations of tensors: dropout and shuffling, both differentiable."""

from collections.abc import Callable, Sequence

import numpy as np

from ..argument_checks import check_number
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..errors import ArgumentError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor
from ..ops import convert_to_tensor, zeros_like
from ..ops.common.arguments import normalize_axis
from ..typing import Seed, Tensor, TensorLike
from .sampler import broadcasts
from .seed_generator import draw_seed


# The dropout mask consists of integers of the elements' size with all bits set, or none: a bitwise AND with it is as
# fast as an addition, while numpy takes ten times as long to assign by a boolean mask.
def _kept_kernel(seed: np.ndarray, shape: tuple, keep: float, size: int) -> np.ndarray:
    out = np.empty(shape, f"int{8 * size}")
    _bind_kept([seed], out, shape, keep, size)()
    return out


def _bind_kept(arrays: Sequence[np.ndarray], out: np.ndarray, shape: tuple, keep: float, size: int) -> Callable:
    (seed,) = arrays
    numbers, kept = np.empty(shape), np.empty(shape, bool)

    def run() -> None:
        np.random.default_rng(seed).random(out=numbers)
        np.less(numbers, keep, kept)
        np.copyto(out, kept)
        np.negative(out, out)

    return run


def _drop_kernel(x: np.ndarray, kept: np.ndarray, keep: float) -> np.ndarray:
    out = np.empty_like(x, order="C")
    _bind_drop([x, kept], out, keep)()
    return out


def _bind_drop(arrays: Sequence[np.ndarray], out: np.ndarray, keep: float) -> Callable[[], None]:
    x, kept = arrays
    bits = out.view(f"int{8 * out.itemsize}")
    divide, bitwise_and = np.divide, np.bitwise_and

    def run() -> None:
        divide(x, keep, out=out, casting="unsafe")  # integers are divided as floats and truncated, as in Keras
        bitwise_and(bits, kept, bits)

    return run


_KEPT = Primitive(
    "draw_kept",
    _kept_kernel,
    bind=_bind_kept,
    shape=lambda seed, shape, keep, size: (shape, f"int{8 * size}"),
)
_DROP = Primitive(
    "drop",
    _drop_kernel,
    bind=_bind_drop,
    shape=lambda x, kept, keep: (x.shape, x.dtype),
    vjps=(lambda g, y, x, kept, keep: apply(_DROP, g, kept, keep=keep), None),
    elementwise=True,
)


@op("minikeras.Dropout", settings="rate noise_shape seed")
def dropout(
    inputs: TensorLike, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Seed = None
) -> Tensor:
    """Randomly sets elements to 0 and scales the others up, which preserves the expected sum.

    `y = x / (1 - rate)` with probability `1 - rate`, else 0

    Args:
        inputs: Input tensor, of any shape.
        rate: The fraction of elements to drop, in [0, 1].
        noise_shape: Shape of the dropout mask, broadcast to the inputs; None in it is the size of that axis.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Returns:
        A tensor of the same shape and dtype.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://jmlr.org/papers/v15/srivastava14a.html

    Example:
        >>> dropout([1.0, 2.0, 3.0, 4.0], 0.5, seed=3)
        array([2., 4., 0., 0.], dtype=float32)
    """
    rate = check_number("`random.dropout`", "rate", rate, minimum=0, maximum=1, error=ArgumentError)
    inputs = convert_to_tensor(inputs)
    if dtype_of(inputs) == "bool":
        raise ArgumentError("`random.dropout` scales its inputs, so they must be numeric. Received: inputs.dtype=bool")
    shape = _noise_shape(noise_shape, tuple(inputs.shape))
    if rate == 0 or isinstance(inputs, KerasTensor):
        return inputs
    if rate == 1:
        return zeros_like(inputs)
    keep = 1.0 - float(rate)
    size = np.dtype(dtype_of(inputs)).itemsize
    kept = apply(_KEPT, draw_seed(seed, "random.dropout"), shape=shape, keep=keep, size=size)
    return apply(_DROP, inputs, kept, keep=keep)


def _noise_shape(noise_shape: Sequence[int | None] | None, shape: tuple) -> tuple:
    if noise_shape is None:
        return shape
    sizes = tuple(noise_shape)
    if len(sizes) <= len(shape):
        sizes = tuple(own if size is None else size for size, own in zip(sizes, shape, strict=False))
    if not broadcasts(sizes, shape):
        raise ShapeError(
            f"`random.dropout` expects `noise_shape` to broadcast to the shape {shape} of the inputs. "
            f"Received: noise_shape={brief(noise_shape)}"
        )
    return sizes


def _unshuffle_kernel(x: np.ndarray, seed: np.ndarray, axis: int) -> np.ndarray:
    column = np.arange(x.shape[axis]).reshape([-1 if number == axis else 1 for number in range(x.ndim)])
    order = np.random.default_rng(seed).permuted(np.broadcast_to(column, x.shape), axis=axis)
    result = np.empty_like(x)
    np.put_along_axis(result, order, x, axis)
    return result


_SHUFFLE = Primitive(
    "shuffle",
    lambda x, seed, axis: np.random.default_rng(seed).permuted(x, axis=axis),
    shape=lambda x, seed, axis: (x.shape, x.dtype),
    vjps=(lambda g, y, x, seed, axis: apply(_UNSHUFFLE, g, seed, axis=axis), None),
)
_UNSHUFFLE = Primitive(
    "unshuffle",
    _unshuffle_kernel,
    shape=lambda x, seed, axis: (x.shape, x.dtype),
    vjps=(lambda g, y, x, seed, axis: apply(_SHUFFLE, g, seed, axis=axis), None),
)


@op("minikeras.Shuffle", settings="axis seed")
def shuffle(x: TensorLike, axis: int = 0, seed: Seed = None) -> Tensor:
    """Shuffles a tensor along an axis, with an independent permutation for each slice.

    Args:
        x: Input tensor with at least one axis.
        axis: The axis to shuffle along.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Returns:
        A tensor of the same shape and dtype.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> shuffle([1, 2, 3, 4], seed=2)
        array([4, 3, 1, 2], dtype=int32)
    """
    x = convert_to_tensor(x)
    axis = normalize_axis(int(axis), len(x.shape))
    if isinstance(x, KerasTensor):
        return x
    return apply(_SHUFFLE, x, draw_seed(seed, "random.shuffle"), axis=axis)
