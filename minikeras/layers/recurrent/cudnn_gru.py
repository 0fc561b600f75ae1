"""`CuDNNGRU`, a layer of Keras 2."""

from .gru import GRU


class CuDNNGRU(GRU):
    """`GRU` by its name in Keras 2 for GPUs; all else is the same, and configs say "GRU".

    Args:
        *args: As of `GRU`.
        **kwargs: As of `GRU`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/gru/

    Example:
        >>> CuDNNGRU(4).name
        'gru'
    """

    class_name = "GRU"
