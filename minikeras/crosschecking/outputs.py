"""What each layer of a model puts out."""

from typing import Any

import numpy as np

from ..engine import tree
from ..graph.operation import Operation
from ..layers import Layer
from ..models.inputs import standardized
from .reference import as_array


def outputs_here(model: Any, x: Any) -> dict[str, list[np.ndarray]]:
    """Returns the outputs of the first call of each layer of a graph, by the layer's name; not those of inputs.

    Args:
        model: A model made of a graph.
        x: A batch, nested as the model takes it.
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
    """Returns the same of a model of real Keras.

    Args:
        model: The model.
        x: The batch.
        names: The layers.
    """
    import sys

    keras = sys.modules["keras"]
    layers = {layer.name: layer for layer in model.layers}
    taps = {name: tree.flatten(layers[name].output) for name in names if name in layers}
    inspected = keras.Model(model.inputs, tree.flatten(list(taps.values())))
    flat = [np.asarray(part) for part in tree.flatten(x)]
    # One at a time: Keras takes a single output out of the list that it stands in.
    values = iter(tree.flatten(inspected(flat, training=False)))
    return {name: [as_array(next(values)) for _ in group] for name, group in taps.items()}
