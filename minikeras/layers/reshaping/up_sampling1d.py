"""The `UpSampling1D` layer."""

from typing import Unpack

from ...activations.legacy import renamed
from ...argument_checks import check_int
from ...errors import ArgumentTypeError
from ...typing import LayerArguments
from .up_sampling import UpSampling


class UpSampling1D(UpSampling):
    """Repeats each time step of sequences.

    `y[b, t, c] = x[b, t // size, c]`

    Args:
        size: The upsampling factor, a positive integer.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentTypeError: If `size` is not an integer.
        ArgumentError: If it is not positive.

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling1d/

    Example:
        >>> UpSampling1D(2)([[[1.0], [2.0]]])[0, :, 0]
        array([1., 1., 2., 2.], dtype=float32)
    """

    rank = 1

    @renamed(length="size")
    def __init__(self, size: int = 2, **kwargs: Unpack[LayerArguments]):
        check_int("UpSampling1D", "size", size, error=ArgumentTypeError)
        super().__init__(size, **kwargs)
