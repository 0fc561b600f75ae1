"""The config of a functional model: its operations, and the outputs on which each was called."""

from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import layers as layers_module
from ..engine import tree
from ..engine.dispatch import to_array
from ..engine.memory_budget import is_loading
from ..engine.registry import is_own, is_saved_op
from ..errors import ArgumentError, warn_user
from ..graph.function import Function
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import FunctionOperation, Node, Operation, has_symbolic
from ..serialization.configs import array_config, restore_object, serialize_keras_object

KEYS = ("layers", "input_layers", "output_layers")


def described(function: Function) -> dict:
    """Returns the config of a graph.

    Args:
        function: The graph.

    Raises:
        SerializationError: If an argument of an operation cannot be serialized.
    """
    own = set(function.nodes)
    call_indices: dict[Node, int] = {}  # the index among the calls in this graph; a layer may be called in others, too
    for operation in function.operations:
        calls = [node for node in operation._inbound_nodes if node in own]
        call_indices.update((node, index) for index, node in enumerate(calls))

    def history(tensor: KerasTensor, first: int = 0) -> list:
        operation, node_index, tensor_index = tensor._keras_history
        return [operation.name, call_indices[operation._inbound_nodes[node_index]] + first, tensor_index]

    def end(tensor: KerasTensor) -> list:
        # As in Keras, where the list of a functional model starts with one call.
        return history(tensor, first=int(_is_graph(tensor._keras_history.operation)))

    _warn_of_own(function)
    layers = []
    for operation in function.operations:
        calls = [node for node in operation._inbound_nodes if node in own and not node.is_input]
        inbound = [{"args": _args(node, history), "kwargs": _plain(node.kwargs, history)} for node in calls]
        layers.append({**layers_module.serialize(operation), "name": operation.name, "inbound_nodes": inbound})
    return {
        "layers": layers,
        "input_layers": _map(end, function.inputs_structure),
        "output_layers": _map(end, function.outputs_structure),
    }


def _warn_of_own(function: Function) -> None:
    calls = [each for each in function.operations if isinstance(each, FunctionOperation)]
    own = [each.name for each in calls if is_own(each.function.__name__)]
    if own:
        warn_user(
            f"The model uses input sizes, or draws random values, outside any layer ({', '.join(own)}), for which "
            "Keras has no classes: minikeras loads what is saved, Keras does not. Do it in the `call` of a layer if "
            "Keras is to load it.",
            UserWarning,
        )


def _is_size(part: Any) -> bool:
    return isinstance(part, KerasTensor) and part.values is not None


def _is_graph(operation: Operation) -> bool:
    return getattr(operation, "_is_functional", False)


def _map(function: Any, structure: Any) -> Any:
    if isinstance(structure, dict):
        return {key: _map(function, part) for key, part in structure.items()}
    if isinstance(structure, (list, tuple)):
        return type(structure)([_map(function, part) for part in structure])
    return function(structure)


def _args(node: Node, history: Any) -> tuple:
    """Returns the serialized positional arguments of a call.

    Arguments of ops keep their dtype: Keras's ops take no lists of numbers, and a numpy scalar would come back as a
    Python number, which does not take part in type promotion.
    """
    args = node.args
    if isinstance(node.operation, FunctionOperation) and node.operation.class_name == "GetItem":
        parts = args[1] if isinstance(args[1], tuple) else (args[1],)
        if any(isinstance(part, (list, np.ndarray, KerasTensor)) and not _is_size(part) for part in parts):
            warn_user(
                f"'{node.operation.name}' uses advanced indexing with several arrays, which Keras's class for "
                "`x[...]` does not do: minikeras loads what is saved, Keras does not.",
                UserWarning,
            )
    elif isinstance(node.operation, FunctionOperation):
        args = tuple(map(_as_array, args))
    return _plain(args, history)


