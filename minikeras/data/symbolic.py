"""The spec of what a function of elements returns, found with symbolic tensors: nothing is computed."""

from collections.abc import Callable
from typing import Any

from ..engine import tree
from ..engine.dtypes import dtype_name
from ..engine.registry import Symbolic
from ..engine.scopes import StatelessScope
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import paused_recording
from .specs import TensorSpec


def symbolic_spec(function: Callable, spec: Any) -> Any:
    """Returns the nested spec of what a function returns for an element; None if it cannot take symbolic tensors.

    Args:
        function: Takes an element; a tuple is unpacked to arguments.
        spec: The nested spec of the element.
    """
    parts = tree.flatten(spec)
    if not parts or any(not isinstance(part, TensorSpec) or part.shape is None for part in parts):
        return None
    element = tree.map_structure(lambda part: KerasTensor(tuple(part.shape), dtype_name(part.dtype)), spec)
    try:
        with paused_recording(), StatelessScope():
            arguments = element if isinstance(element, tuple) else (element,)
            outputs = tree.flatten(arguments)[0].describe(function, arguments, {})
        outputs = tuple(outputs) if isinstance(outputs, list) else outputs
    except Exception:
        return None  # a function of arrays, which is told by its first result
    if _has_list(outputs) or not all(isinstance(leaf, Symbolic) for leaf in tree.flatten(outputs)):
        return None
    return tree.map_structure(lambda leaf: TensorSpec(leaf.shape, leaf.dtype), outputs)


def _has_list(outputs: Any) -> bool:
    """Tells whether there is a list in an element, which is stacked to an array."""
    if isinstance(outputs, dict):
        return any(map(_has_list, outputs.values()))
    return isinstance(outputs, list) or (isinstance(outputs, tuple) and any(map(_has_list, outputs)))
