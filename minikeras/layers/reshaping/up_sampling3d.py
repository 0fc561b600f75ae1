"""The `UpSampling3D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .up_sampling import UpSampling


class UpSampling3D(UpSampling):
    """Repeats elements along the three spatial axes of volumes.

    Args:
        size: The upsampling factor of each axis, or one integer for all.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

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
