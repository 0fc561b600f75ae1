"""The `Cropping1D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from .cropping import Cropping


class Cropping1D(Cropping):
    """Crops time steps at the start and the end of sequences.

    `y[b, t, c] = x[b, t + start, c]`, shape (batch, steps - start - end, channels)

    Args:
        cropping: (start, end), integers >= 0, or one integer for both.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If it is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/cropping1d/

    Example:
        >>> Cropping1D((1, 0))([[[1.0], [2.0], [3.0]]])
        array([[[2.],
                [3.]]], dtype=float32)
    """

    rank = 1

    def __init__(self, cropping: int | Sequence[Any] = (1, 1), **kwargs: Unpack[LayerArguments]):
        super().__init__(cropping, **kwargs)
