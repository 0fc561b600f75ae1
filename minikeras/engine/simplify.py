"""What a plan leaves out of a trace: calls whose result is known already, and calls nobody needs."""

from collections.abc import Sequence

import numpy as np

from .tensor import Tensor
from .trace import Entry, Trace

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
    kept = []
    for entry in entries:
        inputs = tuple(merged.get(value, value) if isinstance(value, Tensor) else value for value in entry.inputs)
        if not entry.primitive.effect:
            key = (entry.primitive, tuple(map(_input_key, inputs)), _params_key(entry.params))
            if key in first:
                merged[entry.output] = first[key]
                continue
            first[key] = entry.output
        kept.append(Entry(entry.primitive, inputs, entry.params, entry.output))
    return kept


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
