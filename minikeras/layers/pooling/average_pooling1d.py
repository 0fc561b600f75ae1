"""The `AveragePooling1D` layer."""

from ... import ops
from .base import WindowPooling


class AveragePooling1D(WindowPooling):
    """Mean of each window over sequences.

    `y[b, i, c] = mean x[b, i * stride + k, c]` over k.
    Padding does not count.

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

    Source: https://keras.io/api/layers/pooling_layers/average_pooling1d/

    Example:
        >>> AveragePooling1D(2)([[[1.0], [3.0], [2.0], [5.0]]])
        array([[[2. ],
                [3.5]]], dtype=float32)
    """

    rank = 1
    pool = staticmethod(ops.average_pool)
