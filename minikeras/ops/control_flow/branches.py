"""Branches, as in `keras.ops`: `cond` and `switch`."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ...compiler.control_flow.branches import Branches
from ...engine import tree
from ...engine.body_trace import Body, Recorded, as_tensor, outer_operand, record_body
from ...engine.dispatch import constant, operand
from ...engine.dtypes import COMPLEX, INTEGERS, dtype_of, is_differentiable
from ...engine.gradients import pull_back
from ...engine.promoting_arrays import as_body_input
from ...engine.registry import call, op
from ...engine.tensor import Tensor
from ...engine.variable import Variable
from ...errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ...typing import TensorLike
from ..common.arguments import as_value
from ..conversion import cast, convert_to_tensor
from .backward_bodies import sum_by_tensor, zeros
from .carry import check_function
from .leading_axes import as_symbol, is_symbolic
from .recording import run_recorded


@op("core.Cond")
def cond(pred: TensorLike, true_fn: Callable, false_fn: Callable) -> Any:
    """Calls one of two functions.

    In a step, both are traced, and each run calls the one selected by the predicate.

    Args:
        pred: A boolean or a real number, of shape (); numbers other than 0 are true.
        true_fn: Is called without arguments if it is true, and returns a value or nested values.
        false_fn: Is called without arguments if it is not, and returns values of the same shapes and dtypes.

    Returns:
        What the function returned.

    Raises:
        ArgumentError: If the functions return values of different kinds.
        ArgumentTypeError: If `pred` is complex.
        ShapeError: If it is no scalar.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> x = np.array(-2.0)
        >>> cond(x > 0, lambda: x, lambda: -x)
        array(2.)
    """
    check_function("true_fn", true_fn)
    check_function("false_fn", false_fn)
    pred = _scalar("cond", "pred", pred, "a boolean or a real number", lambda dtype: dtype not in COMPLEX)
    return _branch("cond", pred, lambda value: cast(cast(value, "bool"), "int32"), [false_fn, true_fn], ())


@op("core.Switch")
def switch(index: TensorLike, branches: Sequence[Callable], *operands: Any) -> Any:
    """Calls one of several functions.

    In a step, all are traced, and each run calls the one selected by the index.

    Args:
        index: Which one: an integer, or a value of shape (); what is out of range means the first or the last.
        branches: The functions. They return values of the same shapes and dtypes, possibly nested.
        *operands: What they are called with.

    Returns:
        What the function returned.

    Raises:
        ArgumentError: If there are no functions, or they return values of different kinds.
        ArgumentTypeError: If `index` is not an integer, but a boolean or a float.
        ShapeError: If it is no scalar.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> switch(1, [lambda x: x, lambda x: x * 2], np.array(3.0))
        array(6.)
    """
    branches = list(branches)
    if not branches or not all(map(callable, branches)):
        raise ArgumentError(f"`switch` expects `branches` to be functions, at least one. Received: {brief(branches)}")
    index = _scalar("switch", "index", index, "an integer", lambda dtype: dtype in INTEGERS)
    return _branch("switch", index, lambda value: cast(value, "int32"), branches, operands)


def _scalar(name: str, argument: str, value: TensorLike, expected: str, is_allowed: Callable[[str], bool]) -> Tensor:
    """Returns the argument that selects a branch, if its shape is () and its dtype is allowed."""
    value = as_value(value)
    if tuple(value.shape) != ():
        raise ShapeError(f"`{name}` expects `{argument}` to be a scalar. Received: one of shape {tuple(value.shape)}")
    if not is_allowed(dtype_of(value)):
        raise ArgumentTypeError(
            f"`{name}` expects `{argument}` to be {expected}. Received: one of dtype {dtype_of(value)}"
        )
    return value


def _branch(name: str, index: Tensor, number: Callable, functions: list, operands: tuple) -> Any:
    if is_symbolic(index, operands):
        results = [function(*operands) for function in functions]
        _check_alike(name, results, [list(map(as_value, tree.flatten(result))) for result in results])
        return tree.map_structure(as_symbol, results[0])
    index = operand(number(index))
    if not isinstance(index, Tensor):
        chosen = functions[min(max(int(index), 0), len(functions) - 1)]
        result = chosen(*tree.map_structure(lambda leaf: as_body_input(operand(leaf)), operands))
        return tree.map_structure(convert_to_tensor, result)
    given = [operand(leaf) for leaf in tree.flatten(operands)]
    arrays = [value.array if isinstance(value, Tensor) else value for value in given]
    recorded = [
        record_body(f"`{name}`", lambda values, function=each: function(*tree.pack_like(operands, values)), arrays)
        for each in functions
    ]
    _check_alike(name, [each.result for each in recorded], [each.leaves for each in recorded])
    variables = list(dict.fromkeys(variable for each in recorded for variable in each.variables))
    bodies = [_with_variables(each, variables) for each in recorded]
    branches, all_operands = _closed(bodies, [list(range(1, len(given) + 1))] * len(bodies), [index, *given])
    values = _run(branches, all_operands, range(len(bodies[0].outputs)))
    count = len(values) - len(variables)
    for variable, value in zip(variables, values[count:], strict=True):
        variable.assign(value)
    return tree.pack_like(recorded[0].result, values[:count])


def _check_alike(name: str, results: list, leaves: list[list]) -> None:
    kinds = [
        (tree.structure_key(result), [(tuple(each.shape), dtype_of(each)) for each in own])
        for result, own in zip(results, leaves, strict=True)
    ]
    for kind in kinds:
        if kind != kinds[0]:
            raise ArgumentError(
                f"`{name}`: the functions must return outputs of the same kind (structure, shapes and dtypes). "
                f"Received: {kinds[0][1]} and {kind[1]}, nested as {brief(kinds[0][0])} and {brief(kind[0])}"
            )


def _with_variables(recorded: Recorded, variables: list[Variable]) -> Body:
    """Returns a body whose outputs include the values of variables after it, whether it assigns to them or not."""
    body, count = recorded.body, len(recorded.leaves)
    assigned = dict(zip(recorded.variables, body.outputs[count:], strict=True))
    with body.extended() as trace:
        after = [assigned[each] if each in assigned else as_tensor(trace, outer_operand(each)) for each in variables]
        return Body(trace, body.parameters, trace.entries, trace.custom_vjps, [*recorded.leaves, *after])


def _closed(bodies: list[Body], positions: list[list[int]], operands: list) -> tuple[Branches, list]:
    """Returns branches whose bodies have what they use from outside as parameters, and all the operands.

    Args:
        bodies: The bodies.
        positions: For each, the indices of the operands that are its parameters so far.
        operands: The operands so far.
    """
    operands, closed = list(operands), []
    known = {id(value): index for index, value in enumerate(operands) if index and isinstance(value, Tensor)}
    for body, indices in zip(bodies, positions, strict=True):
        sources = body.sources()
        values = list(map(outer_operand, sources.values()))
        for value in values:
            if id(value) not in known:
                known[id(value)] = len(operands)
                operands.append(value)
        closed.append(
            (body.of([*body.parameters, *sources], body.outputs), [*indices, *(known[id(each)] for each in values)])
        )
    return Branches(*zip(*closed, strict=True)), operands


def _run(branches: Branches, operands: list, wanted: Sequence[int]) -> list:
    return run_recorded(branches, operands, list(wanted), partial(_vjp, branches, list(wanted)))


def _vjp(branches: Branches, wanted: list[int], grads: Sequence, outputs: Sequence, *operands: object) -> list:
    """Returns the gradients of the operands: other branches, which compute each what the body does once more."""
    pairs = [(index, gradient) for index, gradient in zip(wanted, grads, strict=True) if gradient is not None]
    bodies, found = [], []
    for body, positions in zip(branches.bodies, branches.operands, strict=True):
        seeds = [zeros(body.outputs[index]) for index, _ in pairs]
        by_operand: dict[int, Tensor] = {}
        with body.extended() as trace:
            of_outputs = sum_by_tensor(
                (body.outputs[index], seed) for (index, _), seed in zip(pairs, seeds, strict=True)
            )
            pulled = pull_back(trace, of_outputs, [[each] for each in body.parameters], range(len(body.entries)))
            for position, parameter, value in zip(positions, body.parameters, pulled, strict=True):
                if value is not None and is_differentiable(parameter.dtype):
                    value = call("add", by_operand[position], value) if position in by_operand else value
                    by_operand[position] = as_tensor(trace, value)
            bodies.append(Body(trace, [*body.parameters, *seeds], trace.entries, trace.custom_vjps, []))
        found.append(by_operand)
    targets = sorted({position for each in found for position in each})
    for body, by_operand in zip(bodies, found, strict=True):
        with body.extended() as trace:
            body.outputs = [
                by_operand[each]
                if each in by_operand
                else constant(trace, np.zeros(operands[each].shape, operands[each].dtype))
                for each in targets
            ]
            body.entries, body.custom_vjps = trace.entries, trace.custom_vjps
    seeds = range(len(operands), len(operands) + len(pairs))
    positions = [[*each, *seeds] for each in branches.operands]
    backward, all_operands = _closed(bodies, positions, [*operands, *(gradient for _, gradient in pairs)])
    values = dict(zip(targets, _run(backward, all_operands, range(len(targets))), strict=True))
    return [values.get(index) for index in range(len(operands))]
