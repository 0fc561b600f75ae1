"""What layers had in Keras 1 and 2, and scripts of that time still use."""

from typing import Any

from ..engine.operation import Node
from ..errors import warn_legacy
from ..tracebacks import Filtered

# The arguments of Keras 1, by which `renamed` finds today's.
OLD_WEIGHT_ARGUMENTS = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "init": "kernel_initializer",
}


class LegacyLayer(Filtered):
    """The attributes of layers that Keras 3 does not have any more."""

    _inbound_nodes: list[Node]

    @property
    def output_shape(self) -> Any:
        """The shape of the output of the first symbolic call; a list of shapes if there are several.

        Raises:
            AttributeError: If there was no such call.
        """
        output = self.output
        warn_legacy("`layer.output_shape`", "`layer.output.shape`")
        return _shapes(output)

    @property
    def input_shape(self) -> Any:
        """The shape of the input of the first symbolic call; a list of shapes if there are several.

        Raises:
            AttributeError: If there was no such call.
        """
        inputs = self.input
        warn_legacy("`layer.input_shape`", "`layer.input.shape`")
        return _shapes(inputs)

    def get_output_at(self, node_index: int) -> Any:
        """Returns the symbolic output of a call."""
        warn_legacy("`layer.get_output_at(index)`", "what the call returned")
        return _one_or_all(self._inbound_nodes[node_index].outputs)

    def get_input_at(self, node_index: int) -> Any:
        """Returns the symbolic input of a call."""
        warn_legacy("`layer.get_input_at(index)`", "what the layer was called on")
        return _one_or_all(self._inbound_nodes[node_index].input_tensors)

    def get_output_shape_at(self, node_index: int) -> Any:
        """Returns the shape of the symbolic output of a call."""
        return _shapes(self.get_output_at(node_index))

    def get_input_shape_at(self, node_index: int) -> Any:
        """Returns the shape of the symbolic input of a call."""
        return _shapes(self.get_input_at(node_index))


def _one_or_all(tensors: list) -> Any:
    return tensors[0] if len(tensors) == 1 else list(tensors)


def _shapes(tensors: Any) -> Any:
    return [tuple(each.shape) for each in tensors] if isinstance(tensors, (list, tuple)) else tuple(tensors.shape)
