"""The outputs of each layer of a model."""

from typing import Any

import numpy as np

from ..engine import tree
from ..graph.operation import Operation
from ..layers import Layer
from ..models.inputs import standardized
from .reference import as_array


def outputs_here(model: Any, x: Any) -> dict[str, list[np.ndarray]]:
    """Returns the outputs of the first call of each layer of a graph by layer name, except those of input layers.

    Args:
        model: A functional or sequential model.
        x: A batch, in the structure of the model's inputs.
    """
    graph = model._graph()
    found: dict[str, list[np.ndarray]] = {}

    def call(operation: Operation, args: tuple, kwargs: dict) -> Any:
        if isinstance(operation, Layer):
            kwargs = {**kwargs, "training": False}
        results = operation(*args, **kwargs)
        if isinstance(operation, Layer):
            found.setdefault(operation.name, [np.array(value) for value in tree.flatten(results)])
        return results

    graph.run(standardized(graph, x, model.name), call)
    return found


def outputs_there(model: Any, x: Any, names: list[str]) -> dict[str, list[np.ndarray]]:
    """Returns the outputs of layers of a model of real Keras by layer name.

    Args:
        model: The model.
        x: The batch.
        names: The names of the layers.
    """
    import sys

    keras = sys.modules["keras"]
    layers = {layer.name: layer for layer in model.layers}
    taps = {name: tree.flatten(layers[name].output) for name in names if name in layers}
    inspected = keras.Model(model.inputs, tree.flatten(list(taps.values())))
    flat = [np.asarray(part) for part in tree.flatten(x)]
    # Consumed one by one, since Keras unpacks a list of a single output.
    values = iter(tree.flatten(inspected(flat, training=False)))
    return {name: [as_array(next(values)) for _ in group] for name, group in taps.items()}
