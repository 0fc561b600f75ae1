"""Dead code elimination: what neither an output nor an effect depends on is not computed."""

from ..program import Program, tensors


def eliminate_dead_code(program: Program) -> Program:
    """Drops the entries that nothing needs; assignments to variables and random draws stay."""
    needed = set(tensors(program.outputs))
    kept = []
    for entry in reversed(program.entries):
        if entry.primitive.effect or entry.output in needed:
            kept.append(entry)
            needed.update(tensors(entry.inputs))
    return program.replace(entries=kept[::-1])
