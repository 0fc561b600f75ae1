"""Dropout of whole channels of images."""

from ...activations.legacy import renamed
from ...typing import DTypePolicyLike
from ..legacy import takes_dim_ordering
from .spatial_dropout import SpatialDropout


class SpatialDropout2D(SpatialDropout):
    """Drops whole channels of images at random while training, and scales the others up by `1 / (1 - rate)`.

    Args:
        rate: The share of channels to drop, from 0 to 1.
        data_format: "channels_last" or "channels_first"; as configured by default.
        seed: A whole number for repeatable draws.
        name: The layer's name.
        dtype: The type the layer computes in, or a dtype policy.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/regularization_layers/spatial_dropout2d/

    Example:
        >>> from minikeras import ops
        >>> SpatialDropout2D(0.5)(ops.ones((2, 3, 3, 4))).shape  # (batch, rows, columns, channels)
        (2, 3, 3, 4)
    """

    rank = 2

    @takes_dim_ordering
    @renamed(p="rate")
    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: DTypePolicyLike = None,
    ):
        super().__init__(rate, data_format, seed, name, dtype)
