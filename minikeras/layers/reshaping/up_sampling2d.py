"""The `UpSampling2D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_string
from ...errors import unknown_name
from ...typing import LayerArguments, Tensor, TensorLike
from ..legacy import takes_dim_ordering
from .up_sampling import UpSampling

_NAMES = ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")


class UpSampling2D(UpSampling):
    """Enlarges images: repeats their rows and columns, or interpolates between them.

    With "nearest", `y[b, i, j, c] = x[b, i // rows, j // columns, c]`; otherwise `y = ops.image.resize(x, ...)`.

    Args:
        size: The upsampling factors (rows, columns), or one integer for both.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos3" or "lanczos5".
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling2d/

    Example:
        >>> UpSampling2D((1, 2))([[[[1.0], [2.0]]]])[0, :, :, 0]
        array([[1., 1., 2., 2.]], dtype=float32)
        >>> UpSampling2D((1, 2), interpolation="bilinear")([[[[1.0], [3.0]]]])[0, :, :, 0]
        array([[1. , 1.5, 2.5, 3. ]], dtype=float32)
    """

    rank = 2

    @takes_dim_ordering
    def __init__(
        self,
        size: int | Sequence[Any] = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(size, data_format, **kwargs)
        self.interpolation = check_string("UpSampling2D", "interpolation", interpolation).lower()
        if self.interpolation not in _NAMES:
            raise unknown_name("interpolation of UpSampling2D", interpolation, _NAMES)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the enlarged images."""
        if self.interpolation == "nearest":
            return super().call(inputs)
        shape = self.compute_output_shape(inputs.shape)
        size = shape[self.first_axis : self.first_axis + self.rank]
        return ops.image.resize(inputs, size, self.interpolation, data_format=self.data_format)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "interpolation": self.interpolation}
