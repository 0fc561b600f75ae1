"""Cloning models: the same architecture with new layers and weights."""

from collections.abc import Callable
from typing import Any

from .. import layers as layers_module
from ..engine import tree
from ..engine.memory_budget import trusted
from ..errors import ArgumentError, brief
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import FunctionOperation, Operation
from ..layers.core.input_layer import Input, InputLayer
from ..tracebacks import filtered
from .model import Model, _is_made_like_a_graph
from .sequential import Sequential


@filtered
def clone_model(
    model: Model,
    input_tensors: Any = None,
    clone_function: Callable | None = None,
    call_function: Callable | None = None,
    recursive: bool = False,
    **kwargs: Any,
) -> Model:
    """Returns a model with the architecture of another, new layers and new weights; compiled if the other is.

    Args:
        model: A functional or `Sequential` model, or one of a subclass that has a config.
        input_tensors: Symbolic inputs for the new model, nested like the inputs of the model; new ones by default.
        clone_function: `clone_function(layer)` returns the layer for the new model; by default one made from the config
            of the layer. It is not called for input layers and ops.
        call_function: `call_function(layer, *args, **kwargs)` calls a new layer; by default `layer(*args, **kwargs)`.
        recursive: Whether to clone nested models layer by layer, too.
        **kwargs: None.

    Returns:
        The new model.

    Raises:
        ArgumentError: If an argument does not apply to this kind of model.

    Source: https://keras.io/api/models/model/

    Example:
        >>> from minikeras.layers import Dense
        >>> clone_model(Sequential([Input((3,)), Dense(2, name="d")])).layers
        [<Dense name=d, built=True>]
    """
    clones = kwargs.pop("cache", None)
    if kwargs:
        raise ArgumentError(f"`clone_model` has no arguments {sorted(kwargs)}.")
    with trusted():  # the configs are those of existing layers
        if not isinstance(model, Sequential) and not model._is_functional:
            return _clone_of_class(model, input_tensors, clone_function, call_function)
        clone = _Cloner(clone_function, call_function, recursive, {} if clones is None else clones)
        copy = _clone_of_layers(model, clone, input_tensors, call_function)
        copy.compile_from_config(model.get_compile_config())
        return copy


def _clone_of_layers(model: Model, clone: "_Cloner", input_tensors: Any, call_function: Callable | None) -> Model:
    if not isinstance(model, Sequential):
        return _clone_graph(model, clone, input_tensors, call_function)
    if call_function is None:
        return _clone_sequential(model, clone, input_tensors)
    raise ArgumentError(
        "`clone_model`: a `call_function` is for functional models; the layers of a Sequential model are only "
        f"listed. Received: {brief(model)}, call_function={brief(call_function)}"
    )


class _Cloner:
    """Returns the clone of a layer, always the same one, so that shared layers stay shared."""

    def __init__(self, function: Callable | None, call: Callable | None, recursive: bool, clones: dict):
        self._function, self._call, self._recursive, self._clones = function, call, recursive, clones

    def __call__(self, layer: Operation) -> Operation:
        if id(layer) not in self._clones:
            self._clones[id(layer)] = self._made(layer)
        return self._clones[id(layer)]

    def _made(self, layer: Operation) -> Operation:
        is_sequential = isinstance(layer, Sequential)
        if self._recursive and (is_sequential or getattr(layer, "_is_functional", False)):
            call = None if is_sequential else self._call
            return clone_model(layer, None, self._function, call, recursive=True, cache=self._clones)
        if isinstance(layer, FunctionOperation):
            return FunctionOperation(layer.function, layer.settings, layer.name)
        return type(layer).from_config(layer.get_config()) if self._function is None else self._function(layer)


def _clone_of_class(model: Model, *arguments: Any) -> Model:
    names = ("input_tensors", "clone_function", "call_function")
    given = [name for name, value in zip(names, arguments, strict=True) if value is not None]
    if given:
        raise ArgumentError(
            f"`clone_model`: {given} are for functional and Sequential models. Received: {brief(model)}"
        )
    return layers_module.deserialize(layers_module.serialize(model), {model.class_name: type(model)})


def _clone_sequential(model: Sequential, clone: Callable, input_tensors: Any) -> Sequential:
    layers: list = [clone(layer) for layer in model.layers]
    entry = model._entry()
    name = None if entry is None else entry.name
    if input_tensors is not None:
        tensor = tree.single(input_tensors)
        if not isinstance(tensor, KerasTensor):
            raise ArgumentError(f"`clone_model`: `input_tensors` must be one symbolic value. Received: {input_tensors}")
        layers.insert(0, InputLayer(input_tensor=tensor, name=name))
    elif entry is not None:
        layers.insert(0, InputLayer(batch_shape=entry.batch_shape, dtype=entry.dtype, name=name))
    return Sequential(layers, trainable=model.trainable, name=model.name)


def _clone_graph(model: Model, clone: Callable, input_tensors: Any, call_function: Callable | None) -> Model:
    inputs = model.input
    if input_tensors is None:
        input_tensors = tree.map_structure(lambda x: Input(batch_shape=x.shape, dtype=x.dtype, name=x.name), inputs)
    elif tree.structure_key(input_tensors) != tree.structure_key(inputs):
        raise ArgumentError(
            f"`clone_model`: `input_tensors` must be nested like the inputs {brief(inputs)}. "
            f"Received: {brief(input_tensors)}"
        )
    call = call_function or (lambda layer, *args, **kwargs: layer(*args, **kwargs))
    outputs = model._graph().run(
        tree.flatten(input_tensors), lambda layer, args, kwargs: call(clone(layer), *args, **kwargs)
    )
    cls = type(model) if _is_made_like_a_graph(type(model)) else Model
    return cls(inputs=input_tensors, outputs=outputs, name=model.name)
