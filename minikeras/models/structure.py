"""The structure of a model: its layers, inputs and outputs."""

from typing import Any

from ..errors import ArgumentError
from ..graph.function import Function
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import Operation
from ..layers.input_spec import InputSpec
from ..tracebacks import Filtered, filtered
from .inputs import names_of
from .subgraph import layers_of


class Structure(Filtered):
    """The part of a model that gives access to its layers, inputs and outputs."""

    _function: Function | None = None

    @property
    def _is_functional(self) -> bool:
        """Whether the model was created from inputs and outputs."""
        return self._function is not None

    def _graph(self) -> Function | None:
        """Returns the graph of the model; None if it has none."""
        return self._function

    def _known_graph(self, what: str) -> Function:
        graph = self._graph()
        if graph is None:
            raise AttributeError(f"{self._where()} has no defined {what} yet: it is not a graph of layers.")
        return graph

    @property
    def layers(self) -> list[Any]:
        """The layers of the graph, inputs first; without a graph, the layers set as attributes, in that order."""
        if self._function is None:
            return list(self._sublayers)
        return layers_of(self._function)

    @layers.setter
    def layers(self, value: object) -> None:
        raise AttributeError(f"`layers` of {self._where()} is set by minikeras. Use another name.")

    @property
    @filtered
    def operations(self) -> list[Operation]:
        """The layers and other operations of the graph, inputs first.

        Raises:
            AttributeError: If the model has no graph.
        """
        return list(self._known_graph("operations").operations)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """Returns a layer by its name or its index.

        Raises:
            ArgumentError: If there is no such layer.

        Source: https://keras.io/api/models/model/
        """
        layers = self.layers
        if (name is None) == (index is None):
            raise ArgumentError("`get_layer` expects either a layer's `name` or its `index`.")
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ArgumentError(f"`get_layer`: there is no layer {index}; the model has {len(layers)} layers.")
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ArgumentError(f"No such layer: {name!r}. The layers are: {[layer.name for layer in layers]}")

    @property
    @filtered
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs, as a flat list.

        Raises:
            AttributeError: If the model has none.
        """
        return list(self._known_graph("inputs").inputs)

    @property
    @filtered
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs, as a flat list.

        Raises:
            AttributeError: If the model has none.
        """
        return list(self._known_graph("outputs").outputs)

    @property
    @filtered
    def output_names(self) -> list[str]:
        """The names of the layers that produce the outputs.

        Raises:
            AttributeError: If the model has no symbolic outputs.
        """
        return [tensor._keras_history.operation.name for tensor in self._known_graph("output_names").outputs]

    @property
    def input(self) -> Any:
        """The symbolic inputs, nested as they were given."""
        return super().input if self._graph() is None else self._graph().inputs_structure

    @property
    def output(self) -> Any:
        """The symbolic outputs, nested as they were given."""
        return super().output if self._graph() is None else self._graph().outputs_structure

    @property
    @filtered
    def input_shape(self) -> Any:
        """The shape of the input, including the batch axis; a list of shapes if there are several."""
        return single_or_all([tensor.shape for tensor in self._known_graph("input_shape").inputs])

    @property
    @filtered
    def output_shape(self) -> Any:
        """The shape of the output, including the batch axis; a list of shapes if there are several."""
        return single_or_all([tensor.shape for tensor in self._known_graph("output_shape").outputs])

    @property
    def input_spec(self) -> Any:
        """The constraints on the inputs."""
        graph = self._graph()
        if vars(self).get("_input_spec") is not None or graph is None:
            return vars(self).get("_input_spec")
        structure = graph.inputs_structure
        if isinstance(structure, dict) and any(not isinstance(part, KerasTensor) for part in structure.values()):
            return None
        keys = sorted(structure) if isinstance(structure, dict) else [names_of(own)[0] for own in graph.inputs]
        return [
            InputSpec(shape=(None, *own.shape[1:]) if own.shape else (), allow_last_axis_squeeze=True, name=key)
            for own, key in zip(graph.inputs, keys, strict=True)
        ]

    @input_spec.setter
    def input_spec(self, spec: Any) -> None:
        vars(self)["_input_spec"] = spec


def single_or_all(outputs: Any) -> Any:
    """Returns the only element of a list or tuple of length 1; anything else unchanged."""
    return outputs[0] if isinstance(outputs, (list, tuple)) and len(outputs) == 1 else outputs
