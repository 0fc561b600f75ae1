"""What the layers share that crop, pad or repeat places along the axes between batch and channels."""

from typing import Unpack

from ...argument_checks import check_sizes
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments, Shape
from ..arguments import checked_data_format
from ..base import Layer
from ..input_spec import InputSpec


class Spatial(Layer):
    """The base of layers that change the sizes of the spatial axes; a subclass defines `call` and `new_size`.

    Args:
        data_format: "channels_last", shape (batch, sizes, channels), or "channels_first", (batch, channels, sizes).
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If the data format is another name.

    Source: https://keras.io/api/layers/reshaping_layers/
    """

    rank = 1  # how many spatial axes there are

    def __init__(self, data_format: str | None = "channels_last", **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.data_format = checked_data_format(type(self).__name__, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def first_axis(self) -> int:
        """The first of the spatial axes."""
        return 2 if self.data_format == "channels_first" else 1

    def pairs(self, name: str, value: object) -> tuple:
        """Returns for each spatial axis two whole numbers >= 0: what goes for its start, and for its end."""
        where = type(self).__name__
        if self.rank == 1:
            return (check_sizes(where, name, value, 2, minimum=0),)
        if not isinstance(value, (list, tuple)):
            value = check_sizes(where, name, value, self.rank, minimum=0)
        elif len(value) != self.rank:
            check_sizes(where, name, value, self.rank, minimum=0)
        return tuple(check_sizes(where, name, entry, 2, minimum=0) for entry in value)

    def new_size(self, size: int, place: int, input_shape: Shape) -> int:
        """Returns what becomes of a size; `place` counts the spatial axes."""
        raise NotImplementedError(f"{self._where()} has no method `new_size`.")

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape with new spatial sizes; a free size stays free."""
        sizes = list(input_shape)
        for place in range(self.rank):
            axis = self.first_axis + place
            if sizes[axis] is not None:
                sizes[axis] = self.new_size(sizes[axis], place, input_shape)
        return tuple(sizes)

    def compute_output_spec(self, inputs: KerasTensor) -> KerasTensor:
        """Returns the symbolic output, in the type of the input."""
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype)
