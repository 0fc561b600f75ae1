"""The inputs that a symbolic value is computed from."""

from typing import Any

from ..graph.keras_tensor import KerasTensor
from ..graph.operation import node_of
from ..tracebacks import filtered


@filtered
def get_source_inputs(tensor: Any) -> Any:
    """Returns the inputs of the graph that a symbolic value is computed from.

    Args:
        tensor: A symbolic value. Anything else is returned as it is.

    Returns:
        A list, in the order in which the inputs are met when the arguments of each call are followed.

    Source: https://keras.io/api/utils/

    Example:
        >>> from minikeras import Input, layers
        >>> a, b = Input((2,), name="a"), Input((2,), name="b")
        >>> [each.name for each in get_source_inputs(layers.add([b, layers.Dense(2)(a)]))]
        ['b', 'a']
    """
    if not isinstance(tensor, KerasTensor):
        return tensor
    found: dict[int, KerasTensor] = {}
    seen: set[int] = set()
    waiting = [tensor]
    while waiting:  # not by recursion: graphs may be deep
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        node = node_of(each)
        if node is None:
            found[id(each)] = each
        elif node.is_input:
            found.update((id(output), output) for output in node.output_tensors)
        else:
            waiting.extend(reversed(node.input_tensors))
    return list(found.values())
