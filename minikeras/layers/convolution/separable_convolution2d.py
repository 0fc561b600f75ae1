"""`SeparableConvolution2D`, the name of `SeparableConv2D` in Keras 1."""

from .separable_conv2d import SeparableConv2D


class SeparableConvolution2D(SeparableConv2D):
    """`SeparableConv2D` by its name in Keras 1, where `(32, 3, 3)` means 32 filters with windows of 3 x 3.

    `SeparableConv2D(32, 3, 3)` means windows of 3 x 3 that are 3 pixels apart. All else is the same; configs say
    "SeparableConv2D".

    Args:
        *args: As of `SeparableConv2D`; or `filters, rows, columns`, with a warning.
        **kwargs: As of `SeparableConv2D`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/separable_convolution2d/

    Example:
        >>> SeparableConvolution2D(32, 3).name
        'separable_conv2d'
    """

    class_name = "SeparableConv2D"
    _has_old_name = True
