"""The base of layers that crop, pad or upsample the spatial axes."""

from typing import Unpack

from ...argument_checks import check_sizes
from ...config import resolved_data_format
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments, Shape
from ..base import Layer
from ..input_spec import InputSpec


class Spatial(Layer):
    """The base of layers that resize the spatial axes; a subclass defines `call` and `new_size`.

    Args:
        data_format: "channels_last", shape (batch, sizes, channels), or "channels_first", (batch, channels, sizes).
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the data format is unknown.

    Source: https://keras.io/api/layers/reshaping_layers/
    """

    rank = 1  # how many spatial axes there are

    def __init__(self, data_format: str | None = "channels_last", /, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.data_format = resolved_data_format(type(self).__name__, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def first_axis(self) -> int:
        """The first of the spatial axes."""
        return 2 if self.data_format == "channels_first" else 1

    def pairs(self, name: str, value: object) -> tuple:
        """Returns a pair of integers >= 0 for each spatial axis: for its start and its end."""
        where = type(self).__name__
        if self.rank == 1:
            return (check_sizes(where, name, value, 2, minimum=0),)
        if not isinstance(value, (list, tuple)):
            value = check_sizes(where, name, value, self.rank, minimum=0)
        elif len(value) != self.rank:
            check_sizes(where, name, value, self.rank, minimum=0)
        return tuple(check_sizes(where, name, entry, 2, minimum=0) for entry in value)

    def new_size(self, size: int, index: int, input_shape: Shape) -> int:
        """Returns the new size of a spatial axis, which `index` counts from 0."""
        raise NotImplementedError(f"{self._where()} has no method `new_size`.")

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape with the new spatial sizes; free sizes stay free."""
        sizes = list(input_shape)
        for index in range(self.rank):
            axis = self.first_axis + index
            if sizes[axis] is not None:
                sizes[axis] = self.new_size(sizes[axis], index, input_shape)
        return tuple(sizes)

    def compute_output_spec(self, inputs: KerasTensor) -> KerasTensor:
        """Returns the symbolic output, with the dtype of the input."""
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype)
