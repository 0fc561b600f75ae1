"""Binding: each entry becomes a call without arguments, bound to the arrays that it reads and writes."""

from collections.abc import Callable
from functools import partial

import numpy as np

from ...engine.primitive import copying
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ...engine.variable import ASSIGN
from ..instruction import Instruction, Rebinding
from ..program import Program, arrays_of, common_layer, common_phase, needs_no_call
from ..threads.parallel_products import Threading
from .tiling import address, bind_tiles


def bind(program: Program) -> Program:
    """Creates the instructions, and records how those that read the inputs are rebound to other arrays."""
    locations = program.locations
    run_of = {entry: run for run in program.tiles for entry in run}
    instructions: list[Instruction] = []
    numbers: dict[Tensor, int] = {tensor: number for number, tensor in enumerate(program.inputs)}
    rebinding, threading = Rebinding(), Threading()
    for entry in program.entries:
        if entry in run_of:
            if entry is run_of[entry][0]:
                instructions.append(_tiled(run_of[entry], locations))
            continue
        arrays = arrays_of(entry.inputs, locations)
        operands = [
            numbers.get(v, a) if isinstance(v, Tensor) else a for v, a in zip(entry.inputs, arrays, strict=True)
        ]
        reads_inputs = any(type(operand) is int for operand in operands)
        if not needs_no_call(entry, locations):
            out, binder = _binder(entry, locations)
            if entry.primitive.name == "matmul":
                binder = threading.binder(binder, arrays, out)
            if reads_inputs:
                rebinding.steps.append((operands, binder, len(instructions)))
            instructions.append(
                Instruction(entry.primitive.name, entry.layer, arrays, [out], binder(arrays), entry.phase)
            )
        elif reads_inputs:
            rebinding.steps.append((operands, partial(_view, entry.primitive.kernel, entry.params), None))
            numbers[entry.output] = len(numbers)
    is_rebindable = not any(isinstance(value, Tensor) and value in numbers for value in program.outputs)
    return program.replace(
        instructions=instructions, rebinding=rebinding if is_rebindable else None, threading=threading
    )


def _binder(entry: Entry, locations: dict[Tensor, np.ndarray]) -> tuple[np.ndarray, Callable]:
    """Returns the output array of an entry, and a function that binds the entry to its input arrays."""
    if entry.primitive is ASSIGN:
        buffer = entry.params["variable"].buffer
        return buffer, partial(_assignment, buffer)
    out = locations[entry.output]
    return out, entry.primitive.binder(out, entry.params)


def _assignment(buffer: np.ndarray, arrays: list[np.ndarray]) -> Callable[[], None]:
    return copying(buffer, arrays[0])


def _view(kernel: Callable, params: dict, arrays: list[np.ndarray]) -> np.ndarray:
    return np.asarray(kernel(*arrays, **params))


def _tiled(entries: list[Entry], locations: dict[Tensor, np.ndarray]) -> Instruction:
    """Returns the single instruction that computes a run of tiled entries."""
    name = ", ".join(entry.primitive.name for entry in entries) + " (tiled)"
    reads: dict[int, np.ndarray] = {}
    writes: dict[int, np.ndarray] = {}
    for entry in entries:
        for array in arrays_of(entry.inputs, locations):
            if address(array) not in writes:
                reads.setdefault(address(array), array)
        out = locations[entry.output]
        writes[address(out)] = writes.pop(address(out), out)
    size = entries[0].output.size
    kept = [array for array in writes.values() if array.size == size]  # the others are tile-local
    return Instruction(
        name, common_layer(entries), list(reads.values()), kept, bind_tiles(entries, locations), common_phase(entries)
    )
