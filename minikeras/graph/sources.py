"""Where a symbolic value comes from: the inputs that it is computed from."""

from .keras_tensor import KerasTensor
from .operation import node_of


def get_source_inputs(tensor: KerasTensor) -> list[KerasTensor]:
    """Returns the inputs that a symbolic value is computed from, in the order in which its arguments name them.

    Args:
        tensor: A symbolic value; one that nothing computes is its own source.

    Example:
        >>> from minikeras.layers import Dense, Input
        >>> x = Input((2,))
        >>> get_source_inputs(Dense(3)(x) + 1)[0] is x
        True
    """
    sources: dict[int, KerasTensor] = {}
    seen: set[int] = set()
    pending = [tensor]
    while pending:  # a stack, not recursion: models are deeper than Python's limit
        each = pending.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        node = node_of(each)
        if node is None or node.is_input:
            sources[id(each)] = each
        else:
            pending += reversed(node.input_tensors)
    return list(sources.values())
