"""The `StackedRNNCells` layer."""

from collections.abc import Mapping, Sequence
from typing import Any, Self, Unpack

from ...errors import ArgumentError, brief
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from .states import build_cell, call_cell, check_cell, initial_state_of, output_size_of


class StackedRNNCells(Layer):
    """Cells on top of each other as one cell: the output of each is the input of the next.

    Args:
        cells: The cells.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If something else is given.

    Source: https://keras.io/api/layers/recurrent_layers/stacked_rnn_cell/

    Example:
        >>> from minikeras.layers import RNN, GRUCell
        >>> StackedRNNCells([GRUCell(3), GRUCell(2)]).state_size
        [3, 2]
        >>> RNN(StackedRNNCells([GRUCell(3), GRUCell(2)]))([[[0.0, 1.0]] * 4]).shape
        (1, 2)
    """

    def __init__(self, cells: Sequence[Any], **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        if not isinstance(cells, (list, tuple)) or not cells:
            raise ArgumentError(f"StackedRNNCells: `cells` must be a list of cells. Received: cells={brief(cells)}")
        for cell in cells:
            check_cell("StackedRNNCells", cell)
        self.cells = list(cells)

    @property
    def state_size(self) -> list:
        """The sizes of the states, a list with one element for each cell."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> int:
        """The size of the output of the last cell."""
        return output_size_of(self.cells[-1])

    def get_initial_state(self, batch_size: int | None = None) -> list:
        """Returns the initial states, a list of those of each cell."""
        return [initial_state_of(cell, batch_size, self.compute_dtype) for cell in self.cells]

    def build(self, input_shape: Shape) -> None:
        """Builds the cells."""
        for cell in self.cells:
            build_cell(cell, input_shape)
            input_shape = (input_shape[0], output_size_of(cell))

    def call(self, inputs: TensorLike, states: Any, training: bool = False, **kwargs: Any) -> tuple[Tensor, list]:
        """Returns the output of the last cell, and the new states of all."""
        new_states = []
        for cell, state in zip(self.cells, states, strict=True):
            is_list = isinstance(state, (list, tuple))
            inputs, new = call_cell(cell, inputs, list(state) if is_list else [state], **kwargs)
            new_states.append(new if is_list or not isinstance(new, (list, tuple)) or len(new) > 1 else new[0])
        return inputs, new_states

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "cells": [serialize_keras_object(cell) for cell in self.cells]}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Creates the cells from their configs."""
        cells = [deserialize_keras_object(cell, custom_objects) for cell in config["cells"]]
        return cls(**{**config, "cells": cells})
