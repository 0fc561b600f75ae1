"""Programs of small steps, for the tests of the passes."""

import numpy as np

from minikeras.compiler.program import Program
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace


def program_of(function, *arrays):
    """Returns the program of a function of traced values, as it was recorded.

    Args:
        function: Returns one value or a list of values.
        *arrays: What it is traced with.
    """
    with Trace() as trace:
        inputs = [Tensor(np.asarray(array), trace) for array in arrays]
        outputs = function(*inputs)
    outputs = outputs if isinstance(outputs, list) else [] if outputs is None else [outputs]
    return Program.of(trace, inputs, outputs)


def names(program):
    """Returns the names of the entries of a program, in order."""
    return [entry.primitive.name for entry in program.entries]


def after(program, *passes):
    """Returns a program after some passes."""
    for apply_pass in passes:
        program = apply_pass(program)
    return program
