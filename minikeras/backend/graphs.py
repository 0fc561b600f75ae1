"""What Keras 2 did with its graph: functions made of symbolic values, gradients of them, the learning phase."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..autodiff import GradientTape
from ..engine import tree
from ..engine.variable import Variable
from ..errors import ArgumentError, NotSupportedError, brief, warn_legacy
from ..graph.function import Function, nodes_between
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import Operation
from ..layers import Layer
from ..tracebacks import filtered


class _LearningPhase:
    """Stands for whether this is training among the inputs of `function`."""

    def __repr__(self) -> str:
        return "<K.learning_phase()>"


_PHASE = _LearningPhase()
_set: dict[str, bool | None] = {"phase": None}


@filtered
def learning_phase() -> Any:
    """Returns what stands for the learning phase among the inputs of `K.function`; 0 or 1 if it was set."""
    return _PHASE if _set["phase"] is None else int(_set["phase"])


@filtered
def set_learning_phase(value: int) -> None:
    """Says whether functions made by `K.function` run their layers in training (1) or not (0).

    Raises:
        ArgumentError: If it is neither.
    """
    if value not in (0, 1):
        raise ArgumentError(f"`K.set_learning_phase` expects 0 or 1. Received: {brief(value)}")
    _set["phase"] = bool(value)


@filtered
def function(
    inputs: Sequence, outputs: Any, updates: Sequence | None = None, name: str | None = None, **kwargs: Any
) -> Callable:
    """Makes a function of what leads from symbolic inputs to outputs; it takes and returns arrays.

    Args:
        inputs: Symbolic values, in a list; `K.learning_phase()` may be one of them.
        outputs: Symbolic values or variables, in a list, or one alone.
        updates: Only None: assign to variables in a layer instead.
        name: The name of the function.
        **kwargs: Nothing: what TensorFlow's sessions took is refused.

    Returns:
        A function of a list with a value for each input, which returns an array for each output.

    Raises:
        NotSupportedError: For updates and further arguments.

    Example:
        >>> from minikeras.layers import Input
        >>> x = Input((2,))
        >>> double = function([x], [x * 2])
        >>> double([[[1.0, 2.0]]])
        [array([[2., 4.]], dtype=float32)]
    """
    if updates or kwargs:
        raise NotSupportedError(f"`K.function` makes no updates. Received: updates={brief(updates)}, {brief(kwargs)}")
    places = [index for index, value in enumerate(inputs) if isinstance(value, KerasTensor)]
    listed = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    symbolic = [value for value in listed if isinstance(value, KerasTensor)]
    graph = Function([inputs[index] for index in places], symbolic, name=name) if symbolic else None

    def run(values: Sequence) -> Any:
        training = bool(_set["phase"])
        for given, value in zip(inputs, values, strict=True):
            training = bool(value) if given is _PHASE else training
        arrays = [np.asarray(values[index], dtype=inputs[index].dtype) for index in places]
        found = iter(() if graph is None else tree.flatten(_run(graph, arrays, training)))
        results = [np.array(next(found) if isinstance(value, KerasTensor) else value) for value in listed]
        return results if isinstance(outputs, (list, tuple)) else results[0]

    return run


def _run(graph: Function, values: list, training: bool) -> Any:
    def call(operation: Operation, args: tuple, kwargs: dict) -> Any:
        if isinstance(operation, Layer):
            kwargs = {**kwargs, "training": training}
        return operation(*args, **kwargs)

    return graph.run(values, call)


@filtered
def gradients(loss: KerasTensor, variables: Any) -> list:
    """Returns the symbolic gradients of a symbolic value, whose elements are summed.

    Args:
        loss: The value.
        variables: Symbolic values that it comes from, or variables; one, or a list.

    Returns:
        A symbolic value for each; zeros for those that the value does not depend on.

    Raises:
        ArgumentError: If the value is not symbolic: use a `GradientTape` then.

    Example:
        >>> from minikeras import ops
        >>> from minikeras.layers import Input
        >>> x = Input((2,))
        >>> slope = function([x], gradients(ops.sum(x**2), x))
        >>> slope([[[1.0, 2.0]]])
        [array([[2., 4.]], dtype=float32)]
    """
    if not isinstance(loss, KerasTensor):
        raise ArgumentError(
            f"`K.gradients` is for symbolic values, such as `model.output`. For others use `keras.GradientTape` around "
            f"what computes them. Received: {brief(loss)}"
        )
    wanted = list(variables) if isinstance(variables, (list, tuple)) else [variables]
    roots = [tensor for node in nodes_between([], [loss]) if node.is_input for tensor in node.outputs]
    taps = [value for value in wanted if isinstance(value, KerasTensor)]
    return list(_Gradients(Function(roots, [loss, *taps]), wanted)(*roots))


class _Gradients(Operation):
    """Computes gradients as a part of a graph.

    Args:
        graph: From the inputs to the value that is differentiated and to what it is differentiated by.
        wanted: What it is differentiated by: symbolic values and variables.
    """

    def __init__(self, graph: Function, wanted: list):
        super().__init__()
        self._graph, self._wanted = graph, wanted

    def call(self, *inputs: Any) -> list:
        """Returns the gradients for values of the inputs."""
        with GradientTape() as tape:
            values = [tape.watch(value) if "float" in str(value.dtype) else value for value in inputs]
            for variable in self._wanted:
                if isinstance(variable, Variable):
                    tape.watch(variable)
            loss, *taps = self._graph.run(values)
        found = iter(taps)
        sources = [value if isinstance(value, Variable) else next(found) for value in self._wanted]
        return tape.gradient(loss, sources, unconnected_gradients="zero")

    def compute_output_spec(self, *inputs: Any) -> list:
        """Returns symbolic values of the shapes of what is differentiated by."""
        return [KerasTensor(tuple(value.shape), value.dtype) for value in self._wanted]


@filtered
def get_session() -> None:
    """Raises: there are no sessions.

    Raises:
        NotSupportedError: Always.
    """
    raise NotSupportedError("minikeras has no TensorFlow session. Use `K.get_value`, `K.set_value` and `K.function`.")


@filtered
def set_session(session: Any) -> None:
    """Warns: there are no sessions, and what one was configured for has no effect."""
    warn_legacy("`K.set_session(session)`", "nothing in its place: it has no effect")
