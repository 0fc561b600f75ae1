"""Graph mode of Keras 2: functions of symbolic tensors, their gradients, the learning phase."""

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
    """Placeholder for the learning phase among the inputs of `function`."""

    def __repr__(self) -> str:
        return "<K.learning_phase()>"


_PHASE = _LearningPhase()
_set: dict[str, bool | None] = {"phase": None}


@filtered
def learning_phase() -> Any:
    """Returns the learning phase: 1 (training) or 0 if it was set, else its placeholder for `K.function`.

    Example:
        >>> learning_phase()
        <K.learning_phase()>
    """
    return _PHASE if _set["phase"] is None else int(_set["phase"])


@filtered
def set_learning_phase(value: int) -> None:
    """Sets the learning phase of functions made by `K.function`: training (1) or inference (0).

    Raises:
        ArgumentError: If it is neither 0 nor 1.
    """
    if value not in (0, 1):
        raise ArgumentError(f"`K.set_learning_phase` expects 0 or 1. Received: {brief(value)}")
    _set["phase"] = bool(value)


@filtered
def function(
    inputs: Sequence, outputs: Any, updates: Sequence | None = None, name: str | None = None, **kwargs: Any
) -> Callable:
    """Creates a function of arrays from the graph between symbolic inputs and outputs.

    Args:
        inputs: List of symbolic tensors; `K.learning_phase()` may be one of them.
        outputs: List of symbolic tensors or variables, or a single one.
        updates: Must be None: assign to variables in a layer instead.
        name: The name of the function.
        **kwargs: Must be empty: arguments of TensorFlow's sessions are refused.

    Returns:
        A function that takes a list with an array for each input and returns an array for each output.

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
    indices = [index for index, value in enumerate(inputs) if isinstance(value, KerasTensor)]
    listed = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    symbolic = [value for value in listed if isinstance(value, KerasTensor)]
    graph = Function([inputs[index] for index in indices], symbolic, name=name) if symbolic else None

    def run(values: Sequence) -> Any:
        training = bool(_set["phase"])
        for given, value in zip(inputs, values, strict=True):
            training = bool(value) if given is _PHASE else training
        arrays = [np.asarray(values[index], dtype=inputs[index].dtype) for index in indices]
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
    """Returns the symbolic gradients of a symbolic tensor, summed over its elements.

    Args:
        loss: The tensor to differentiate.
        variables: The symbolic tensors or variables to differentiate it by, one or a list.

    Returns:
        List of symbolic tensors; zeros for those that `loss` does not depend on.

    Raises:
        ArgumentError: If `loss` is not symbolic: use a `GradientTape` then.

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
    """Operation that computes gradients within a graph.

    Args:
        graph: From the inputs to the loss and to the symbolic tensors that it is differentiated by.
        wanted: The symbolic tensors and variables that it is differentiated by.
    """

    def __init__(self, graph: Function, wanted: list):
        super().__init__()
        self._graph, self._wanted = graph, wanted

    def call(self, *inputs: Any) -> list:
        """Computes the gradients."""
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
        """Returns symbolic gradients, of the shapes of what the loss is differentiated by."""
        return [KerasTensor(tuple(value.shape), value.dtype) for value in self._wanted]


@filtered
def get_session() -> None:
    """Raises an error: there are no sessions.

    Raises:
        NotSupportedError: Always.

    Example:
        >>> try:
        ...     get_session()
        ... except NotSupportedError as error:
        ...     print(str(error)[:36])
        minikeras has no TensorFlow session.
    """
    raise NotSupportedError("minikeras has no TensorFlow session. Use `K.get_value`, `K.set_value` and `K.function`.")


@filtered
def set_session(session: Any) -> None:
    """Warns that there are no sessions, so that their configuration has no effect.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):
        ...     set_session(None)
    """
    warn_legacy("`K.set_session(session)`", "no replacement: it has no effect")
