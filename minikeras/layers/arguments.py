"""The arguments of a layer's call: which of them are tensors, and the shapes that `build` needs."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.masks import get_mask
from ..engine.tensor import Tensor
from ..engine.variable import Variable
from ..errors import ArgumentError, ShapeError, brief, near_name
from ..graph.keras_tensor import KerasTensor, stand_in_shape
from ..graph.stand_in_sizes import COUNT

_TENSORS = (np.ndarray, Tensor, KerasTensor, Variable)


class Arguments:
    """The arguments of one call, bound to the parameters of `call`.

    Args:
        call: The `call` method of the layer's class.
        where: The layer, for error messages.
        args: The positional arguments.
        kwargs: The keyword arguments; `training` and `mask` are filled in here.
    """

    def __init__(self, call: Callable, where: str, args: tuple, kwargs: dict):
        signature = signature_of(call)
        self.names = signature.parameters
        # No parameter of this `call`, but passed on to the layers inside.
        self.training = kwargs.get("training") if "training" in self.names else kwargs.pop("training", None)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        self.args, self.kwargs, self.values = args, kwargs, bound.arguments
        self.tensors = {name: value for name, value in self.values.items() if _is_tensors(name, value, where)}
        self.first = next(iter(self.values.values()), None)

    def resolve_training(self, outer: bool | None) -> bool | None:
        """Resolves `training`: the argument if passed, else that of the outer layer, else the default."""
        if self.training is None:
            self.training = self.values.get("training") if outer is None else outer
        if "training" in self.names and self.training is not None:
            self.kwargs["training"] = self.training
        return self.training

    def fill_masks(self) -> Any:
        """Fills in the masks of the inputs where `call` has a parameter for them; returns that of the first input."""
        single = len(self.tensors) == 1
        names = {"mask" if single else f"{name}_mask": value for name, value in self.tensors.items()}
        for name, value in names.items():
            if name in self.names and self.values[name] is None:
                self.kwargs[name] = tree.map_structure(get_mask, value)
        given = self.kwargs.get("mask")
        return tree.map_structure(get_mask, self.first) if given is None else given

    def shapes_for(
        self, function: Callable, where: str, shape_of: Callable = lambda tensor: tuple(tensor.shape)
    ) -> dict:
        """Returns the shapes to call `build` or `compute_output_shape` with, by parameter.

        A single parameter gets the shape of the first tensor; several are named after parameters of `call`: `x_shape`.

        Args:
            function: The method.
            where: The layer, for error messages.
            shape_of: Returns the shape of a tensor.

        Raises:
            ArgumentError: If a parameter is not named after one of `call`.
        """
        shapes = {
            f"{name}_shape": tree.map_structure(shape_of, value)
            for name, value in self.tensors.items()
            if name not in ("mask", "args", "kwargs")
        }
        parameters = [
            name
            for name, parameter in inspect.signature(function).parameters.items()
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        ]
        if len(parameters) == 1:
            return {parameters[0]: next(iter(shapes.values()), None)}
        for name in parameters:
            if not name.endswith("_shape") or name.removesuffix("_shape") not in self.names:
                raise ArgumentError(
                    f"{where}: `{function.__name__}` has several parameters, so each must be named after one of "
                    f"`call`, such as 'x_shape' after 'x'. Received: '{name}', and `call` has {list(self.names)}"
                )
        return {name: shapes[name] for name in parameters if name in shapes}

    def note_stand_ins(self, compute_output_shape: Callable, where: str, outputs: Any) -> None:
        """Notes how the free sizes of symbolic outputs depend on those of the inputs, such as twice that size.

        Args:
            compute_output_shape: The method of the layer.
            where: The layer, for error messages.
            outputs: Its output, nested.
        """
        values = [value for value in tree.flatten(outputs) if isinstance(value, KerasTensor)]
        if not any(None in value.shape[1:] and value.has_usual_sizes for value in values):
            return
        found = []
        for turn in range(COUNT):
            shapes: list = []
            try:
                given = self.shapes_for(compute_output_shape, where, partial(stand_in_shape, turn=turn))
                map_shapes(shapes.append, compute_output_shape(**given))
            except Exception:  # some rules only hold while sizes are free
                return
            found.append(shapes)
        for value, *shapes in zip(values, *found, strict=False):
            value.with_stand_ins(tuple(shapes))


def unrecognized_arguments(cls: type, kwargs: dict) -> ArgumentError:
    """Returns the error for keyword arguments that no constructor of a class has, with a suggestion.

    Args:
        cls: The class of the layer.
        kwargs: What is left over.
    """
    known = {
        name: True
        for base in cls.__mro__[:-1]
        if "__init__" in vars(base)
        for name, parameter in inspect.signature(base.__init__).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD and parameter.kind is not parameter.VAR_POSITIONAL
    }
    near = [near_name(name, [each for each in known if each != "self"]) for name in kwargs]
    hints = [repr(name) for name in near if name is not None]
    hint = f". Did you mean {' and '.join(hints)}?" if hints else ""
    return ArgumentError(f"Unrecognized keyword arguments passed to {cls.__name__}: {brief(kwargs)}{hint}")


@lru_cache(maxsize=1024)
def signature_of(call: Callable) -> inspect.Signature:
    """Returns the signature of a method without `self`."""
    signature = inspect.signature(call)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def is_tensor(value: Any) -> bool:
    """Tells whether a value is an array, a traced or symbolic value, or a variable."""
    return isinstance(value, _TENSORS)


def _is_tensors(name: str, value: Any, where: str) -> bool:
    """Tells whether an argument is a tensor or a nested structure of tensors."""
    if isinstance(value, _TENSORS):
        return True
    leaves = tree.flatten(value) if isinstance(value, (list, tuple, dict)) else []
    found = [isinstance(leaf, _TENSORS) for leaf in leaves]
    if any(found) and not all(found):
        raise ArgumentError(
            f"{where}: argument `{name}` mixes tensors with something else, which is not possible in one argument. "
            f"Received: {name}={brief(value)}"
        )
    return bool(found) and all(found)


def map_shapes(function: Callable, shape: Any) -> Any:
    """Applies a function to each shape in nested lists, tuples and dicts. A shape is a tuple or list of sizes.

    Example:
        >>> map_shapes(len, [(None, 3), {"a": (2,)}])
        [2, {'a': 1}]

    Raises:
        ShapeError: If something in it is neither.
    """
    if isinstance(shape, Mapping):
        return {name: map_shapes(function, part) for name, part in shape.items()}
    if isinstance(shape, (str, bytes)) or not isinstance(shape, Iterable):
        raise ShapeError(
            "Expected a shape, a list or tuple of sizes (integers and None), or a list, tuple or dict of shapes. "
            f"Received: {brief(shape)}"
        )
    if all(size is None or isinstance(size, (int, np.integer)) for size in shape):
        return function(tuple(shape))
    return type(shape)([map_shapes(function, part) for part in shape])
