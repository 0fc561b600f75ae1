"""New values of variables that can be computed right into the variables."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry
from ..engine.variable import ASSIGN, Variable


def direct_updates(entries: list[Entry], outputs: Sequence, alike: dict[int, int]) -> dict[Tensor, Variable]:
    """Finds the values that can be computed right into the variable they are assigned to.

    That is so when the assignment is the value's only use and nobody in between needs what the
    variable held before.

    Args:
        entries: The calls.
        outputs: The values to deliver.
        alike: For calls that may become one call, where that one would be.
    """
    made_at = {entry.output: index for index, entry in enumerate(entries) if entry.output is not None}
    uses: dict[Tensor, int] = {}
    for entry in entries:
        for value in entry.inputs:
            if isinstance(value, Tensor):
                uses[value] = uses.get(value, 0) + 1
    for value in outputs:
        if isinstance(value, Tensor):
            uses[value] = uses.get(value, 0) + 1
    touches = _Touches(entries)
    direct = {}
    for index, entry in enumerate(entries):
        if entry.primitive is not ASSIGN or not isinstance(entry.inputs[0], Tensor):
            continue
        value, variable = entry.inputs[0], entry.params["variable"]
        fits = value.dtype.name == variable.dtype and value in made_at and uses[value] == 1
        worth = value.array.size > 1 or made_at.get(value) in alike
        if not (fits and worth):
            continue
        maker, start = made_at[value], alike.get(made_at[value], made_at[value])
        if not entries[maker].primitive.view and touches.none_between(start, index, maker, variable):
            direct[value] = variable
    return direct


class _Touches:
    """Which calls read the memory of a variable or assign to it: looked up, since deep models have many of both."""

    def __init__(self, entries: list[Entry]):
        self._entries = entries
        assigned = {entry.params["variable"]: None for entry in entries if entry.primitive is ASSIGN}
        # By address; no two variables share memory, and those without elements have none.
        sized = [variable for variable in assigned if variable.size]
        self._variables = sorted(sized, key=lambda variable: _bounds(variable.buffer)[0])
        self._starts = [_bounds(variable.buffer)[0] for variable in self._variables]
        self._places: dict[Variable, list[int]] = {variable: [] for variable in assigned}
        for index, entry in enumerate(entries):
            for variable in self._touched(entry):
                self._places[variable].append(index)

    def _touched(self, entry: Entry) -> Iterator[Variable]:
        if entry.primitive is ASSIGN:
            yield entry.params["variable"]
        for value in entry.inputs:
            if isinstance(value, Tensor):
                low, high = _bounds(value.array)
                place = bisect_left(self._starts, high) - 1
                while place >= 0 and np.may_share_memory(value.array, self._variables[place].buffer):
                    yield self._variables[place]
                    place -= 1

    def none_between(self, start: int, stop: int, maker: int, variable: Variable) -> bool:
        """Whether none of the calls from `start` to before `stop` needs what a variable held before.

        Args:
            start: The first call.
            stop: The call after the last.
            maker: The one that makes the new value; it may read the old one if it does so element by element.
            variable: The variable.
        """
        places = self._places[variable]
        for index in places[bisect_left(places, start) : bisect_left(places, stop)]:
            entry = self._entries[index]
            if index != maker or not entry.primitive.elementwise:
                return False
            for value in entry.inputs:
                touches = isinstance(value, Tensor) and np.may_share_memory(value.array, variable.buffer)
                if touches and value.array is not variable.buffer:
                    return False
        return True


def _bounds(array: np.ndarray) -> tuple[int, int]:
    """Returns the address of the first byte of an array, and the one after its last."""
    low = high = array.__array_interface__["data"][0]
    if array.size:
        for size, stride in zip(array.shape, array.strides, strict=True):
            low, high = low + min(0, (size - 1) * stride), high + max(0, (size - 1) * stride)
        high += array.itemsize
    return low, high
