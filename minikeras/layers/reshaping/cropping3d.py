"""Smaller volumes."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .cropping import Cropping


class Cropping3D(Cropping):
    """Cuts places off at the ends of the 3 spatial axes of volumes.

    Args:
        cropping: Three pairs (start, end) of whole numbers >= 0; one number for both ends of an axis, or for all.
        data_format: "channels_last" or "channels_first"; as configured by default.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/reshaping_layers/cropping3d/

    Example:
        >>> from minikeras import ops
        >>> Cropping3D(1)(ops.ones((1, 4, 3, 3, 2))).shape
        (1, 2, 1, 1, 2)
    """

    rank = 3

    @takes_dim_ordering
    def __init__(
        self,
        cropping: int | Sequence[Any] = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(cropping, data_format, **kwargs)
