"""Standardizing the inputs of a functional model: their order, dtypes and ranks."""

from typing import Any, NamedTuple

import numpy as np

from .. import ops
from ..engine import tree
from ..engine.dtypes import TEXT, dtype_of
from ..engine.masks import get_mask, set_mask
from ..errors import DataError, ShapeError, brief, warn_user
from ..graph.function import Function
from ..graph.keras_tensor import KerasTensor
from ..ops.common.checked_integers import check_exact, exact_cast, loses


def names_of(tensor: KerasTensor) -> tuple[str, ...]:
    """Returns the names of an input: that of its layer and its own."""
    history = tensor._keras_history
    return (tensor.name,) if history is None else (history.operation.name, tensor.name)


def in_order(function: Function, inputs: Any, where: str) -> list:
    """Returns the inputs of a model as a flat list.

    Args:
        function: The graph of the model.
        inputs: A nested structure of arrays. A dict is matched by the names of the inputs, or by the keys of the dict
            that the model was created with.
        where: The model, for error messages.

    Raises:
        DataError: If an input is missing or not an array, or there are too many.
    """
    expected = function.inputs_structure
    if isinstance(inputs, dict):
        flat = not isinstance(expected, dict) or all(isinstance(part, KerasTensor) for part in expected.values())
        if flat:
            return _by_name(expected, function.inputs, inputs, where)
    elif isinstance(expected, dict) and list(expected) != sorted(expected):
        raise DataError(f"{where}: expected a dict of inputs with the keys {list(expected)}. Received: {brief(inputs)}")
    values = _flat_with_none(inputs) if any(map(is_optional, function.inputs)) else tree.flatten(inputs)
    if len(values) != len(function.inputs):
        raise DataError(
            f"{where}: expected {len(function.inputs)} input(s), {[names_of(own)[0] for own in function.inputs]}, "
            f"received {len(values)}."
        )
    for value, own in zip(values, function.inputs, strict=True):
        if value is None and not is_optional(own):
            raise DataError(f"{where}: the input '{names_of(own)[0]}' is not optional. Received: None")
    if len(values) > 1 and all(value is not None for value in values) and _as_tuples(inputs) != _as_tuples(expected):
        warn_user(
            f"{where}: the inputs are nested differently than declared, and are used in their flat order. Expected: "
            f"{tree.map_structure(lambda own: names_of(own)[0], expected)}",
            UserWarning,
        )
    return values


def is_optional(tensor: KerasTensor) -> bool:
    """Whether a model may be called with None for an input."""
    history = tensor._keras_history
    return history is not None and getattr(history.operation, "optional", False)


def _flat_with_none(structure: Any) -> list:
    """Flattens a nested structure, in which None is an absent input instead of a part of the structure."""
    if isinstance(structure, dict):
        return [leaf for key in sorted(structure) for leaf in _flat_with_none(structure[key])]
    if isinstance(structure, (list, tuple)):
        return [leaf for part in structure for leaf in _flat_with_none(part)]
    return [structure]


def _by_name(expected: Any, own: list[KerasTensor], inputs: dict, where: str) -> list:
    keys = [(key,) for key in sorted(expected)] if isinstance(expected, dict) else [names_of(tensor) for tensor in own]
    found = []
    for names, tensor in zip(keys, own, strict=True):
        present = [name for name in names if name in inputs]
        if not present:
            raise DataError(
                f"{where}: there is no data for input '{names[0]}'. Expected a dict with the keys "
                f"{[names[0] for names in keys]}. Received: keys {list(inputs)}"
            )
        value = inputs[present[0]]
        while isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
        if value is None and is_optional(tensor):
            found.append(None)
            continue
        if value is None or isinstance(value, (dict, list, tuple)):
            kind = "None" if value is None else f"a {type(value).__name__} of {len(value)}"
            raise DataError(f"{where}: expected one array for input '{names[0]}'. Received: {kind}")
        found.append(value)
    return found


def warn_of_more(function: Function, inputs: Any, where: str) -> None:
    """Warns about entries of a dict that the model does not use."""
    expected = function.inputs_structure
    if isinstance(inputs, dict) and isinstance(expected, dict):
        more = [key for key in inputs if key not in expected]
        if more:
            warn_user(
                f"{where}: {more} in the dict of inputs is not used. Expected: the keys {list(expected)}", UserWarning
            )


def _as_tuples(structure: Any) -> Any:
    """Returns a structure with lists replaced by tuples."""
    key = tree.structure_key(structure)
    change = lambda part: ("list", *map(change, part[1:])) if _is_sequence(part) else part  # noqa: E731
    return change(key)


def _is_sequence(key: Any) -> bool:
    return isinstance(key, tuple) and bool(key) and key[0] in ("list", "tuple")


