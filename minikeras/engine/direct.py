"""New values of variables that can be computed right into the variables."""

from collections.abc import Sequence

import numpy as np

from .tensor import Tensor
from .trace import Entry
from .variable import ASSIGN, Variable


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
    direct = {}
    for index, entry in enumerate(entries):
        if entry.primitive is not ASSIGN or not isinstance(entry.inputs[0], Tensor):
            continue
        value, variable = entry.inputs[0], entry.params["variable"]
        fits = value.dtype.name == variable.dtype and value in made_at and uses[value] == 1
        worth = value.array.size > 1 or made_at.get(value) in alike
        if not (fits and worth):
            continue
        maker, start = entries[made_at[value]], alike.get(made_at[value], made_at[value])
        if not maker.primitive.view and _untouched(entries[start:index], maker, variable):
            direct[value] = variable
    return direct


def _untouched(between: list[Entry], maker: Entry, variable: Variable) -> bool:
    for entry in between:
        for value in entry.inputs:
            if isinstance(value, Tensor) and np.may_share_memory(value.array, variable.buffer):
                same_place = value.array is variable.buffer
                if entry is not maker or not (maker.primitive.elementwise and same_place):
                    return False
        if entry.primitive is ASSIGN and entry.params["variable"] is variable:
            return False
    return True
