"""The `GlobalAveragePooling2D` layer."""

from ... import ops
from .base import GlobalPooling


class GlobalAveragePooling2D(GlobalPooling):
    """Mean over all pixels of images.

    `y[b, c] = mean x[b, i, j, c]` over i, j

    Args:
        data_format: "channels_last", shape (batch, rows, columns, channels), or "channels_first", (batch, channels,
            rows, columns); by default `config.image_data_format()`.
        keepdims: Whether to keep the spatial axes, with size 1.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/global_average_pooling2d/

    Example:
        >>> GlobalAveragePooling2D()([[[[1.0], [2.0]], [[4.0], [3.0]]]])
        array([[2.5]], dtype=float32)
    """

    rank = 2
    reduce = staticmethod(ops.mean)
