"""L1 and L2 regularization."""

from typing import Any

import numpy as np

from .. import ops
from ..engine.dtypes import dtype_of
from ..errors import ArgumentTypeError, brief, warn_legacy
from ..ops.common.arguments import as_float
from ..typing import Tensor, TensorLike
from .regularizer import Regularizer, check_factor


class L1(Regularizer):
    """L1 regularization, which makes weights sparse.

    `loss = l1 * sum(abs(x))`

    Args:
        l1: L1 regularization factor, >= 0.

    Raises:
        ArgumentError: If the factor is negative, infinite or not a number.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> float(L1(0.5)([1.0, -2.0]))
        1.5
    """

    def __init__(self, l1: float = 0.01, **kwargs: float):
        l1 = _take_legacy(self, "l1", l1, kwargs)
        # As in Keras, rounded to float32, which shows in the config.
        self.l1 = float(np.float32(check_factor(self, "l1", l1, 0.01)))

    def __call__(self, x: TensorLike) -> Tensor:
        """Returns the penalty, a scalar."""
        return self.l1 * ops.sum(ops.absolute(as_float(x)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"l1": self.l1}


class L2(Regularizer):
    """L2 regularization, also called weight decay.

    `loss = l2 * sum(square(x))`

    Args:
        l2: L2 regularization factor, >= 0.

    Raises:
        ArgumentError: If the factor is negative, infinite or not a number.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> float(L2(0.5)([1.0, -2.0]))
        2.5
    """

    def __init__(self, l2: float = 0.01, **kwargs: float):
        l2 = _take_legacy(self, "l2", l2, kwargs)
        self.l2 = check_factor(self, "l2", l2, 0.01)

    def __call__(self, x: TensorLike) -> Tensor:
        """Returns the penalty, a scalar."""
        return self.l2 * ops.sum(ops.square(as_float(x)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"l2": self.l2}


class L1L2(Regularizer):
    """L1 and L2 regularization.

    `loss = l1 * sum(abs(x)) + l2 * sum(square(x))`

    Args:
        l1: L1 regularization factor, >= 0.
        l2: L2 regularization factor, >= 0.

    Raises:
        ArgumentError: If a factor is negative, infinite or not a number.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> float(L1L2(0.5, 0.25)([1.0, -2.0]))
        2.75
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0):
        self.l1 = check_factor(self, "l1", l1, 0.0)
        self.l2 = check_factor(self, "l2", l2, 0.0)

    def __call__(self, x: TensorLike) -> Tensor:
        """Returns the penalty, a scalar."""
        x = as_float(x)
        loss = ops.zeros((), dtype_of(x))
        if self.l1:
            loss = loss + self.l1 * ops.sum(ops.absolute(x))
        if self.l2:
            loss = loss + self.l2 * ops.sum(ops.square(x))
        return loss

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"l1": self.l1, "l2": self.l2}


def _take_legacy(regularizer: Regularizer, name: str, value: float, others: dict) -> float:
    """Returns the factor, also under its name in Keras 2, `l`."""
    if set(others) - {"l"}:
        raise ArgumentTypeError(
            f"`{type(regularizer).__name__}` has only the argument `{name}`. Received: {', '.join(others)}"
        )
    if "l" in others:
        warn_legacy(f"{type(regularizer).__name__}(l={brief(others['l'])})", f"{name}={brief(others['l'])}")
        return others["l"]
    return value
