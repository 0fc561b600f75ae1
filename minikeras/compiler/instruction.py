"""Instructions: the calls that a plan makes, and how those that read the inputs are rebound to other arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(slots=True, eq=False)
class Instruction:
    """One call that a plan makes each time it runs.

    Attributes:
        op: The name of the operation, or of all operations that this call computes.
        layer: The path of the layer, optimizer or metric that it belongs to; None outside all.
        reads: The arrays that it reads.
        writes: The arrays that it writes, the result last.
        call: Makes the call.
        phase: The part of the step that it belongs to, see `engine.phases`.
    """

    op: str
    layer: str | None
    reads: list[np.ndarray]
    writes: list[np.ndarray]
    call: Callable[[], object]
    phase: str = "forward"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the result."""
        return self.writes[-1].shape

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the result."""
        return self.writes[-1].dtype

    @property
    def bytes_read(self) -> int:
        """The bytes of all arrays that it reads."""
        return sum(array.nbytes for array in self.reads)

    @property
    def bytes_written(self) -> int:
        """The bytes of all arrays that it writes."""
        return sum(array.nbytes for array in self.writes)


@dataclass(slots=True, eq=False)
class Rebinding:
    """Binds the instructions that read the inputs to other arrays; all other instructions are unchanged.

    Attributes:
        steps: In order, each step views an input, for later steps to use, or binds an instruction. It consists of the
            operands, as arrays or as indices of inputs and views; a function of the arrays; and the index of the
            instruction, or None for a view.
    """

    steps: list[tuple[list, Callable, int | None]] = field(default_factory=list)

    def apply(self, calls: list[Callable], buffers: Sequence[np.ndarray]) -> None:
        """Replaces the calls that read the inputs by calls that read these buffers."""
        arrays = list(buffers)
        for operands, function, index in self.steps:
            made = function([arrays[operand] if type(operand) is int else operand for operand in operands])
            if index is None:
                arrays.append(made)
            else:
                calls[index] = made
