"""Forward-mode differentiation."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from ...engine import tree
from ...engine.dispatch import IDENTITY, apply, constant, to_array
from ...engine.dtypes import dtype_of, is_inexact
from ...engine.gradients import pull_back
from ...engine.immutable_arrays import as_output
from ...engine.registry import op
from ...engine.tensor import Tensor as TracedTensor
from ...engine.trace import Trace, current_trace
from ...errors import ArgumentError, ArgumentTypeError, brief
from ...graph.keras_tensor import KerasTensor
from ..arithmetic import add
from ..common.arguments import as_value
from ..conversion import cast
from ..creation import zeros_like


@op("linalg.JVP", settings="has_aux")
def jvp(fun: Callable, primals: Sequence, tangents: Sequence, has_aux: bool = False) -> tuple:
    """Computes a Jacobian-vector product: the derivative of a function in a direction.

    It is the derivative of the reverse pass, which is linear in the gradient of the outputs; thus it exists where
    second-order gradients do, and outside of steps for every `while_loop`, too.

    Args:
        fun: Takes as many arguments as there are primals, and returns a value or nested values.
        primals: A tuple or list of the arguments, possibly nested, where to differentiate.
        tangents: The direction, in the structure and shapes of `primals`.
        has_aux: Whether `fun` returns a pair of its outputs and auxiliary data.

    Returns:
        A pair of the outputs and of their derivatives in that direction; with `has_aux`, also the auxiliary data.

    Raises:
        ArgumentError: If the structures or shapes of `primals` and `tangents` differ.
        ArgumentTypeError: If `fun` is no function, or `primals` no tuple or list of floating-point values.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> value, derivative = jvp(lambda x: x**3, (2.0,), (1.0,))
        >>> print(value, derivative)
        8.0 12.0
    """
    points, directions = _checked(fun, primals, tangents)
    if any(isinstance(leaf, KerasTensor) for leaf in (*points, *directions)):
        value, *aux = _parts(fun(*primals), has_aux)
        return value, tree.map_structure(lambda leaf: KerasTensor(leaf.shape, dtype_of(leaf)), value), *aux
    running = current_trace()
    trace = Trace(eager=True, unrolls=True) if running is None else running
    with trace if running is None else nullcontext():
        start = len(trace.entries)
        inputs = [_new(trace, leaf) for leaf in points]
        value, *aux = _parts(fun(*tree.pack_like(primals, inputs)), has_aux)
        outputs = tree.flatten(value)
        found = iter(_derivatives(trace, inputs, directions, [leaf for leaf in outputs if _traced(leaf, trace)], start))
        tangent = [next(found) if _traced(leaf, trace) else zeros_like(leaf) for leaf in outputs]
        results = value, tree.pack_like(value, tangent), *aux
    if running is None:
        results = tree.map_structure(_as_array, results)
        trace.clear()
    return results


def _checked(fun: Callable, primals: Sequence, tangents: Sequence) -> tuple[list, list]:
    """Returns the arguments and the direction as flat lists of values."""
    if not callable(fun) or not all(isinstance(each, (tuple, list)) for each in (primals, tangents)):
        raise ArgumentTypeError(
            "`jvp` expects a function, and tuples or lists of its arguments and of their directions. "
            f"Received: fun={brief(fun)}, primals={brief(primals)}, tangents={brief(tangents)}"
        )
    points, directions = [[as_value(leaf) for leaf in tree.flatten(each)] for each in (primals, tangents)]
    if tree.structure_key(list(primals)) != tree.structure_key(list(tangents)):
        raise ArgumentError(
            "`jvp` expects `tangents` in the structure of `primals`. "
            f"Received: primals={brief(primals)}, tangents={brief(tangents)}"
        )
    for point, direction in zip(points, directions, strict=True):
        if not is_inexact(dtype_of(point)):
            raise ArgumentTypeError(f"`jvp`: derivatives exist with respect to floats only. Received: {brief(point)}")
        if tuple(point.shape) != tuple(direction.shape):
            raise ArgumentError(
                "`jvp` expects each tangent in the shape of its primal. "
                f"Received: shapes {tuple(point.shape)} and {tuple(direction.shape)}"
            )
    return points, [cast(each, dtype_of(point)) for point, each in zip(points, directions, strict=True)]


def _parts(result: Any, has_aux: bool) -> tuple:
    if not has_aux:
        return (result,)
    if not isinstance(result, tuple) or len(result) != 2:
        raise ArgumentTypeError(
            f"`jvp` with `has_aux` expects a function that returns a pair: outputs and auxiliary data. "
            f"Received: {brief(result)}"
        )
    return result


def _new(trace: Trace, leaf: object) -> TracedTensor:
    """Returns a new tensor, so that other references to the same value are constants."""
    leaf = apply(IDENTITY, leaf)
    return leaf if isinstance(leaf, TracedTensor) else constant(trace, to_array(leaf))


def _traced(leaf: object, trace: Trace) -> bool:
    return isinstance(leaf, TracedTensor) and leaf.trace is trace and is_inexact(dtype_of(leaf))


def _derivatives(trace: Trace, inputs: list, directions: list, outputs: list, start: int) -> list:
    """Returns the derivatives of outputs: their gradients are linear in seeds, by which those are differentiated."""
    seeds = [constant(trace, np.zeros(tuple(output.shape), dtype_of(output))) for output in outputs]
    middle = len(trace.entries)
    grads = pull_back(trace, dict(zip(outputs, seeds, strict=True)), [[leaf] for leaf in inputs], range(start, middle))
    reached: dict[TracedTensor, Any] = {}
    for grad, direction in zip(grads, directions, strict=True):
        if isinstance(grad, TracedTensor) and grad.trace is trace:
            reached[grad] = add(reached[grad], direction) if grad in reached else direction
    found = pull_back(trace, reached, [[seed] for seed in seeds], range(middle, len(trace.entries)))
    return [zeros_like(output) if each is None else each for each, output in zip(found, outputs, strict=True)]


def _as_array(value: Any) -> Any:
    if not isinstance(value, TracedTensor):
        return value
    return as_output(np.array(value.current().array))
