"""What the layers share that repeat places."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_sizes
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from .spatial import Spatial


class UpSampling(Spatial):
    """The base of layers that repeat each place along the spatial axes.

    Args:
        size: How many times along each axis.
        data_format: Which axis holds the channels.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/reshaping_layers/
    """

    def __init__(
        self,
        size: int | Sequence[Any],
        data_format: str | None = "channels_last",
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(data_format, **kwargs)
        self.factors = check_sizes(type(self).__name__, "size", size, self.rank)
        self.size = self.factors[0] if self.rank == 1 else self.factors

    def new_size(self, size: int, place: int, input_shape: Shape) -> int:
        """Returns the size times how often each place is repeated."""
        return size * self.factors[place]

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs with each place repeated."""
        for place, factor in enumerate(self.factors):
            inputs = ops.repeat(inputs, factor, axis=self.first_axis + place)
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        config = {**super().get_config(), "size": self.size}
        return config if self.rank == 1 else {**config, "data_format": self.data_format}
