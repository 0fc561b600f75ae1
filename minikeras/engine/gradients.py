"""The reverse pass: walks the trace backwards and records the gradients in the same trace.

An eager trace may be closed already; then gradients are computed, and not recorded.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from ..errors import TraceError, brief
from .dtypes import is_differentiable
from .naming import path_scope
from .phases import phase
from .registry import call
from .tensor import Tensor
from .trace import CustomVJP, Entry, Trace
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
        raise TraceError(f"Gradients need a value computed inside a trace. Received: {brief(target)}")
    trace = target.trace
    wanted = [tensors_of(source, trace) for source in sources]
    seed = call("ones_like", target) if output_gradient is None else output_gradient
    return pull_back(trace, {target: seed}, wanted, range(len(trace.entries)))


def tensors_of(source: object, trace: Trace) -> list[Tensor]:
    """Returns the tensors of a trace that represent a variable, a watched array or a traced value."""
    if isinstance(source, Variable):
        return trace.past_reads.get(source, [])
    if isinstance(source, np.ndarray):
        return trace.watched[id(source)][1] if id(source) in trace.watched else []
    return [source]  # not `current()`, which depends on it: that would miss the uses before an assignment


def pull_back(trace: Trace, seeds: dict[Tensor, object], wanted: list[list[Tensor]], indices: Sequence[int]) -> list:
    """Returns the sum of the gradients of each list of tensors.

    Args:
        trace: The trace of all these tensors.
        seeds: The gradient of each value to differentiate.
        wanted: Lists of tensors.
        indices: The indices of the entries to traverse, in order.

    Returns:
        One gradient for each list; None where no value to differentiate depends on a tensor of the list.
    """
    kept = {tensor for tensors in wanted for tensor in tensors}
    grads = dict(seeds)
    with phase("backward"):
        _walk_back(trace, grads, kept, indices)
        return [_sum([grads[tensor] for tensor in tensors if tensor in grads]) for tensors in wanted]


def dependents(trace: Trace, sources: Iterable[Tensor], indices: Iterable[int]) -> set[Tensor]:
    """Returns the sources and all tensors computed from them by the entries at these indices."""
    reached = set(sources)
    for index in indices:
        entry, rule = trace.entries[index], trace.custom_vjps.get(index)
        if entry.output is not None and _uses(entry, reached):
            reached.add(entry.output)
        if rule is not None and _uses(rule, reached):
            reached.update(rule.outputs)
    return reached


def _uses(unit: Entry | CustomVJP, reached: set) -> bool:
    return any(value in reached for value in unit.inputs if isinstance(value, Tensor))


def _sum(values: list) -> object:
    total = None
    for value in values:
        total = value if total is None else call("add", total, value)
    return total


def _walk_back(trace: Trace, grads: dict, kept: set, indices: Sequence[int]) -> None:
    reached = dependents(trace, kept, indices)
    done: set[Tensor] = set()  # outputs of custom rules, whose gradients have been passed on to their inputs
    for index in reversed(indices):
        entry, rule = trace.entries[index], trace.custom_vjps.get(index)
        if rule is not None:
            found = _taken(rule.outputs, grads, kept, reached)
            done.update(rule.outputs)
            if any(gradient is not None for gradient in found):
                with path_scope(entry.layer):
                    _add(grads, rule.inputs, _custom_gradients(rule, found), reached)
        if entry.output is not None and entry.output not in done:
            (gradient,) = _taken((entry.output,), grads, kept, reached)
            if gradient is not None:
                with path_scope(entry.layer):
                    _add(grads, entry.inputs, _entry_gradients(entry, gradient, reached), reached)


def _taken(outputs: tuple, grads: dict, kept: set, reached: set) -> list:
    """Returns the gradients of outputs, which are complete now; those that were not requested are released."""
    if not any(output in grads and output in reached for output in outputs):
        return [None] * len(outputs)
    return [grads.get(output) if output in kept else grads.pop(output, None) for output in outputs]


def _add(grads: dict, values: tuple, contributions: Sequence, reached: set) -> None:
    for value, contribution in zip(values, contributions, strict=True):
        if contribution is not None and isinstance(value, Tensor) and value in reached:
            if isinstance(contribution, np.generic):  # numpy's operators return scalars for 0-d arrays
                contribution = np.asarray(contribution)
            grads[value] = contribution if value not in grads else call("add", grads[value], contribution)


def _custom_gradients(rule: CustomVJP, found: list) -> Sequence:
    if rule.takes_none:
        return rule.vjp(found, rule.outputs, *rule.inputs)
    pairs = zip(found, rule.outputs, strict=True)
    filled = [call("zeros_like", output) if gradient is None else gradient for gradient, output in pairs]
    return rule.vjp(filled, rule.outputs, *rule.inputs)


def _entry_gradients(entry: Entry, gradient: object, reached: set) -> Sequence:
    primitive = entry.primitive
    if primitive.vjps is None:
        return [None] * len(entry.inputs)
    if callable(primitive.vjps):
        return primitive.vjps(gradient, entry.output, *entry.inputs, **entry.params)
    contributions = []
    for value, vjp in zip(entry.inputs, primitive.vjps, strict=True):
        needed = vjp is not None and isinstance(value, Tensor) and value in reached
        needed = needed and is_differentiable(value.dtype)
        contributions.append(vjp(gradient, entry.output, *entry.inputs, **entry.params) if needed else None)
    return contributions
