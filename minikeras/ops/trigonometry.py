"""The trigonometric functions; sine and cosine are each other's gradient, so they stand together."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.registry import op
from .core import promoted
from .elementwise import negative, unary

_SIN = unary("sin", np.sin, lambda g, y, x: g * cos(x))
_COS = unary("cos", np.cos, lambda g, y, x: negative(g * sin(x)))


@op
def sin(x: object) -> object:
    """Returns the sine of each element, an angle in radians.

    `sin(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(sin(0.0))
        0.0
    """
    return apply(_SIN, *promoted(x, to_float=True))


@op
def cos(x: object) -> object:
    """Returns the cosine of each element, an angle in radians.

    `cos(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(cos(0.0))
        1.0
    """
    return apply(_COS, *promoted(x, to_float=True))
