"""The `ZeroPadding1D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from .zero_padding import ZeroPadding


class ZeroPadding1D(ZeroPadding):
    """Pads sequences with zeros.

    Args:
        padding: (start, end), integers >= 0, or one integer for both.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding1d/

    Example:
        >>> ZeroPadding1D((1, 0))([[[1.0], [2.0]]])
        array([[[0.],
                [1.],
                [2.]]], dtype=float32)
    """

    rank = 1

    def __init__(
        self,
        padding: int | Sequence[Any] = 1,
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(padding, data_format, **kwargs)
