"""`Convolution2D`, the name of `Conv2D` in Keras 1."""

from .conv2d import Conv2D


class Convolution2D(Conv2D):
    """`Conv2D` by its name in Keras 1, where `Convolution2D(32, 3, 3)` means 32 filters with windows of 3 x 3.

    `Conv2D(32, 3, 3)` means windows of 3 x 3 that are 3 pixels apart. All else is the same; configs say "Conv2D".

    Args:
        *args: As of `Conv2D`; or `filters, rows, columns`, with a warning.
        **kwargs: As of `Conv2D`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/convolution2d/

    Example:
        >>> Convolution2D(32, 3).name
        'conv2d'
    """

    class_name = "Conv2D"
    _has_old_name = True
