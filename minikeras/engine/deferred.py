"""Deferred traces: a step is recorded without being computed, so that even its first run is one of its plan.

Shape rules tell shapes and dtypes; the arrays of the values are never touched, so they take no memory. Once Python
looks at a value, or the step turns out not to be replayable, everything recorded so far is computed, and what follows
is computed at once, as in other traces.
"""

import weakref
from collections.abc import Callable, Sequence

import numpy as np

from .dispatch import computed
from .dtypes import array_dtype, dtype_of
from .primitive import Primitive, Spec
from .tensor import Tensor
from .trace import BodyTrace, Entry, Trace, current_trace, defer_in_this_thread
from .variable import ASSIGN, Variable, perform_assign


def deferred_result(trace: Trace, primitive: Primitive, operands: Sequence, params: dict) -> Tensor | None:
    """Returns the tensor of a result that is not computed yet; None if its shape depends on values.

    Args:
        trace: The trace that it belongs to.
        primitive: What computes it.
        operands: Traced values and arrays.
        params: The parameters of the primitive.
    """
    forms = [value.form if isinstance(value, Tensor) else value for value in operands]
    if primitive.view:
        return Tensor(np.asarray(primitive.kernel(*forms, **params)), trace, is_deferred=True)
    specs = [Spec(form.shape, dtype_of(form)) for form in forms]
    if primitive.computes:
        primitive.check_dtypes(*[spec.dtype for spec in specs])
    shape, dtype = primitive.shape(*specs, **params)
    return None if None in shape else Tensor(np.empty(shape, array_dtype(dtype)), trace, is_deferred=True)


class DeferredTrace(Trace):
    """A trace whose values are not computed until they are needed.

    Attributes:
        is_deferring: Whether nothing was computed so far.
        bodies: The traces of the loop bodies in it, which refer to its tensors.
    """

    def __init__(self):
        super().__init__()
        self.is_deferring = True
        self.bodies: list[DeferredBodyTrace] = []

    def __enter__(self) -> "DeferredTrace":
        super().__enter__()
        defer_in_this_thread(self)
        return self

    def __exit__(self, *exception: object) -> None:
        defer_in_this_thread(None)
        super().__exit__(*exception)

    def defer(self, primitive: Primitive, operands: tuple, params: dict) -> Tensor | None:
        """Returns the tensor of a result without computing it; None if it is computed now."""
        if not self.is_deferring:
            return None
        if primitive.view or primitive.effect:  # views of variables; the global seed is renewed
            if not any(isinstance(value, Tensor) and value.is_deferred for value in operands):
                return None
        return deferred_result(self, primitive, operands, params)

    def note_assignment(self, variable: Variable) -> bool:
        """Returns whether an assignment that is being recorded is made later."""
        if self.is_deferring:
            self.assigned[variable] = True
        return self.is_deferring

    def materialize(self) -> None:
        """Computes all values, and makes all assignments, in order."""
        if not self.is_deferring:
            return
        self.is_deferring = False
        self.assigned.clear()
        for tensors in self.past_reads.values():
            for tensor in tensors:
                tensor.is_deferred = False  # each has the value of the variable while its entries are computed
        for entry in self.entries:
            if entry.primitive is ASSIGN:
                perform_assign(self, entry.params["variable"], entry.inputs[0])
            elif entry.output.is_deferred:
                entry.output.form = computed(entry.primitive, entry.inputs, entry.params)
                entry.output.is_deferred = False

    def released(self, outputs: Sequence) -> tuple["DeferredTrace", list, list]:
        """Moves what was recorded to a twin with tensors of its own, which nothing else refers to.

        Args:
            outputs: The values that the step returns.

        Returns:
            The twin, its outputs, and pairs of a weak reference to a deferred tensor and the tensor of the twin. A
            reference is alive if something outside of the trace, such as a list of the user, has kept the tensor.
        """
        twin, twins = DeferredTrace(), {}

        def of(value: object) -> object:
            if not isinstance(value, Tensor):
                return value
            if value not in twins:
                twins[value] = Tensor(value.form, twin, value.is_deferred)
            return twins[value]

        for entry in self.entries:
            inputs = tuple(map(of, entry.inputs))
            twin.entries.append(Entry(entry.primitive, inputs, entry.params, of(entry.output)))
        twin.past_reads = {variable: list(map(of, reads)) for variable, reads in self.past_reads.items()}
        twin.assigned = dict(self.assigned)
        found = list(map(of, outputs))
        for body in self.bodies:
            body.captures.clear()
        references = [(weakref.ref(tensor), other) for tensor, other in twins.items() if tensor.is_deferred]
        self.clear()
        return twin, found, references

    def save_assigned(self) -> None:
        """Copies the variables that the step assigns to, for `undo`."""
        for variable in self.assigned:
            self.overwritten[variable] = variable.buffer.copy()

    def block_replay(self, what: str) -> None:
        """Records that Python reads a value, for which all are computed."""
        if self.active:
            self.materialize()
        super().block_replay(what)


class ValuesNeededError(BaseException):
    """A deferred body cannot be recorded by shapes alone; whoever records it does so again, on values.

    It is no `Exception`, so that no `except Exception` of a user's function swallows it.
    """


class DeferredBodyTrace(BodyTrace):
    """The trace of a body that is recorded by shapes alone, inside of a deferred trace.

    Args:
        where: The name of the op that runs the body, for error messages.
    """

    def __init__(self, where: str):
        super().__init__(where)
        self._outermost.bodies.append(self)

    def _run_outer(self) -> None:
        pass  # the body needs no values

    def capture(self, value: Tensor, tensor: Callable) -> Tensor:
        """Returns the tensor of a value from outside."""
        if value not in self.captures:
            self.captures[value] = tensor(value.form, self, is_deferred=True)
        return self.captures[value]

    def defer(self, primitive: Primitive, operands: tuple, params: dict) -> Tensor | None:
        """Returns the tensor of a result."""
        if primitive.effect:
            self.materialize()
        return deferred_result(self, primitive, operands, params)

    def materialize(self) -> None:
        """Gives up, since a body has no values.

        Raises:
            ValuesNeededError: Always.
        """
        raise ValuesNeededError


def deferring_trace() -> DeferredTrace | None:
    """Returns the trace that records in this thread if it is deferred and nothing in it was computed so far."""
    trace = current_trace()
    return trace if isinstance(trace, DeferredTrace) and trace.is_deferring else None
