"""Graphs between any symbolic values, also those in the middle of another model."""

from typing import Any

from ..engine import tree
from ..graph.function import Function, nodes_between
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import Node, node_of
from ..layers.base import Layer
from ..layers.core.input_layer import Input


def layers_of(function: Function) -> list[Layer]:
    """Returns the layers among the operations of a graph, inputs first."""
    return [operation for operation in function.operations if isinstance(operation, Layer)]


def graph_with_losses(graph: Function, before: Function | None, losses: list[KerasTensor]) -> Function:
    """Returns a graph with two outputs: that of another graph, and a list of losses.

    Args:
        graph: The graph of a model.
        before: The graph with the losses added so far; None if there are none.
        losses: The losses to add.

    Raises:
        ArgumentError: If a loss does not depend on the inputs of the graph.
    """
    earlier = [] if before is None else before.outputs_structure[1]
    return Function(graph.inputs_structure, [graph.outputs_structure, [*earlier, *losses]], name=f"{graph.name}_losses")


def function_between(inputs: Any, outputs: Any) -> Function:
    """Returns the graph from symbolic inputs to outputs.

    Inputs that were not created by `Input` are replaced by new ones, and the calls that depend on them are recorded
    again, so that the original graph stays unchanged.

    Args:
        inputs: Symbolic values, nested in lists, tuples and dicts.
        outputs: Symbolic values that depend on them, nested likewise.

    Raises:
        ArgumentError: If the outputs depend on other inputs, two layers have the same name, or there is a cycle.
    """
    name = "graph of a model"
    tensors = tree.flatten(inputs)
    inside = [tensor for tensor in tensors if isinstance(tensor, KerasTensor) and _is_inside(tensor)]
    if not inside or not all(isinstance(tensor, KerasTensor) for tensor in [*tensors, *tree.flatten(outputs)]):
        return Function(inputs, outputs, name)
    replaced: dict[int, KerasTensor] = {id(tensor): tensor for tensor in tensors}
    for tensor in inside:
        replaced[id(tensor)] = Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=f"{tensor.name}CLONE")

    def replacement(tensor: KerasTensor) -> KerasTensor:
        if id(tensor) not in replaced:
            replaced[id(tensor)] = KerasTensor(tensor.shape, tensor.dtype, name=f"{tensor.name}_clone")
        return replaced[id(tensor)]

    def swap(leaf: Any) -> Any:
        return replacement(leaf) if isinstance(leaf, KerasTensor) else leaf

    for node in nodes_between(tensors, tree.flatten(outputs)):
        if not node.is_input:
            args, kwargs = tree.map_structure(swap, (node.args, node.kwargs))
            Node(node.operation, args, kwargs, [replacement(tensor) for tensor in node.outputs])
    return Function(tree.map_structure(replacement, inputs), tree.map_structure(replacement, outputs), name)


def _is_inside(tensor: KerasTensor) -> bool:
    """Tells whether a symbolic value is the output of a call rather than an `Input`."""
    node = node_of(tensor)
    return node is not None and not node.is_input
