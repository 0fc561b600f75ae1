"""Constant folding: values that depend on neither inputs nor variables are computed once, at plan time."""

from ...engine.dispatch import computed
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program, rewired, substituted, tensors


def fold_constants(program: Program) -> Program:
    """Replaces results of calls on constants by arrays."""
    known: dict[Tensor, object] = {}
    kept: list[Entry] = []
    for entry in program.entries:
        entry = rewired(entry, known)
        if entry.primitive.effect or tensors(entry.inputs):
            kept.append(entry)
        else:
            is_known = not entry.output.is_deferred
            known[entry.output] = (
                entry.output.array if is_known else computed(entry.primitive, entry.inputs, entry.params)
            )
    return program.replace(entries=kept, outputs=substituted(program.outputs, known))
