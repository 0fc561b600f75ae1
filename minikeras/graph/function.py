"""A graph as a function: the operations between symbolic inputs and outputs, run on other values.

No function here is recursive, so graphs may be arbitrarily deep.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ..engine import tree
from ..engine.scopes import StatelessScope
from ..errors import ArgumentError, ShapeError, brief
from .keras_tensor import KerasTensor
from .operation import Node, Operation, node_of, paused_recording


class Function(Operation):
    """The operations between symbolic inputs and outputs, as one operation.

    Args:
        inputs: A symbolic value, or a nested structure of them.
        outputs: A symbolic value, or a nested structure of them, computed from the inputs.
        name: Its name; generated if None.

    Raises:
        ArgumentError: If an output depends on something that is not an input, if two operations have the same name,
            or if there is a cycle.

    Attributes:
        nodes_by_depth: The nodes by their distance from the outputs.
        operations: The operations, inputs first.

    Source: https://keras.io/api/models/model/

    Example:
        >>> from minikeras import ops
        >>> x, y = KerasTensor((None, 2)), KerasTensor((None, 2))
        >>> f = Function([x, y], ops.sum(x * y, axis=-1))
        >>> f([np.ones((1, 2)), np.full((1, 2), 3.0)])
        array([6.])
    """

    _recomputes_by_layer = True

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None):
        super().__init__(name)
        for argument, structure in (("inputs", inputs), ("outputs", outputs)):
            _check_symbolic(argument, structure)
        self.inputs_structure = tree.map_structure(lambda leaf: leaf, inputs)
        self.outputs_structure = tree.map_structure(lambda leaf: leaf, outputs)
        self.inputs, self.outputs = tree.flatten(inputs), tree.flatten(outputs)
        nodes, first_seen = _sorted_nodes(self.inputs, self.outputs)
        self.nodes_by_depth, depths = _depths(self.inputs, nodes, first_seen)
        self.operations = sorted(depths, key=lambda operation: (-depths[operation], first_seen[operation]))
        depths_down = sorted(self.nodes_by_depth, reverse=True)
        self.nodes = [node for depth in depths_down for node in self.nodes_by_depth[depth]]
        self._check_connected()
        self._check_names()

    def _check_connected(self) -> None:
        known = {id(tensor) for tensor in self.inputs}
        for node in self.nodes:
            if node.is_input:
                continue  # its output is given if it is one of the inputs
            for tensor in node.input_tensors:
                if id(tensor) not in known:
                    raise ArgumentError(
                        f"The graph is disconnected: '{node.operation.name}' needs {brief(tensor)}, which does not "
                        f"come from the inputs {[own.name for own in self.inputs]}. Add the value that it is computed "
                        "from to `inputs`."
                    )
            known.update(map(id, node.outputs))
        for index, tensor in enumerate(self.outputs):
            if id(tensor) not in known:
                raise ArgumentError(
                    f"Output {index}, {brief(tensor)}, is not connected to the inputs "
                    f"{[own.name for own in self.inputs]}."
                )

    def _check_names(self) -> None:
        counts = Counter(operation.name for operation in self.operations)
        name, count = counts.most_common(1)[0] if counts else ("", 1)
        if count > 1:
            classes = [operation.class_name for operation in self.operations if operation.name == name]
            raise ArgumentError(
                f"The name '{name}' is used {count} times in the model, by {classes}. Names must be unique, "
                "since configs refer to layers by name. Set others with `name=`."
            )

    def call(self, inputs: Any) -> Any:
        """Computes the outputs for new inputs."""
        self._check_inputs(inputs)
        return self.run(tree.flatten(inputs))

    def compute_output_spec(self, inputs: Any) -> Any:
        """Returns the symbolic outputs for new symbolic inputs."""
        self._check_inputs(inputs)
        return self.specs(tree.flatten(inputs))

    def specs(self, inputs: list[KerasTensor | None]) -> Any:
        """Returns the symbolic outputs for a flat list of symbolic inputs, or None for absent ones, without checks."""
        if all(value is not None and value.has_sizes_of(own) for value, own in zip(inputs, self.inputs, strict=True)):
            return tree.map_structure(lambda own: own.twin(), self.outputs_structure)
        with paused_recording(), StatelessScope():
            return self.run(inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shapes of the outputs for shapes of the inputs; both are nested like the values."""
        pairs = zip(_flat_shapes(input_shape), self.inputs, strict=True)
        outputs = self.specs([KerasTensor(shape, own.dtype) for shape, own in pairs])
        return tree.map_structure(lambda output: output.shape, outputs)

    def run(self, inputs: list, call: Callable | None = None) -> Any:
        """Runs the operations in topological order.

        Args:
            inputs: One value for each input.
            call: How an operation is called: `call(operation, args, kwargs)`.

        Returns:
            The outputs, nested as the symbolic ones.
        """
        values = {id(own): value for own, value in zip(self.inputs, inputs, strict=True)}
        for node in self.nodes:
            if node.is_input:
                continue
            args, kwargs = node.fill(values)
            if call is None:
                results = node.operation(*args, **kwargs)
            else:
                results = call(node.operation, args, kwargs)
            for own, value in zip(node.outputs, tree.flatten(results), strict=False):
                values[id(own)] = value
        return tree.pack_like(self.outputs_structure, [values[id(own)] for own in self.outputs])

    def _check_inputs(self, inputs: Any) -> None:
        if tree.structure_key(inputs) != tree.structure_key(self.inputs_structure):
            raise ArgumentError(
                f"{self._where()}: expected inputs nested like {self.inputs_structure}. Received: {brief(inputs)}"
            )
        for value, own in zip(tree.flatten(inputs), self.inputs, strict=True):
            shape = tuple(value.shape)
            if len(shape) != len(own.shape) or any(
                None not in pair and pair[0] != pair[1] for pair in zip(shape, own.shape, strict=True)
            ):
                raise ShapeError(
                    f"{self._where()}: expected shape {own.shape} for input '{own.name}', received shape {shape}."
                )


