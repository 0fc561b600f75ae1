"""`CuDNNLSTM`, a layer of Keras 2."""

from .lstm import LSTM


class CuDNNLSTM(LSTM):
    """`LSTM` by its name in Keras 2 for GPUs; all else is the same, and configs say "LSTM".

    Args:
        *args: As of `LSTM`.
        **kwargs: As of `LSTM`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/lstm/

    Example:
        >>> CuDNNLSTM(4).name
        'lstm'
    """

    class_name = "LSTM"
