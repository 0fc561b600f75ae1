"""A program: a step on its way from a trace to a plan.

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
    """A step between two passes. Passes do not change a program, they return another one.

    Attributes:
        entries: What is computed, in order.
        inputs: The tensors that stand for the data.
        outputs: The values to deliver: tensors, or constants.
        variables: The tensors that stand for the value of a variable.
        locations: Where each value lives. This is the only record of it. Variables have their locations from the start;
            passes that need a value in a certain place put it there, and buffers are allocated for all others.
        groups: Small entries that are alike and independent of each other, side by side in `entries`.
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
        """Returns a program that differs in some attributes."""
        return replace(self, **changes)

    def all_variables(self) -> list[Variable]:
        """Returns the variables that are read or assigned to."""
        assigned = [entry.params["variable"] for entry in self.entries if entry.primitive is ASSIGN]
        return list(dict.fromkeys([*self.variables.values(), *assigned]))

    def storage(self) -> dict[Tensor, Tensor]:
        """Returns for each view the value whose memory it shows, which is no view itself."""
        storage: dict[Tensor, Tensor] = {}
        for entry in self.entries:
            if entry.primitive.view and isinstance(entry.inputs[0], Tensor):
                storage[entry.output] = storage.get(entry.inputs[0], entry.inputs[0])
        return storage


def tensors(values: Iterable) -> list[Tensor]:
    """Returns the tensors among values, which leaves out the constants."""
    return [value for value in values if isinstance(value, Tensor)]


def arrays_of(values: Iterable, locations: dict[Tensor, np.ndarray]) -> list[np.ndarray]:
    """Returns where values are; constants are themselves."""
    return [locations[value] if isinstance(value, Tensor) else value for value in values]


def substituted(values: Iterable, known: dict[Tensor, object]) -> tuple:
    """Returns values with those in place of tensors that are known to be the same."""
    return tuple(known.get(value, value) if isinstance(value, Tensor) else value for value in values)


def rewired(entry: Entry, known: dict[Tensor, object]) -> Entry:
    """Returns an entry that reads what its inputs are known to be the same as."""
    if known.keys().isdisjoint(tensors(entry.inputs)):
        return entry
    return replace(entry, inputs=substituted(entry.inputs, known))


def needs_no_call(entry: Entry, locations: dict[Tensor, np.ndarray]) -> bool:
    """Whether there is nothing to do for an entry: it is a view, or assigns what was computed into the variable."""
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
    """Returns the phase that entries belong to; all of them, in order, if there are several."""
    return ", ".join(dict.fromkeys(entry.phase for entry in entries))
