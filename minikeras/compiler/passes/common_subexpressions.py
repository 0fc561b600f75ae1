"""Common subexpression elimination: equal calls on equal values are made only once."""

import numpy as np

from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program, rewired, substituted

_SMALL = 64  # bytes: constants up to this size are compared by value, larger ones by identity


def eliminate_common_subexpressions(program: Program) -> Program:
    """Merges equal calls, including those on merged values. Calls with side effects, such as random draws, are kept."""
    first: dict[tuple, Tensor] = {}
    merged: dict[Tensor, object] = {}
    kept: list[Entry] = []
    for entry in program.entries:
        entry = rewired(entry, merged)
        if not entry.primitive.effect:
            key = (entry.primitive, tuple(map(_value_key, entry.inputs)), _params_key(entry.params))
            if key in first:
                merged[entry.output] = first[key]
                continue
            first[key] = entry.output
        kept.append(entry)
    return program.replace(entries=kept, outputs=substituted(program.outputs, merged))


def _value_key(value: object) -> object:
    if isinstance(value, np.ndarray):
        return (value.dtype, value.shape, value.tobytes()) if value.nbytes <= _SMALL else id(value)
    return value


def _params_key(params: dict) -> object:
    # Slices are unhashable before Python 3.12, and 1 == 1.0 == True; the text form has neither problem.
    return tuple((name, repr(value), type(value)) for name, value in sorted(params.items()))
