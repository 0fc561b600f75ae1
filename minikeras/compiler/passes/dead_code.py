"""Dead code elimination: drops entries that neither an output nor a side effect depends on."""

from ..program import Program, tensors


def eliminate_dead_code(program: Program) -> Program:
    """Drops the entries that nothing depends on; assignments to variables and random draws are kept."""
    needed = set(tensors(program.outputs))
    kept = []
    for entry in reversed(program.entries):
        if entry.primitive.effect or entry.output in needed:
            kept.append(entry)
            needed.update(tensors(entry.inputs))
    return program.replace(entries=kept[::-1])
