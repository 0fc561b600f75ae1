"""The `AdaptiveMaxPooling1D` layer."""

from ... import ops
from .base import AdaptivePooling


class AdaptiveMaxPooling1D(AdaptivePooling):
    """Maxima over a given number of windows, which cover sequences evenly.

    Of m windows over n steps, window i has those from floor(i n / m) to ceil((i + 1) n / m).

    Args:
        output_size: The number of windows, the length of the output.
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels, steps); by
            default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/adaptive_max_pooling1d/

    Example:
        >>> AdaptiveMaxPooling1D(2)([[[1.0], [2.0], [6.0]]])
        array([[[2.],
                [6.]]], dtype=float32)
    """

    rank = 1
    pool = staticmethod(ops.adaptive_max_pool)
