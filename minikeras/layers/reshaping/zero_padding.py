"""What padding layers share."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from .spatial import Spatial


class ZeroPadding(Spatial):
    """The base of layers that put zeros at the ends of the spatial axes.

    Args:
        padding: How many at the start and the end of each axis.
        data_format: Which axis holds the channels.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/reshaping_layers/
    """

    def __init__(self, padding: int | Sequence[Any], data_format: str | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__(data_format, **kwargs)
        self.widths = self.pairs("padding", padding)
        self.padding = self.widths[0] if self.rank == 1 else self.widths

    def new_size(self, size: int, place: int, input_shape: Shape) -> int:
        """Returns the size with the zeros."""
        return size + sum(self.widths[place])

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs with zeros around them."""
        before = ((0, 0),) * self.first_axis
        return ops.pad(inputs, (*before, *self.widths, *((0, 0),) * (2 - self.first_axis)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        return {**super().get_config(), "padding": self.padding, "data_format": self.data_format}
