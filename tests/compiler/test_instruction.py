"""Instructions and rebinding, without a program."""

from functools import partial

import numpy as np

from minikeras.compiler.instruction import Instruction, Rebinding


def test_sizes():
    a, b = np.zeros((2, 3), "float32"), np.zeros(4)
    instruction = Instruction("op", "layer", [a, b], [b, a], lambda: None)
    assert (instruction.shape, instruction.dtype) == ((2, 3), np.float32)
    assert (instruction.bytes_read, instruction.bytes_written) == (56, 56)


def test_views_are_taken_before_what_reads_them():
    out, factor = np.zeros(2), np.full(2, 10.0)
    rebinding = Rebinding(
        [([0], lambda arrays: arrays[0][1:], None), ([1, factor], lambda arrays: partial(np.multiply, *arrays, out), 1)]
    )
    calls = [None, None, None]
    rebinding.apply(calls, [np.array([1.0, 2.0, 3.0])])
    assert calls[0] is calls[2] is None
    calls[1]()
    assert out.tolist() == [20, 30]
