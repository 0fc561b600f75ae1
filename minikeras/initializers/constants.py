"""Constant initializers."""

from typing import Any, Self

import numpy as np

from ..engine.dtypes import is_real, standardize_dtype
from ..engine.immutable_arrays import as_output
from ..errors import ArgumentTypeError, ShapeError, brief
from ..random.sampler import broadcasts
from ..serialization.configs import deserialize_keras_object, is_own, serialize_keras_object
from ..typing import DTypeLike, ShapeLike, TensorLike
from .initializer import Initializer


class Zeros(Initializer):
    """Initializes a weight with zeros.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> Zeros()((2,))
        array([0., 0.], dtype=float32)
    """

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        return as_output(np.zeros(shape, standardize_dtype(dtype)))

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether the values do not depend on when it is called."""
        return is_own(type(self))


class Ones(Initializer):
    """Initializes a weight with ones.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> Ones()((2,))
        array([1., 1.], dtype=float32)
    """

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        return as_output(np.ones(shape, standardize_dtype(dtype)))

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether the values do not depend on when it is called."""
        return is_own(type(self))


class Constant(Initializer):
    """Initializes a weight with a constant.

    Args:
        value: A number, or an array that broadcasts to the shape of the weight.

    Raises:
        ArgumentTypeError: If the value is not numeric.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> Constant(3)((2,))
        array([3., 3.], dtype=float32)
    """

    def __init__(self, value: TensorLike = 0.0):
        if not is_real(np.asarray(value).dtype):
            raise ArgumentTypeError(
                f"`Constant` expects `value` to be a number or an array. Received: value={brief(value)}"
            )
        self.value = value

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        result = np.empty(shape, standardize_dtype(dtype))
        value = np.asarray(self.value)
        if not broadcasts(value.shape, result.shape):
            raise ShapeError(
                f"`Constant` has a value of shape {value.shape}, which does not broadcast to the shape "
                f"{result.shape} of the weight."
            )
        np.copyto(result, value, casting="unsafe")
        return as_output(result)

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether the values do not depend on when it is called, and the call cannot fail."""
        return is_own(type(self)) and np.ndim(self.value) == 0

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"value": serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates an initializer from its config."""
        if isinstance(config.get("value"), dict):
            config = {**config, "value": deserialize_keras_object(config["value"])}
        return super().from_config(config)
