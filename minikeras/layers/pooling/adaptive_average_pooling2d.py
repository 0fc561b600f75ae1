"""The `AdaptiveAveragePooling2D` layer."""

from ... import ops
from .base import AdaptivePooling


class AdaptiveAveragePooling2D(AdaptivePooling):
    """Means over a given number of windows, which cover images evenly.

    Of m windows over an axis of n elements, window i has those from floor(i n / m) to ceil((i + 1) n / m).

    Args:
        output_size: The numbers of windows (rows, columns), the spatial sizes of the output, or one integer for both.
        data_format: "channels_last", shape (batch, rows, columns, channels), or "channels_first", (batch, channels,
            rows, columns); by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/adaptive_average_pooling2d/

    Example:
        >>> AdaptiveAveragePooling2D((1, 2))([[[[1.0], [2.0], [6.0]]]])
        array([[[[1.5],
                 [4. ]]]], dtype=float32)
    """

    rank = 2
    pool = staticmethod(ops.adaptive_average_pool)
