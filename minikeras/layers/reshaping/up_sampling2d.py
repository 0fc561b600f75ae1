"""The `UpSampling2D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...argument_checks import check_string
from ...errors import NotSupportedError, brief, unknown_name
from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .up_sampling import UpSampling

_NAMES = ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")


class UpSampling2D(UpSampling):
    """Repeats the rows and columns of images.

    `y[b, i, j, c] = x[b, i // rows, j // columns, c]`

    Args:
        size: The upsampling factors (rows, columns), or one integer for both.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        interpolation: "nearest"; minikeras does not have "bilinear", "bicubic" and the others yet.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.
        NotSupportedError: If the interpolation is not supported.

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling2d/

    Example:
        >>> UpSampling2D((1, 2))([[[[1.0], [2.0]]]])[0, :, :, 0]
        array([[1., 1., 2., 2.]], dtype=float32)
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
        if self.interpolation != "nearest":
            raise NotSupportedError(
                "UpSampling2D: minikeras repeats rows and columns, and has no other way to resize images yet. "
                f"Expected interpolation='nearest'. Received: interpolation={brief(interpolation)}"
            )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "interpolation": self.interpolation}
