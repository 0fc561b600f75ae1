"""The base of the upsampling layers."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_sizes
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from .spatial import Spatial


class UpSampling(Spatial):
    """The base of layers that repeat elements along the spatial axes.

    Args:
        size: The upsampling factor of each axis.
        data_format: "channels_last" or "channels_first".
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/
    """

    def __init__(
        self,
        size: int | Sequence[Any],
        data_format: str | None = "channels_last",
        /,  # by name it would be an argument of layers for sequences, too
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(data_format, **kwargs)
        self.factors = check_sizes(type(self).__name__, "size", size, self.rank)
        self.size = self.factors[0] if self.rank == 1 else self.factors

    def new_size(self, size: int, index: int, input_shape: Shape) -> int:
        """Returns the size times the upsampling factor."""
        return size * self.factors[index]

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the upsampled inputs."""
        for index, factor in enumerate(self.factors):
            inputs = ops.repeat(inputs, factor, axis=self.first_axis + index)
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {**super().get_config(), "size": self.size}
        return config if self.rank == 1 else {**config, "data_format": self.data_format}
