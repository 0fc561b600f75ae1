"""Larger volumes."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .up_sampling import UpSampling


class UpSampling3D(UpSampling):
    """Repeats each place along the 3 spatial axes of volumes.

    Args:
        size: How many times along each axis; one number for all.
        data_format: "channels_last" or "channels_first"; as configured by default.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling3d/

    Example:
        >>> from minikeras import ops
        >>> UpSampling3D((1, 2, 3))(ops.ones((1, 2, 2, 2, 1))).shape
        (1, 2, 4, 6, 1)
    """

    rank = 3

    @takes_dim_ordering
    def __init__(
        self,
        size: int | Sequence[Any] = (2, 2, 2),
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(size, data_format, **kwargs)
