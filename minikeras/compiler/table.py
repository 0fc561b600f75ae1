"""A plan as a table."""

from collections.abc import Sequence

import numpy as np

from .instruction import Instruction


class Memory:
    """Names arrays by what they are part of.

    Args:
        inputs: The buffers that hold the data.
        outputs: The arrays that hold the results.
        variables: The paths and buffers of variables.
    """

    def __init__(self, inputs: Sequence, outputs: Sequence, variables: Sequence[tuple[str, np.ndarray]]):
        self._inputs, self._variables = inputs, variables
        self._outputs = [output for output in outputs if isinstance(output, np.ndarray)]
        self._buffers: dict[int, tuple[int, np.ndarray]] = {}  # by id; the array itself, so that its id stays its own

    def name_of(self, array: np.ndarray) -> str:
        """Returns the name of the buffer or variable that an array is a view of.

        Example:
            >>> memory = Memory([], [], [("dense/bias", bias := np.zeros(3))])
            >>> memory.name_of(bias[:2]), memory.name_of(np.zeros(2)), memory.name_of(np.zeros(2))
            ('variable dense/bias', 'buffer 0', 'buffer 1')
        """
        paths = [path for path, buffer in self._variables if np.may_share_memory(array, buffer)]
        if paths:
            return f"variable {paths[0]}" if len(paths) == 1 else f"{len(paths)} variables, {paths[0]} to {paths[-1]}"
        for number, buffer in enumerate(self._inputs):
            if np.may_share_memory(array, buffer):
                return f"input {number}"
        base = array
        while isinstance(base.base, np.ndarray):
            base = base.base
        number, _ = self._buffers.setdefault(id(base), (len(self._buffers), base))
        name = f"buffer {number}"
        return f"{name}, output" if any(np.may_share_memory(array, output) for output in self._outputs) else name


def table_of(instructions: Sequence[Instruction], memory: Memory) -> str:
    """Returns a table of instructions: the operation, layer, size and output location of each."""
    from tabulate import tabulate

    rows = [
        (
            number,
            each.op,
            each.layer or "",
            str(each.shape),
            str(each.dtype),
            each.bytes_read,
            each.bytes_written,
            memory.name_of(each.writes[-1]),
        )
        for number, each in enumerate(instructions)
    ]
    headers = ["", "op", "layer", "shape", "dtype", "bytes read", "bytes written", "result in"]
    return tabulate(rows, headers)
