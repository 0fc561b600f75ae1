"""Measures of how alike two images are."""

from ..engine.dtypes import dtype_of
from ..engine.registry import op
from ..errors import ShapeError
from ..typing import Tensor, TensorLike
from .arithmetic import multiply, subtract
from .common.arguments import as_value, promoted, static_shape
from .conversion import cast
from .exponents import log10, square
from .reductions import mean


@op("nn.PSNR", settings="max_val")
def psnr(x1: TensorLike, x2: TensorLike, max_val: TensorLike) -> Tensor:
    """Returns the peak signal-to-noise ratio of two signals, in decibels.

    `y = 20 log10(max_val) - 10 log10(mean((x1 - x2)^2))`

    Args:
        x1: A signal, of any shape. Integers become `floatx`.
        x2: A signal of the same shape.
        max_val: The largest value that a signal can have.

    Returns:
        A number; infinity if the signals are equal.

    Raises:
        ShapeError: If the shapes differ.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> print(psnr([0.0, 1.0], [0.1, 0.9], max_val=1.0).round(2))
        20.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2), to_float=True)
    first, second = static_shape(x1), static_shape(x2)
    different = [a != b for a, b in zip(first, second, strict=False) if None not in (a, b)]
    if len(first) != len(second) or any(different):
        raise ShapeError(f"`psnr` expects two signals of the same shape. Received: {first} and {second}")
    peak = cast(max_val, dtype_of(x2))
    return subtract(multiply(log10(peak), 20), multiply(log10(mean(square(subtract(x1, x2)))), 10))