def fitted_shapes(function: Function, shapes: list[tuple | None], where: str) -> list[tuple]:
    """Returns the shapes of arrays as inputs: with a last axis of size 1 added or removed if that makes them fit.

    Args:
        function: The graph of the model.
        shapes: The shapes of the arrays, in the order of the inputs; None for one that is left out.
        where: The model, for error messages.

    Raises:
        ShapeError: If a shape does not fit.
    """
    fitted = []
    for given, own in zip(shapes, function.inputs, strict=True):
        expected = own.shape
        shape = expected if given is None else given
        if len(shape) == len(expected) - 1 and expected[-1] == 1:
            shape = (*shape, 1)
        elif len(shape) == len(expected) + 1 and shape[-1] == 1:
            shape = shape[:-1]
        sizes = list(zip(shape, expected, strict=False))[1:]  # any batch size is accepted
        if len(shape) != len(expected) or any(None not in pair and pair[0] != pair[1] for pair in sizes):
            which = f" for '{names_of(own)[0]}'" if len(shapes) > 1 else ""
            raise ShapeError(
                f"{where}: expected inputs of shape {(None, *expected[1:])}{which}, received shape {tuple(shape)}. "
                "Was the model built for other data?"
            )
        fitted.append(tuple(shape))
    return fitted


class _Facts(NamedTuple):
    """What a graph says about its input data.

    Attributes:
        checks: The layers that check their input, by the index of that input.
        has_ids: Whether integers are ids, which a cast must not change.
    """

    checks: list[tuple[int, Any]]
    has_ids: bool


def _facts(function: Function) -> _Facts:
    found = vars(function).get("_facts")
    if found is None:
        positions = {id(own): position for position, own in enumerate(function.inputs)}
        nodes = [node for node in function.nodes if hasattr(node.operation, "check_data") and node.input_tensors]
        pairs = [(positions.get(id(node.input_tensors[0])), node.operation) for node in nodes]
        graphs = [own._graph() for own in function.operations if hasattr(own, "_graph")]
        has_ids = bool(nodes) or any(_facts(graph).has_ids for graph in graphs if graph is not None)
        found = _Facts([(position, layer) for position, layer in pairs if position is not None], has_ids)
        vars(function)["_facts"] = found
    return found


def check_values(function: Function, values: list, where: str, name: str = "x") -> None:
    """Refuses values that an input, or the layer after it, cannot use, as far as can be told before training.

    Args:
        function: The graph of the model.
        values: The arrays, in the order of the inputs.
        where: The model, for error messages.
        name: What errors call the data.

    Raises:
        DataError: If there are such values.
    """
    for value, own in zip(values, function.inputs, strict=True):
        if value is None:
            continue
        refuse_other_kind(value, own.dtype, f"{where}, input '{names_of(own)[0]}'", name)
    for position, layer in _facts(function).checks:
        if type(values[position]) is np.ndarray:  # not in a memory-mapped file, all of which would be read
            layer.check_data(values[position])
    for value, own in zip(values, function.inputs, strict=True):
        if type(value) is np.ndarray and _facts(function).has_ids and loses(dtype_of(value), own.dtype):
            check_exact(value, own.dtype, f"{where}, input '{names_of(own)[0]}'")


def refuse_other_kind(value: Any, dtype: str, where: str, name: str = "x") -> None:
    """Refuses strings instead of numbers, and the other way around.

    Args:
        value: An array.
        dtype: The dtype of the input.
        where: The model or the input, for error messages.
        name: What errors call the data.

    Raises:
        DataError: If one is text and the other is not.
    """
    if (dtype_of(value) == TEXT) == (dtype == TEXT):
        return
    if dtype == TEXT:
        raise DataError(f"{where}: `{name}` must be strings. Received: an array of dtype {value.dtype}.")
    raise DataError(
        f"{where}: `{name}` must be numeric. Received: an array of strings. Convert it, e.g. with "
        "`.astype('float32')`, or declare `Input(..., dtype='string')` and encode the strings with a layer such as "
        "`StringLookup`."
    )


def standardized(function: Function, inputs: Any, where: str) -> list:
    """Returns the inputs of a model as a flat list, with the declared dtypes and ranks.

    Raises:
        DataError: If an input is missing, there are too many, or values do not fit the declared dtype.
        ShapeError: If a shape does not fit.
    """
    given = in_order(function, inputs, where)
    for value, own in zip(given, function.inputs, strict=True):
        if hasattr(value, "dtype"):
            refuse_other_kind(value, own.dtype, f"{where}, input '{names_of(own)[0]}'")
    values = [value if value is None or hasattr(value, "dtype") else ops.convert_to_tensor(value) for value in given]
    shapes = fitted_shapes(function, [None if value is None else tuple(value.shape) for value in values], where)
    result = []
    for value, shape, own in zip(values, shapes, function.inputs, strict=True):
        new = value
        if value is None:
            result.append(None)
            continue
        if len(shape) > len(value.shape):
            new = ops.expand_dims(new, -1)
        elif len(shape) < len(value.shape):
            new = ops.squeeze(new, -1)
        if dtype_of(new) != own.dtype:
            is_exact = _facts(function).has_ids
            new = (
                exact_cast(new, own.dtype, f"{where}, input '{names_of(own)[0]}'")
                if is_exact
                else ops.cast(new, own.dtype)
            )
        if new is not value and get_mask(value) is not None:
            set_mask(new, get_mask(value))
        result.append(new)
    return result