def _as_array(value: Any) -> Any:
    leaves = tree.flatten(value)
    if not leaves or value is leaves[0] or not all(isinstance(leaf, (bool, int, float, np.generic)) for leaf in leaves):
        return value
    return to_array(value)


def _plain(value: Any, history: Any) -> Any:
    """Returns a serialized argument of a call."""
    if isinstance(value, KerasTensor):
        config = {"shape": value.shape, "dtype": value.dtype, "keras_history": history(value)}
        return {"class_name": "__keras_tensor__", "config": config}
    if isinstance(value, (list, tuple)):
        return type(value)([_plain(part, history) for part in value])
    if isinstance(value, dict):
        return {key: _plain(part, history) for key, part in value.items()}
    if isinstance(value, slice):
        bounds = {"start": value.start, "stop": value.stop, "step": value.step}
        return {"class_name": "__slice__", "config": _plain(bounds, history)}
    if isinstance(value, (np.generic, np.ndarray)):
        return array_config(np.asarray(value))
    return serialize_keras_object(value)


# ---------------------------------------------------------------- and back


def revived(config: dict) -> tuple[Any, Any]:
    """Creates the operations of a graph and calls them as its config says.

    Args:
        config: What `described` returned.

    Returns:
        The symbolic inputs and outputs.

    Raises:
        ArgumentError: If a call needs an output that no other call produces, because of a missing layer or a cycle, or
            the config is malformed.
    """
    graph = _Graph()
    for entry in _checked(config, "layers", list):
        graph.add(entry)
    graph.call_all()

    def end(history: list) -> KerasTensor:
        return graph.found(history, first=int(_is_graph(graph.operations.get(history[0]))))

    return _ends(end, config["input_layers"]), _ends(end, config["output_layers"])


class _Graph:
    """The operations of a graph and the pending calls.

    A call waits for one missing input at a time, and is resumed when that is there. So each call is visited a number of
    times bounded by its inputs, in whatever order the config lists them.
    """

    def __init__(self):
        self.operations: dict[str, Operation] = {}
        self._calls: dict[str, deque] = {}  # the pending calls of each operation, in order
        self._missing: dict[str, list] = {}  # the missing inputs of the next call of each operation
        self._waiting: dict[tuple[str, int], list[str]] = {}  # which operations wait for a call

    def add(self, entry: Any) -> None:
        """Creates an operation."""
        name = _checked(entry, "name", str)
        if name in self.operations:
            raise ArgumentError(f"The config of a model has two layers of the name '{name}'.")
        self._calls[name] = deque(_checked(entry, "inbound_nodes", list))
        self.operations[name] = _made(entry)

    def found(self, history: Any, first: int = 0) -> KerasTensor:
        """Returns an output of a completed call."""
        name, node_index, tensor_index = _tensor_reference(history)
        nodes = self._operation(name)._inbound_nodes
        if not (0 <= node_index - first < len(nodes) and 0 <= tensor_index < len(nodes[node_index - first].outputs)):
            raise ArgumentError(f"The config of a model mentions the output {history} of '{name}', which is not there.")
        return nodes[node_index - first].outputs[tensor_index]

    def call_all(self) -> None:
        """Makes all calls, each as soon as its inputs are available."""
        for name in self.operations:
            ready = [name]
            while ready:
                name = ready.pop()
                ready += [each for index in self._call(name) for each in self._waiting.pop((name, index), ())][::-1]
        stuck = [name for name, calls in self._calls.items() if calls]
        if stuck:
            raise ArgumentError(
                f"The config of a model has a cycle, or inputs are missing: {stuck[:20]} cannot be called."
            )

    def _call(self, name: str) -> range:
        """Makes the calls of an operation whose inputs are available; returns their indices."""
        calls, nodes = self._calls[name], self.operations[name]._inbound_nodes
        first = len(nodes)
        while calls:
            if name not in self._missing:
                args, kwargs = _checked(calls[0], "args", (list, tuple)), _checked(calls[0], "kwargs", dict)
                self._missing[name] = list(_needed([args, kwargs]))
            missing = self._missing[name]
            while missing and len(self._operation(missing[-1][0])._inbound_nodes) > missing[-1][1]:
                missing.pop()
            if missing:
                self._waiting.setdefault(missing[-1], []).append(name)
                break
            del self._missing[name]
            _make_call(self.operations[name], calls.popleft(), self.found)
        return range(first, len(nodes))

    def _operation(self, name: str) -> Operation:
        if name not in self.operations:
            raise ArgumentError(f"The config of a model mentions '{name}', but there is no layer of that name.")
        return self.operations[name]


