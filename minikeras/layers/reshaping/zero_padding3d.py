"""The `ZeroPadding3D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .zero_padding import ZeroPadding


class ZeroPadding3D(ZeroPadding):
    """Pads the three spatial axes of volumes with zeros.

    Args:
        padding: Three pairs (start, end) of integers >= 0; one integer for both ends of an axis, or for all.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding3d/

    Example:
        >>> from minikeras import ops
        >>> ZeroPadding3D((0, 1, 2))(ops.ones((1, 1, 1, 1, 1))).shape
        (1, 1, 3, 5, 1)
    """

    rank = 3

    @takes_dim_ordering
    def __init__(
        self,
        padding: int | Sequence[Any] = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(padding, data_format, **kwargs)
