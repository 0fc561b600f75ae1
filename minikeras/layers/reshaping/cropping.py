"""The base of the cropping layers."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...errors import ShapeError
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from .spatial import Spatial


class Cropping(Spatial):
    """The base of layers that crop the spatial axes.

    Args:
        cropping: The number of elements to remove at the start and the end of each axis.
        data_format: "channels_last" or "channels_first".
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/
    """

    def __init__(
        self,
        cropping: int | Sequence[Any],
        data_format: str | None = "channels_last",
        /,  # by name it would be an argument of layers for sequences, too
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(data_format, **kwargs)
        self.widths = self.pairs("cropping", cropping)
        self.cropping = self.widths[0] if self.rank == 1 else self.widths

    def new_size(self, size: int, index: int, input_shape: Shape) -> int:
        """Returns the size after cropping.

        Raises:
            ShapeError: If nothing would be left.
        """
        left = size - sum(self.widths[index])
        if left <= 0:
            raise ShapeError(
                f"{self._where()}: `cropping` must leave at least one element of each axis. "
                f"Received: cropping={self.cropping} and an input of shape {tuple(input_shape)}"
            )
        return left

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the cropped inputs."""
        self.compute_output_shape(tuple(inputs.shape))
        key = [slice(None)] * self.first_axis
        key += [slice(start, -end if end else None) for start, end in self.widths]
        return ops.get_item(inputs, tuple(key))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {**super().get_config(), "cropping": self.cropping}
        return config if self.rank == 1 else {**config, "data_format": self.data_format}
