"""Integrals of sampled functions."""

import numpy as np

from ..engine.registry import op
from ..engine.tree import flatten
from ..errors import ShapeError
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .arithmetic import add, multiply
from .common.arguments import normalize_axis, promoted, static_shape
from .common.eager import computed, is_eager
from .cumulative import diff
from .indexing import get_item
from .reductions import sum, sum_kernel
from .shaping import moveaxis


def _in_keras(x: TensorLike | None, dx: TensorLike, **others: object) -> dict | None:
    """Keras's class is made with the places, so they cannot be symbolic."""
    return None if any(isinstance(each, KerasTensor) for each in flatten([x, dx])) else {}


def _trapezoid_kernel(y: np.ndarray, steps: np.ndarray, axis: int, are_places: bool) -> np.ndarray:
    y = y if axis == y.ndim - 1 else y.transpose([index for index in range(y.ndim) if index != axis] + [axis])
    if are_places:
        steps = steps[1:] - steps[:-1]
    pairs = np.multiply(np.add(y[..., 1:], y[..., :-1], order="C"), steps, order="C")
    return sum_kernel(pairs, (pairs.ndim - 1,), keepdims=False) * pairs.dtype.type(0.5)


@op("numpy.Trapezoid", settings="x dx axis", as_in_keras=_in_keras)
def trapezoid(y: TensorLike, x: TensorLike | None = None, dx: TensorLike = 1.0, axis: int = -1) -> Tensor:
    """Integrates along an axis by the trapezoidal rule.

    `sum_i (x_(i + 1) - x_i) (y_i + y_(i + 1)) / 2`

    Args:
        y: The values to integrate, of any shape.
        x: Their places: a vector, or one for each value, in the shape of `y`.
        dx: The distance between neighbors, if there is no `x`.
        axis: The axis.

    Returns:
        The integrals; the shape of `y` without the axis.

    Raises:
        ArgumentError: If there is no such axis.
        ShapeError: If `x` does not have as many places as there are values.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(trapezoid([1.0, 2.0, 3.0], x=[0.0, 1.0, 3.0]))
        6.5
    """
    y, steps = promoted(y, dx if x is None else x, to_float=True)
    axis = normalize_axis(axis, len(static_shape(y)))
    if is_eager(y, steps) and (x is None or steps.shape == y.shape[axis : axis + 1]):
        return computed(_trapezoid_kernel, y, steps, axis, x is not None)
    y = moveaxis(y, axis, -1)
    if x is not None:
        steps = moveaxis(steps, axis, -1) if len(static_shape(steps)) > 1 else steps
        places = static_shape(steps)[-1:]
        if not places or None not in (*places, static_shape(y)[-1]) and places != static_shape(y)[-1:]:
            raise ShapeError(
                "`trapezoid` expects a place for each value along the axis. "
                f"Received: {static_shape(y)[-1]} values, x of shape {static_shape(x)}"
            )
        steps = diff(steps)
    pairs = add(get_item(y, (..., slice(1, None))), get_item(y, (..., slice(None, -1))))
    return multiply(sum(multiply(pairs, steps), -1), 0.5)
