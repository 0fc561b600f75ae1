"""Checking the data of training against a model, and building the model for it."""

from typing import Any

from ..engine import tree
from ..engine.watched import changes
from ..graph.function import Function
from ..graph.keras_tensor import KerasTensor
from ..tracebacks import Filtered
from ..training.data import ArrayData
from .inputs import check_values, fitted_shapes, in_order, warn_of_more
from .structure import single_or_all


class DataChecks(Filtered):
    """The part of a model that checks the data of `fit`, `evaluate` and `predict`."""

    _symbolic_outputs: tuple | None = None  # `changes.number`, shapes of inputs, and the outputs for them

    def _build_for(self, data: ArrayData) -> None:
        """Runs the model on one batch if it is not built, to create all weights; no variable changes by that."""
        if not self.built or not all(layer.built for layer in self._layers_inside()):
            batch = data.first()
            x = tree.pack_like(data.structure, batch.arrays())[0]
            self._trial_outputs(x)

    def _known_outputs(self) -> tuple[list[str] | None, Any]:
        """Returns the names of the outputs and the symbolic outputs; None for what is unknown."""
        if not self._is_functional or not hasattr(type(self).call, "is_default"):
            return None, None
        return self.output_names, single_or_all(self._function.outputs_structure)

    def _names_of_outputs(self) -> list[str] | None:
        """Returns the names of the outputs, which are the keys for labels in a dict; None if they have none."""
        return self._known_outputs()[0]

    def _checked_outputs(self, data: ArrayData) -> Any:
        """Checks that the data fits, and returns the symbolic outputs for it; None if they are unknown."""
        graph = self._graph()
        if graph is None or not hasattr(type(self).call, "is_default"):
            return None
        values = in_order(graph, data.structure[0], self._where())
        given = [None if value is None else (None, *value.shape[1:]) for value in values]
        fitted = fitted_shapes(graph, given, self._where())
        shapes = [None if value is None else shape for value, shape in zip(values, fitted, strict=True)]
        warn_of_more(graph, data.structure[0], self._where())
        check_values(graph, values, self._where(), data.name_of_x)
        return single_or_all(self._outputs_for(graph, tuple(shapes)))

    def _outputs_for(self, graph: Function, shapes: tuple) -> Any:
        """Returns the symbolic outputs for inputs of these shapes.

        They are kept until an attribute is set anywhere: to call all layers takes ten times as long as to compute one
        step of a small network, and a stateful model, whose batch size is fixed, never gets the shapes of its inputs.
        """
        if shapes == tuple(own.shape for own in graph.inputs):
            return graph.outputs_structure
        known = self._symbolic_outputs
        if self._runner_is_up_to_date() and known is not None and known[:2] == (changes.number, shapes):
            return known[2]
        pairs = zip(shapes, graph.inputs, strict=True)
        outputs = graph.specs([None if shape is None else KerasTensor(shape, own.dtype) for shape, own in pairs])
        self._symbolic_outputs = changes.number, shapes, outputs
        return outputs

    def _check_alike(self, first: ArrayData, other: ArrayData) -> None:
        """Refuses data whose shape differs from that the model will be built for. Does nothing by default."""
