"""The `AdaptiveAveragePooling3D` layer."""

from ... import ops
from .base import AdaptivePooling


class AdaptiveAveragePooling3D(AdaptivePooling):
    """Means over a given number of windows, which cover volumes evenly.

    Of m windows over an axis of n elements, window i has those from floor(i n / m) to ceil((i + 1) n / m).

    Args:
        output_size: The numbers of windows (depth, rows, columns), the spatial sizes of the output, or one integer for
            all.
        data_format: "channels_last", shape (batch, depth, rows, columns, channels), or "channels_first", (batch,
            channels, depth, rows, columns); by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/adaptive_average_pooling3d/

    Example:
        >>> AdaptiveAveragePooling3D((1, 1, 2))([[[[[1.0], [2.0], [6.0]]]]])
        array([[[[[1.5],
                  [4. ]]]]], dtype=float32)
    """

    rank = 3
    pool = staticmethod(ops.adaptive_average_pool)
