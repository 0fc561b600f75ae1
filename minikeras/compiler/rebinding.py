"""Running a plan on data that lies elsewhere: the few instructions that read the inputs are made again."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry


class Follow:
    """Knows which instructions read the inputs, so that they can be made again for inputs elsewhere.

    Values that are views of the inputs are known by numbers; the inputs themselves have the first ones.
    """

    def __init__(self, inputs: Sequence[Tensor]):
        self._numbers: dict[Tensor, int] = {tensor: number for number, tensor in enumerate(inputs)}
        self._recipe: list[tuple] = []  # of (the entry's arrays or numbers, a function of the arrays, an index or None)

    def moves(self, value: object) -> bool:
        """Tells whether a value lies in the memory of the inputs."""
        return isinstance(value, Tensor) and value in self._numbers

    def note_view(self, entry: Entry, arrays: list[np.ndarray]) -> None:
        """Remembers how a view is taken, if it is one of an input."""
        if self.moves(entry.inputs[0]):
            self._note(entry.inputs, arrays, partial(_view, entry.primitive.kernel, entry.params), None)
            self._numbers[entry.output] = len(self._numbers)

    def note_call(self, values: Sequence, arrays: Sequence[np.ndarray], bind: Callable, index: int) -> None:
        """Remembers how an instruction is made, if it reads an input.

        Args:
            values: What it reads.
            arrays: Where that is.
            bind: Makes the instruction from such arrays.
            index: The number of the instruction.
        """
        if any(map(self.moves, values)):
            self._note(values, arrays, bind, index)

    def _note(self, values: Sequence, arrays: Sequence, function: Callable, index: int | None) -> None:
        numbers = self._numbers
        sources = [numbers.get(v, a) if isinstance(v, Tensor) else a for v, a in zip(values, arrays, strict=True)]
        self._recipe.append((sources, function, index))

    def forget_tensors(self) -> None:
        """Lets go of the tensors, when all is noted."""
        self._numbers.clear()

    def move(self, instructions: list[Callable], places: Sequence[np.ndarray]) -> None:
        """Replaces the instructions that read the inputs by those for inputs in other places."""
        moved = list(places)
        for sources, function, index in self._recipe:
            made = function([moved[source] if type(source) is int else source for source in sources])
            if index is None:
                moved.append(made)
            else:
                instructions[index] = made


def _view(kernel: Callable, params: dict, arrays: list[np.ndarray]) -> np.ndarray:
    return np.asarray(kernel(*arrays, **params))
