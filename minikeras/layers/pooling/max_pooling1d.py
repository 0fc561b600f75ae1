"""The `MaxPooling1D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...typing import LayerArguments
from .base import WindowPooling, takes_old_arguments


class MaxPooling1D(WindowPooling):
    """Maximum of each window over sequences.

    `y[b, i, c] = max x[b, i * stride + k, c]` over k.
    The gradient flows to the first of equal maxima of a window.

    Args:
        pool_size: The number of steps in a window.
        strides: The distance of neighbouring windows; `pool_size` if None.
        padding: "valid": no padding; "same": windows may exceed the sequences, such that the length becomes ceil(size /
            strides).
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels, steps); by
            default `config.image_data_format()`.
        name: The name of the layer.
        **kwargs: Arguments of every layer, such as `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/max_pooling1d/

    Example:
        >>> MaxPooling1D()([[[1.0], [3.0], [2.0], [5.0]]])
        array([[[3.],
                [5.]]], dtype=float32)
    """

    rank = 1
    pool = staticmethod(ops.max_pool)

    @takes_old_arguments
    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)
