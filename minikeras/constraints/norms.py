"""Constraints on the norm of weight vectors, such as the incoming weights of each unit of a `Dense` layer (axis 0)."""

from typing import Any

from .. import config, ops
from ..argument_checks import check_axes, check_number, unwrapped
from ..engine.renamed_arguments import renamed
from ..errors import ArgumentError, ArgumentTypeError, brief
from ..ops.common.arguments import as_float
from ..typing import Tensor, TensorLike
from .constraint import Constraint

Axis = int | list[int] | tuple[int, ...] | None


class MaxNorm(Constraint):
    """Maximum norm of the weight vectors.

    `w = w * clip(norm(w), 0, max_value) / (epsilon + norm(w))`

    Args:
        max_value: The maximum norm, >= 0.
        axis: The axis or axes along which norms are computed; None: the norm of the whole weight.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If the norm is negative or NaN.

    Source: https://jmlr.org/papers/v15/srivastava14a.html

    Example:
        >>> np.round(MaxNorm(1)([[3.0, 0.3], [4.0, 0.4]]), 5)
        array([[0.6, 0.3],
               [0.8, 0.4]], dtype=float32)
    """

    @renamed(m="max_value")
    def __init__(self, max_value: float = 2, axis: Axis = 0):
        self.max_value = _check_number(self, "max_value", max_value)
        self.axis = _check_axis(self, axis)

    def __call__(self, w: TensorLike) -> Tensor:
        """Returns the weight with all norms at most `max_value`."""
        w = as_float(w)
        norms = _norms(w, self.axis)
        return w * (ops.clip(norms, 0, self.max_value) / (config.epsilon() + norms))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"max_value": self.max_value, "axis": self.axis}


class MinMaxNorm(Constraint):
    """Minimum and maximum norm of the weight vectors.

    `w = w * (rate * clip(norm(w), min_value, max_value) + (1 - rate) * norm(w)) / (epsilon + norm(w))`

    Args:
        min_value: The minimum norm, >= 0.
        max_value: The maximum norm.
        rate: The rate of enforcement: 1 is strict, 0 has no effect.
        axis: The axis or axes along which norms are computed; None: the norm of the whole weight.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If a number is negative or NaN, or `min_value` exceeds `max_value`.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> np.round(MinMaxNorm(1.0, 10.0)([[3.0, 0.3], [4.0, 0.4]]), 5)
        array([[3. , 0.6],
               [4. , 0.8]], dtype=float32)
    """

    def __init__(self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Axis = 0):
        self.min_value = _check_number(self, "min_value", min_value)
        self.max_value = _check_number(self, "max_value", max_value)
        self.rate = _check_number(self, "rate", rate)
        self.axis = _check_axis(self, axis)
        if self.min_value > self.max_value:
            raise ArgumentError(
                f"`{type(self).__name__}` expects `min_value` to be at most `max_value`. "
                f"Received: min_value={brief(min_value)}, max_value={brief(max_value)}"
            )

    def __call__(self, w: TensorLike) -> Tensor:
        """Returns the weight with norms moved towards the interval."""
        w = as_float(w)
        norms = _norms(w, self.axis)
        wanted = self.rate * ops.clip(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return w * (wanted / (config.epsilon() + norms))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"min_value": self.min_value, "max_value": self.max_value, "rate": self.rate, "axis": self.axis}


class UnitNorm(Constraint):
    """Constrains the weight vectors to unit norm.

    `w = w / (epsilon + norm(w))`

    Args:
        axis: The axis or axes along which norms are computed; None: the norm of the whole weight.

    Raises:
        ArgumentTypeError: If the axis has the wrong type.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> np.round(UnitNorm()([[3.0], [4.0]]), 5)
        array([[0.6],
               [0.8]], dtype=float32)
    """

    def __init__(self, axis: Axis = 0):
        self.axis = _check_axis(self, axis)

    def __call__(self, w: TensorLike) -> Tensor:
        """Returns the weight with unit norms; vectors of zeros stay zero."""
        w = as_float(w)
        return w / (config.epsilon() + _norms(w, self.axis))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"axis": self.axis}


def _norms(w: object, axis: Axis) -> object:
    return ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))


def _check_number(constraint: Constraint, name: str, value: object) -> float:
    """Returns a norm or a rate as a Python number, which does not promote the dtype of the weight."""
    return check_number(type(constraint).__name__, name, unwrapped(value), minimum=0, finite=False)


def _check_axis(constraint: Constraint, axis: object) -> Axis:
    """Returns the axis as Python integers, for the config."""
    return check_axes(type(constraint).__name__, "axis", axis, optional=True, error=ArgumentTypeError)