def _checked(entry: Any, key: str, kind: Any) -> Any:
    """Returns a required entry of a config."""
    if not isinstance(entry, dict) or not isinstance(entry.get(key), kind):
        expected = kind.__name__ if isinstance(kind, type) else "list"
        raise ArgumentError(f"A config of a graph needs '{key}', a {expected}. Received: {str(entry)[:2000]}")
    return entry[key]


def _tensor_reference(history: Any) -> list:
    """Returns the name of the operation, the index of the call and the index of the output that a config refers to."""
    has_parts = isinstance(history, (list, tuple)) and len(history) == 3 and isinstance(history[0], str)
    if not has_parts or not all(type(each) is int for each in history[1:]):
        raise ArgumentError(
            f"A config of a graph names a value by [layer, index of the call, index of the output]. "
            f"Received: {str(history)[:2000]}"
        )
    return history


def _needed(value: Any) -> Iterator[tuple[str, int]]:
    """Yields the calls whose outputs a call needs: the name of the operation and the index of the call."""
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _needed(part)
    elif isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        name, node_index, _ = _tensor_reference(_checked(value.get("config"), "keras_history", (list, tuple)))
        yield name, node_index
    elif isinstance(value, dict) and value.get("class_name") == "__slice__":
        yield from _needed(value.get("config"))
    elif isinstance(value, dict) and value.get("class_name") is None:
        yield from _needed(list(value.values()))


def _made(entry: dict) -> Operation:
    settings = _checked(entry, "config", dict)
    if is_saved_op(entry.get("module")):
        config = {name: _restored(value) for name, value in settings.items()}
        return FunctionOperation.revive(_checked(entry, "class_name", str), config)
    return layers_module.deserialize(entry)


def _restored(setting: Any) -> Any:
    """Returns a deserialized setting of an op; the only objects among them are seed generators."""
    return restore_object(setting) if isinstance(setting, dict) and "class_name" in setting else setting


def _make_call(operation: Operation, call: dict, found: Any) -> None:
    args, kwargs = _argument(call["args"], found), _argument(call["kwargs"], found)
    if isinstance(operation, FunctionOperation) and operation.class_name == "GetItem":
        args = [args[0], tuple(args[1]) if isinstance(args[1], list) else args[1]]  # JSON has no tuples
    if is_loading() and not has_symbolic(args, kwargs):
        raise ArgumentError(f"The config of a model calls '{operation.name}' on no value of the graph.")
    operation(*args, **kwargs)


def _argument(value: Any, found: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)([_argument(part, found) for part in value])
    if not isinstance(value, dict):
        return value
    kind, config = value.get("class_name"), value.get("config", {})
    if kind == "__keras_tensor__":
        return found(config["keras_history"])
    if kind == "__slice__" and any(isinstance(bound, dict) for bound in config.values()):
        return slice(*[_argument(config[name], found) for name in ("start", "stop", "step")])
    if kind is not None:
        return restore_object(value)
    return {key: _argument(part, found) for key, part in value.items()}


def _ends(end: Any, structure: Any) -> Any:
    if isinstance(structure, dict):
        return {key: _ends(end, part) for key, part in structure.items()}
    if not isinstance(structure, (list, tuple)) or (len(structure) == 3 and isinstance(structure[0], str)):
        return end(_tensor_reference(structure))
    return type(structure)([_ends(end, part) for part in structure])
