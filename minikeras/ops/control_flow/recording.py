"""Common code of loops and branches as entries of a trace."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from ...compiler.control_flow.regions import PROJECT, ControlFlow, run
from ...engine.body_trace import Body, outer_operand
from ...engine.deferred import deferring_trace
from ...engine.dispatch import operand
from ...engine.tensor import Tensor
from ...engine.trace import CustomVJP, Entry, current_trace


def run_recorded(op: ControlFlow, operands: Sequence, wanted: Sequence[Hashable], vjp: Callable) -> list:
    """Runs a loop or a branch, and records it if an operand is traced.

    Args:
        op: The loop or branch.
        operands: Its operands.
        wanted: The keys of the requested outputs.
        vjp: Maps the gradients of the outputs (None: zero), the outputs, and the operands to the gradients of the
            operands.

    Returns:
        The requested outputs.
    """
    operands, trace = tuple(map(operand, operands)), current_trace()
    if not any(isinstance(value, Tensor) for value in operands):
        return run(op, operands, wanted)
    trace.outermost.check_control_flow(op.primitive)
    operands = tuple(value if isinstance(value, Tensor) else trace.own(value) for value in operands)
    is_deferred = deferring_trace() is not None
    if is_deferred:  # only the bodies of `scan` are recorded without values, see `DeferredBodyTrace`
        results = [op.form(key) for key in wanted]
    else:
        results = run(op, [value.array if isinstance(value, Tensor) else value for value in operands], wanted)
    handle = Tensor(np.empty(0, np.uint8), trace, is_deferred)
    trace.record(op.primitive, operands, {"op": op}, handle)
    outputs = tuple(Tensor(array, trace, is_deferred) for array in results)
    for key, output in zip(wanted, outputs, strict=True):
        trace.record(PROJECT, (handle,), {"number": op.number(key), "source": op}, output)
    if outputs:
        trace.custom_vjps[len(trace.entries) - 1] = CustomVJP(operands, outputs, vjp, takes_none=True)
    return list(outputs)


def closed(body: Body, known: dict[Tensor, object]) -> tuple[Body, list]:
    """Returns a body with its captured values as additional parameters, and the operands for these.

    Args:
        body: The body.
        known: The known operands, by tensor of the body.
    """
    sources = {inner: outer for inner, outer in body.sources().items() if inner not in known}
    used = body.used().difference(body.parameters)
    known = {inner: value for inner, value in known.items() if inner in used}
    parameters = [*body.parameters, *known, *sources]
    found = Body(body.trace, parameters, body.entries, body.custom_vjps, body.outputs)
    return found, [*known.values(), *map(outer_operand, sources.values())]


def subset(entries: list[Entry], rules: Sequence[CustomVJP]) -> tuple[list[Entry], dict[int, CustomVJP]]:
    """Returns entries with their custom gradient rules, by the index of the last entry of each."""
    made = {entry.output: index for index, entry in enumerate(entries)}
    whole = [rule for rule in rules if all(each in made for each in rule.outputs)]
    return entries, {max(map(made.__getitem__, rule.outputs)): rule for rule in whole}
