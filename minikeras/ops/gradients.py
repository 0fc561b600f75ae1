"""Control over differentiation: `stop_gradient` and custom gradients."""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps

import numpy as np

from ..engine import tree
from ..engine.batch_rules import aligned
from ..engine.dispatch import IDENTITY, apply, constant, operand
from ..engine.immutable_arrays import as_input, as_output, without_aliasing
from ..engine.primitive import Primitive
from ..engine.registry import call, op
from ..engine.tensor import Tensor as TracedTensor
from ..engine.trace import CustomVJP, Trace, current_trace
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike

_STOP = Primitive(
    "stop_gradient",
    lambda x: x,
    view=True,
    shape=lambda x: (x.shape, x.dtype),
    batch=aligned,
)


@op("core.StopGradient")
def stop_gradient(variable: TensorLike) -> Tensor:
    """Returns its argument; gradient computation treats it as a constant.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> stop_gradient(2.0)
        array(2., dtype=float32)
    """
    return apply(_STOP, variable)


@op(saved_as=None)
def custom_gradient(f: Callable) -> Callable:
    """Decorator that defines a custom gradient for a function.

    Args:
        f: Takes tensors and returns a pair: its outputs, a tensor or a nested structure; and its gradient function.
            That function takes the upstream gradient of each output and returns one gradient per argument (None where
            no gradient flows). If `f` uses trainable variables besides, the gradient function must also accept
            `variables`, a list of them, and return a pair: the gradients of the arguments, and a list of theirs.

    Returns:
        A function that returns the outputs of `f`.

    Raises:
        ArgumentTypeError: When called: if `f` does not return such a pair, or its rule does not accept `variables`.
        ArgumentError: When differentiated: if the rule returns the wrong number of gradients.
        ShapeError: When differentiated: if the shape of a gradient differs from that of its argument.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> @custom_gradient
        ... def half_the_gradient(x):
        ...     return x, lambda upstream: 0.5 * upstream
        >>> from minikeras import grad
        >>> print(grad(lambda x: half_the_gradient(x) * 3)(1.0))
        1.5
    """

    @wraps(f)
    @filtered
    def decorated(*args: object, **kwargs: object) -> object:
        if any(isinstance(leaf, KerasTensor) for leaf in tree.flatten(args)):
            return _pair(f, args, kwargs)[0]
        inputs = tree.map_structure(operand, args)
        trace = current_trace()
        if trace is None:
            result = _pair(f, tree.map_structure(as_input, inputs), kwargs)[0]
            return tree.map_structure(lambda leaf: as_output(without_aliasing(leaf, tree.flatten(inputs))), result)
        start = len(trace.entries)
        result, rule = _pair(f, inputs, kwargs)
        return _with_rule(f, trace, start, tree.flatten(inputs), result, rule)

    return decorated


def _name(f: Callable) -> str:
    return f"`custom_gradient` of {getattr(f, '__name__', f)!r}"


def _pair(f: Callable, args: tuple, kwargs: dict) -> tuple:
    result = f(*args, **kwargs)
    if not isinstance(result, tuple) or len(result) != 2 or not callable(result[1]):
        raise ArgumentTypeError(
            f"{_name(f)}: it must return outputs and a gradient function. Received: {brief(result)}"
        )
    return result


def _with_rule(f: Callable, trace: Trace, start: int, inputs: list, result: object, rule: Callable) -> object:
    """Marks the entries recorded since an index as a span with a custom rule, and returns its results."""
    variables = _variables_read(trace, start, inputs)
    if not variables and not any(isinstance(value, TracedTensor) for value in inputs):
        return result
    if variables and not _takes_variables(rule):
        raise ArgumentTypeError(
            f"{_name(f)}: its gradient function must accept `variables` and return their gradients, as it uses the "
            f"variables {[variable.path for variable in variables]}."
        )
    # Distinct results, since a function may return an argument itself, or a value computed outside the trace.
    arrays_or_tensors = map(operand, tree.flatten(result))
    outputs = tuple(
        constant(trace, value) if isinstance(value, np.ndarray) else apply(IDENTITY, value)
        for value in arrays_or_tensors
    )
    reads = [trace.past_reads[variable][-1] for variable in variables]

    def vjp(upstream: list, _: tuple, *inputs: object) -> list:
        count = len(inputs) - len(reads)
        if not variables:
            return _checked(f, rule(*upstream), inputs)
        found = rule(*upstream, variables=variables)
        if not isinstance(found, tuple) or len(found) != 2:
            raise ArgumentTypeError(
                f"{_name(f)}: with `variables`, its gradient function must return the gradients of the arguments "
                f"and a list of those of the variables. Received: {brief(found)}"
            )
        return _checked(f, found[0], inputs[:count]) + _checked(f, list(found[1]), inputs[count:])

    if outputs:
        trace.custom_vjps[len(trace.entries) - 1] = CustomVJP((*inputs, *reads), outputs, vjp)
    return tree.pack_like(result, list(outputs))


def _variables_read(trace: Trace, start: int, inputs: list) -> list[Variable]:
    used = {value for entry in trace.entries[start:] for value in entry.inputs if isinstance(value, TracedTensor)}
    given = {value for value in inputs if isinstance(value, TracedTensor)}
    return [
        variable
        for variable, reads in trace.past_reads.items()
        if variable.trainable and not used.isdisjoint(reads) and given.isdisjoint(reads)
    ]


def _takes_variables(rule: Callable) -> bool:
    parameters = inspect.signature(rule).parameters
    return "variables" in parameters or any(each.kind is each.VAR_KEYWORD for each in parameters.values())


def _checked(f: Callable, found: object, inputs: Sequence) -> list:
    grads = list(found) if isinstance(found, (list, tuple)) else [found]
    if len(grads) != len(inputs):
        raise ArgumentError(
            f"{_name(f)}: its gradient function must return {len(inputs)} gradients. Received: {len(grads)}"
        )
    for gradient, value in zip(grads, inputs, strict=True):
        if gradient is not None and call("shape", gradient) != tuple(value.shape):
            raise ShapeError(
                f"{_name(f)}: expected a gradient of shape {tuple(value.shape)} for an argument of that shape. "
                f"Received: a gradient of shape {call('shape', gradient)}."
            )
    return [None if gradient is None else operand(gradient) for gradient in grads]