def _check_symbolic(argument: str, structure: Any) -> None:
    leaves = tree.flatten(structure)
    if not leaves:
        raise ArgumentError(f"`{argument}` must not be empty. Received: {argument}={brief(structure)}")
    for leaf in leaves:
        if not isinstance(leaf, KerasTensor):
            raise ArgumentError(
                f"All `{argument}` must be symbolic, made by `Input` or by calling layers and ops on what it returns. "
                f"Received: {brief(leaf)} of type {type(leaf).__name__}"
            )


def nodes_between(inputs: list, outputs: list) -> list[Node]:
    """Returns the nodes between symbolic inputs and outputs, in topological order."""
    return _sorted_nodes(inputs, outputs)[0]


def _sorted_nodes(inputs: list, outputs: list) -> tuple[list[Node], dict[Operation, int]]:
    """Returns the nodes in topological order, and the order in which their operations were visited.

    They are found by a depth-first search from the outputs that stops at the inputs.
    """
    ends = {id(tensor) for tensor in inputs}
    finished: set[Node] = set()
    active: set[Node] = set()
    ordered: list[Node] = []
    first_seen: dict[Operation, int] = {}
    stack: list[tuple[Node, Iterator]] = []

    def enter(tensor: Any) -> None:
        node = node_of(tensor)
        if node is None or node in finished or (id(tensor) in ends and not node.is_input):
            return
        if node in active:
            raise ArgumentError(
                f"{brief(tensor)} from '{node.operation.name}' is part of a cycle: it depends on itself."
            )
        first_seen.setdefault(node.operation, len(first_seen))
        active.add(node)
        stack.append((node, iter(node.input_tensors)))

    for output in outputs:
        enter(output)
        while stack:
            node, rest = stack[-1]
            height = len(stack)
            for tensor in rest:
                enter(tensor)
                if len(stack) > height:
                    break
            else:
                stack.pop()
                active.remove(node)
                finished.add(node)
                ordered.append(node)
    return ordered, first_seen


def _depths(
    inputs: list, nodes: list[Node], first_seen: dict[Operation, int]
) -> tuple[dict[int, list[Node]], dict[Operation, int]]:
    """Returns the nodes by depth, and the depth of each operation: that of its node farthest from the outputs."""
    inside = set(nodes)
    of_nodes: dict[Node, int] = {}
    of_operations: dict[Operation, int] = {}
    for node in reversed(nodes):
        depth = max(of_nodes.get(node, 0), of_operations.get(node.operation, 0))
        of_nodes[node] = of_operations[node.operation] = depth
        for parent in node.parent_nodes:
            if parent in inside:
                of_nodes[parent] = max(depth + 1, of_nodes.get(parent, 0))
    for tensor in inputs:
        node = node_of(tensor)
        if node is not None and node.is_input and node.operation not in of_operations:  # an unused input
            of_nodes[node] = of_operations[node.operation] = 0
            first_seen[node.operation] = -1
    by_depth: dict[int, list[Node]] = {}
    for node, depth in of_nodes.items():
        by_depth.setdefault(depth, []).append(node)
    return by_depth, of_operations


def _flat_shapes(shape: Any) -> list[tuple]:
    """Returns the shapes in a nested structure, those of dicts in the order of the sorted keys."""
    if isinstance(shape, dict):
        return [leaf for key in sorted(shape) for leaf in _flat_shapes(shape[key])]
    if any(isinstance(part, (list, tuple, dict)) for part in shape):
        return [leaf for part in shape for leaf in _flat_shapes(part)]
    return [tuple(shape)]
