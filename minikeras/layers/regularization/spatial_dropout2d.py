"""The `SpatialDropout2D` layer."""

from ...activations.legacy import renamed
from ...typing import DTypePolicyLike
from ..legacy import takes_dim_ordering
from .spatial_dropout import SpatialDropout


class SpatialDropout2D(SpatialDropout):
    """Drops whole channels of images at random in training, and scales the others by `1 / (1 - rate)`.

    Args:
        rate: The fraction of channels to drop, in [0, 1].
        data_format: "channels_last" or "channels_first"; as configured by default.
        seed: An integer, for reproducible draws.
        name: The layer's name.
        dtype: The dtype of the computations and weights, or a dtype policy.

    Raises:
        ArgumentError: If an argument is invalid.

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
