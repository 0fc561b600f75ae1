"""The reverse pass: walks the trace backwards and records the gradients in the same trace."""

from collections.abc import Sequence

import numpy as np

from ..errors import TraceError
from .registry import call
from .tensor import Tensor
from .trace import Trace
from .variable import Variable


def gradients(target: Tensor, sources: Sequence, output_gradient: object = None) -> list:
    """Returns the gradient of a traced value with respect to each source.

    Args:
        target: The value to differentiate; its elements are summed if it has several.
        sources: Variables or tensors of the same trace.
        output_gradient: The gradient of `target` itself, of its shape; ones by default.

    Returns:
        One value per source, of its shape: a Tensor, or an array if it is constant; None where the target
        does not depend on the source.

    Raises:
        TraceError: If the target is not a value of an open trace.
    """
    if not isinstance(target, Tensor) or not target.trace.active:
        raise TraceError(f"Gradients need a value computed inside of a trace. Received: {target!r}")
    trace = target.trace
    wanted = [_tensors_of(source, trace) for source in sources]
    kept = {tensor for tensors in wanted for tensor in tensors}
    grads = {target: call("ones_like", target) if output_gradient is None else output_gradient}
    _walk_back(trace, grads, kept)
    return [_sum([grads[tensor] for tensor in tensors if tensor in grads]) for tensors in wanted]


def _tensors_of(source: object, trace: Trace) -> list[Tensor]:
    if isinstance(source, Variable):
        return trace.past_reads.get(source, [])
    return [source]  # not `current()`, which depends on it: that would miss the uses before an assignment


def _sum(values: list) -> object:
    total = None
    for value in values:
        total = value if total is None else call("add", total, value)
    return total


def _dependents(trace: Trace, sources: set) -> set:
    reached = set(sources)
    for entry in trace.entries:
        if entry.output is not None and any(value in reached for value in entry.inputs if isinstance(value, Tensor)):
            reached.add(entry.output)
    return reached


def _walk_back(trace: Trace, grads: dict, kept: set) -> None:
    reached = _dependents(trace, kept)
    index = len(trace.entries) - 1  # what the walk itself records comes after this
    while index >= 0:
        entry, span = trace.entries[index], trace.spans.get(index)
        unit = entry if span is None else span
        index = index - 1 if span is None else span.start - 1
        output = unit.output
        if output is None or output not in grads or output not in reached:
            continue
        gradient = grads[output] if output in kept else grads.pop(output)
        if span is None:
            contributions = _entry_gradients(entry, gradient, reached)
        else:
            contributions = span.vjp(gradient, output, *span.inputs)
        for value, contribution in zip(unit.inputs, contributions, strict=True):
            if contribution is not None and isinstance(value, Tensor) and value in reached:
                grads[value] = contribution if value not in grads else call("add", grads[value], contribution)


def _entry_gradients(entry, gradient: object, reached: set) -> list:
    primitive = entry.primitive
    if primitive.vjps is None:
        return [None] * len(entry.inputs)
    if callable(primitive.vjps):
        return primitive.vjps(gradient, entry.output, *entry.inputs, **entry.params)
    contributions = []
    for value, vjp in zip(entry.inputs, primitive.vjps, strict=True):
        needed = vjp is not None and isinstance(value, Tensor) and value in reached
        needed = needed and np.issubdtype(value.dtype, np.floating)
        contributions.append(vjp(gradient, entry.output, *entry.inputs, **entry.params) if needed else None)
    return contributions
