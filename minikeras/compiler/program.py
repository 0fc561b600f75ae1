"""A program: the intermediate representation between a trace and a plan.

It starts as the entries of a trace; each pass of `pipeline` takes one program and returns another, until every value
has its location in memory and every entry its instruction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry, Trace
from ..engine.variable import ASSIGN, Variable
from .instruction import Instruction, Rebinding
from .threads.parallel_products import Threading


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A step between two passes. It is immutable: a pass returns a new program.

    Attributes:
        entries: The entries, in order.
        inputs: The tensors of the input data.
        outputs: The values to return: tensors, or constants.
        variables: The tensors that are the value of a variable.
        locations: The array that holds each value, recorded nowhere else. Variables have their locations from the
            start; passes may assign others, and all remaining values are allocated buffers.
        groups: Groups of small, independent entries of the same kind, adjacent in `entries`.
        tiles: Runs of elementwise entries on large arrays that are computed tile by tile.
        instructions: The calls that compute the entries.
        rebinding: How the instructions that read the inputs are bound to other arrays.
        threading: Decides whether large products are computed on several threads.
    """

    entries: list[Entry]
    inputs: Sequence[Tensor]
    outputs: Sequence
    variables: dict[Tensor, Variable] = field(default_factory=dict)
    locations: dict[Tensor, np.ndarray] = field(default_factory=dict)
    groups: list[list[Entry]] = field(default_factory=list)
    tiles: list[list[Entry]] = field(default_factory=list)
    instructions: list[Instruction] = field(default_factory=list)
    rebinding: Rebinding | None = None
    threading: Threading | None = None

    @classmethod
    def of(cls, trace: Trace, inputs: Sequence[Tensor], outputs: Sequence) -> "Program":
        """Returns the program of a trace as it was recorded."""
        variables = {tensor: variable for variable, tensors in trace.past_reads.items() for tensor in tensors}
        locations = {tensor: variable.buffer for tensor, variable in variables.items()}
        return cls(list(trace.entries), inputs, outputs, variables, locations)

    def replace(self, **changes: object) -> "Program":
        """Returns a copy with some attributes replaced."""
        return replace(self, **changes)

    def all_variables(self) -> list[Variable]:
        """Returns the variables that are read or assigned to."""
        assigned = [entry.params["variable"] for entry in self.entries if entry.primitive is ASSIGN]
        return list(dict.fromkeys([*self.variables.values(), *assigned]))

    def storage(self) -> dict[Tensor, Tensor]:
        """Returns for each view its base: the value whose memory it shares, which is not a view itself."""
        storage: dict[Tensor, Tensor] = {}
        for entry in self.entries:
            if entry.primitive.view and isinstance(entry.inputs[0], Tensor):
                storage[entry.output] = storage.get(entry.inputs[0], entry.inputs[0])
        return storage


def tensors(values: Iterable) -> list[Tensor]:
    """Returns the tensors among values, without the constants."""
    return [value for value in values if isinstance(value, Tensor)]


def arrays_of(values: Iterable, locations: dict[Tensor, np.ndarray]) -> list[np.ndarray]:
    """Returns the arrays that hold values; a constant is its own array."""
    return [locations[value] if isinstance(value, Tensor) else value for value in values]


def substituted(values: Iterable, known: dict[Tensor, object]) -> tuple:
    """Returns values, with tensors replaced by those known to be equal."""
    return tuple(known.get(value, value) if isinstance(value, Tensor) else value for value in values)


def rewired(entry: Entry, known: dict[Tensor, object]) -> Entry:
    """Returns an entry with its inputs replaced by values known to be equal."""
    if known.keys().isdisjoint(tensors(entry.inputs)):
        return entry
    return replace(entry, inputs=substituted(entry.inputs, known))


def needs_no_call(entry: Entry, locations: dict[Tensor, np.ndarray]) -> bool:
    """Whether an entry needs no call: it is a view, or assigns a value that was computed in the variable's buffer."""
    if entry.primitive is ASSIGN:
        return isinstance(entry.inputs[0], Tensor) and locations[entry.inputs[0]] is entry.params["variable"].buffer
    return entry.primitive.view and np.may_share_memory(locations[entry.output], locations[entry.inputs[0]])


def common_layer(entries: Iterable[Entry]) -> str | None:
    """Returns the path of the innermost layer that all entries belong to; None if there is none."""
    common, *others = [(entry.layer or "").split("/") for entry in entries]
    for names in others:
        while names[: len(common)] != common:
            common = common[:-1]
    return "/".join(common) or None


def common_phase(entries: Iterable[Entry]) -> str:
    """Returns the phase of the entries; all phases, in order, if there are several."""
    return ", ".join(dict.fromkeys(entry.phase for entry in entries))
