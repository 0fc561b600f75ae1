"""What a plan leaves out of a trace: calls whose result is known already, and calls nobody needs."""

import math
from collections.abc import Sequence

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry, Trace

_SMALL = 64  # constants up to this many bytes are compared by value


def simplify(trace: Trace, outputs: Sequence) -> tuple[list[Entry], list]:
    """Merges equal calls and drops unused ones.

    Args:
        trace: The recorded step.
        outputs: The values the plan has to deliver.

    Returns:
        The entries that remain, in order, and the outputs in terms of them.
    """
    merged: dict[Tensor, Tensor] = {}
    entries = _merge_equal(trace.entries, merged)
    outputs = [merged.get(value, value) if isinstance(value, Tensor) else value for value in outputs]
    return _drop_unused(entries, outputs), outputs


def _merge_equal(entries: list[Entry], merged: dict) -> list[Entry]:
    first: dict[tuple, Tensor] = {}
    made: dict[Tensor, Entry] = {}
    kept = []
    for entry in entries:
        inputs = tuple(merged.get(value, value) if isinstance(value, Tensor) else value for value in entry.inputs)
        if not entry.primitive.effect:
            key = (entry.primitive, tuple(map(_input_key, inputs)), _params_key(entry.params))
            if key in first:
                merged[entry.output] = first[key]
                continue
            first[key] = entry.output
        simpler = Entry(entry.primitive, inputs, entry.params, entry.output)
        cancelled = _without_division(simpler, made)
        if cancelled is not None:
            merged[entry.output] = cancelled
            continue
        if entry.output is not None:
            made[entry.output] = simpler
        kept.append(simpler)
    return kept


def _without_division(entry: Entry, made: dict[Tensor, Entry]) -> Tensor | None:
    """Returns x for x / c * c, if c is a power of two: then the division loses nothing.

    A loss is divided by the size of the batch, and multiplied by it in the mean of the epoch.
    """
    if entry.primitive.kernel is not np.multiply:
        return None
    value, factor = entry.inputs
    divided = made.get(value) if isinstance(value, Tensor) else None
    while divided is not None and divided.primitive.name == "stop_gradient":
        divided = made.get(divided.inputs[0])
    if divided is None or divided.primitive.kernel is not np.true_divide or not isinstance(factor, np.ndarray):
        return None
    whole, divisor = divided.inputs
    if not isinstance(whole, Tensor) or not isinstance(divisor, np.ndarray) or divisor.size != 1 or factor.size != 1:
        return None
    number = float(divisor.reshape(()))
    # Up to here, no number that a loss has is rounded on the way to the smallest floats.
    is_exact = number == float(factor.reshape(())) and 1 <= number <= 2**20 and math.frexp(number)[0] == 0.5
    alike = whole.shape == entry.output.shape and whole.dtype == entry.output.dtype
    return whole if is_exact and alike and whole.dtype.kind == "f" else None


def _input_key(value: object) -> object:
    if isinstance(value, np.ndarray):
        if value.nbytes <= _SMALL:
            return (value.dtype.str, value.shape, value.tobytes())
        return id(value)
    return value


def _params_key(params: dict) -> object:
    # Slices are unhashable before Python 3.12, and 1 == 1.0 == True; the text form has neither problem.
    return tuple((name, repr(value), type(value)) for name, value in sorted(params.items()))


def _drop_unused(entries: list[Entry], outputs: list) -> list[Entry]:
    needed = {value for value in outputs if isinstance(value, Tensor)}
    kept = []
    for entry in reversed(entries):
        if entry.primitive.effect or entry.output in needed:
            kept.append(entry)
            needed.update(value for value in entry.inputs if isinstance(value, Tensor))
    kept.reverse()
    return kept
