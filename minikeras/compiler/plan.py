"""A plan: a trace compiled for replay on new data of the same shapes.

`pipeline` turns the trace into a list of calls without arguments; a plan runs them, on its own buffers or on others.
"""

import weakref
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.tensor import Tensor
from ..engine.trace import Trace
from .pipeline import compile_trace
from .program import arrays_of
from .table import Memory, table_of
from .threads.blas_threads import on_one_thread

_ONE_THREAD = 4096  # elements: products of smaller arrays are computed on one thread by any BLAS


class Plan:
    """A step that can be replayed. Printed, it is a table of its instructions.

    Args:
        trace: The recorded step; it must not have a replay blocker.
        inputs: The tensors of the input data.
        outputs: The values to return.
        structure: How `results` nests them.

    Attributes:
        inputs: The buffers to copy new data into before `run`.
        outputs: The arrays that hold the results after `run`, until the next `run`.
        instructions: The instructions of `run`, in order, with operation names and array sizes.
        calls: The calls of the instructions; these are what `run` makes.
        variables: The paths and buffers of the variables that the plan reads or assigns to.
        threading: Decides whether large products are computed on several threads.
        run: Computes the step on what is in `inputs`.
        was_run: Whether `note_run` was ever called.
    """

    def __init__(self, trace: Trace, inputs: Sequence[Tensor], outputs: Sequence, structure: Any = None):
        program = compile_trace(trace, inputs, outputs)
        self.was_run = False
        self._trace = weakref.ref(trace)
        self._structure = structure
        self.inputs = arrays_of(program.inputs, program.locations)
        self.outputs = arrays_of(program.outputs, program.locations)
        self.instructions = program.instructions
        self.calls: list[Callable] = [instruction.call for instruction in self.instructions]
        self.variables = [(variable.path, variable.buffer) for variable in program.all_variables()]
        self.threading = program.threading
        arrays = [array for each in self.instructions for array in (*each.reads, *each.writes)]
        self._is_small = all(array.size <= _ONE_THREAD for array in arrays)
        self._rebinding = program.rebinding
        self._context = copy_context()
        self._context.run(np.seterr, all="ignore")
        self.run = self._silent(self.calls)
        self._rebound = list(self.calls)
        self._run_rebound = self._silent(self._rebound)

    def __repr__(self) -> str:
        return f"<Plan of {len(self.instructions)} instructions>"

    def __str__(self) -> str:
        return table_of(self.instructions, Memory(self.inputs, self.outputs, self.variables))

    @property
    def names(self) -> list[str]:
        """The operation of each instruction."""
        return [instruction.op for instruction in self.instructions]

    def note_run(self) -> None:
        """Records that the plan runs, which makes the traced values those of an earlier step."""
        self.was_run = True
        trace = self._trace()
        if trace is not None:
            trace.outdated = True

    def bind_to(self, buffers: Sequence[np.ndarray]) -> Callable[[], None]:
        """Returns a call that runs the step on these buffers instead of `inputs`, rebinding only once, here."""
        if self._rebinding is None:
            return partial(self._copy_and_run, buffers)
        calls = list(self.calls)
        self._rebinding.apply(calls, buffers)
        return self._silent(calls)

    def run_on(self, buffers: Sequence[np.ndarray]) -> None:
        """Runs the step on these buffers instead of `inputs`, once."""
        if self._rebinding is None:
            self._copy_and_run(buffers)
        else:
            self._rebinding.apply(self._rebound, buffers)
            self._run_rebound()

    def _copy_and_run(self, buffers: Sequence[np.ndarray]) -> None:
        for own, array in zip(self.inputs, buffers, strict=True):
            np.copyto(own, array)
        self.run()

    def _silent(self, calls: list[Callable]) -> Callable[[], None]:
        """Returns a function that makes the calls without numpy's warnings, on one BLAS thread.

        Entering `np.errstate` costs as much as five small instructions; a context is made once.
        """

        def run() -> None:
            for call in calls:
                call()

        silent = partial(self._context.run, run)
        if self.threading.is_used:
            silent = partial(self.threading.timed, silent)
        return silent if self._is_small else on_one_thread(silent)

    def timed(self, repeats: int, clock: Callable[[], float] = perf_counter) -> tuple[list[float], float]:
        """Runs and times the step on the data in `inputs`, then restores the variables.

        Args:
            repeats: The number of runs, besides a warm-up.
            clock: Returns the time in seconds.

        Returns:
            The median seconds of each instruction, and those of the whole step without the clock between them.
        """
        before = [buffer.copy() for _, buffer in self.variables]
        times: list[list[float]] = [[] for _ in self.calls]
        wholes: list[float] = []
        run_timed = self._silent([partial(_timed, clock, *pair) for pair in zip(self.calls, times, strict=True)])
        try:
            for _ in range(repeats + 1):
                for run in (run_timed, partial(_timed, clock, self.run, wholes)):
                    run()
                    for (_, buffer), value in zip(self.variables, before, strict=True):
                        np.copyto(buffer, value)
        finally:
            for (_, buffer), value in zip(self.variables, before, strict=True):
                np.copyto(buffer, value)
        nothing: list[float] = []
        for _ in range(repeats):
            _timed(clock, _nothing, nothing)
        seconds = [max(0.0, float(np.median(each[1:]) - np.median(nothing))) for each in times]
        return seconds, float(np.median(wholes[1:]))

    def results(self) -> Any:
        """Returns the outputs of the last run, nested as the step nests them."""
        if self._structure == 0:
            return self.outputs[0]
        return tree.pack_like(self._structure, self.outputs)


def _timed(clock: Callable[[], float], call: Callable[[], object], times: list[float]) -> None:
    start = clock()
    call()
    times.append(clock() - start)


def _nothing() -> None:
    pass
