"""The base of the zero-padding layers."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from .spatial import Spatial


class ZeroPadding(Spatial):
    """The base of layers that pad the spatial axes with zeros.

    Args:
        padding: The number of zeros at the start and the end of each axis.
        data_format: "channels_last" or "channels_first".
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/
    """

    def __init__(self, padding: int | Sequence[Any], data_format: str | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__(data_format, **kwargs)
        self.widths = self.pairs("padding", padding)
        self.padding = self.widths[0] if self.rank == 1 else self.widths

    def new_size(self, size: int, index: int, input_shape: Shape) -> int:
        """Returns the size after padding."""
        return size + sum(self.widths[index])

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the padded inputs."""
        before = ((0, 0),) * self.first_axis
        return ops.pad(inputs, (*before, *self.widths, *((0, 0),) * (2 - self.first_axis)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "padding": self.padding, "data_format": self.data_format}
