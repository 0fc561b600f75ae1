"""Zeros around images."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .zero_padding import ZeroPadding


class ZeroPadding2D(ZeroPadding):
    """Puts zeros at the ends of the 2 spatial axes of images.

    Args:
        padding: ((top, bottom), (left, right)), whole numbers >= 0; one number for both ends of an axis, or for all.
        data_format: "channels_last" or "channels_first"; as configured by default.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding2d/

    Example:
        >>> from minikeras import ops
        >>> ZeroPadding2D((0, 1))(ops.ones((1, 1, 1, 1)))[0, :, :, 0]
        array([[0., 1., 0.]], dtype=float32)
    """

    rank = 2

    @takes_dim_ordering
    def __init__(
        self,
        padding: int | Sequence[Any] = (1, 1),
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(padding, data_format, **kwargs)
