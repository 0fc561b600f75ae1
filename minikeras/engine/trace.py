"""A trace: the flat list of the primitives that ran, each with its inputs and its output.

While a trace is open, primitives applied to traced values are recorded in it. Everything a training
step does (forward pass, loss, backward pass, optimizer, metrics, random draws) ends up in one list, which
`gradients` walks backwards and `Plan` compiles for replay. A gradient tape outside any step opens
an eager trace: it is walked backwards too, but never replayed, so Python may read its values.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..errors import TraceError, brief, user_frame
from .naming import current_path
from .phases import current_phase
from .primitive import Primitive


class _State(threading.local):
    trace: "Trace | None" = None  # on the class: the attribute of a thread without one would be searched in vain
    deferred: "Trace | None" = None  # the open trace that defers what it records, also while tracing is paused


_state = _State()


@dataclass(slots=True, eq=False)
class Entry:
    """One recorded call of a primitive."""

    primitive: Primitive
    inputs: tuple  # of Tensor and np.ndarray (constants)
    params: dict
    output: object  # a Tensor, or None for a call with only a side effect
    layer: str | None = None  # the path of the layer, optimizer or metric that it belongs to; None outside all
    phase: str = "forward"  # the part of the step that it belongs to, see `engine.phases`


@dataclass(slots=True, eq=False)
class CustomVJP:
    """A range of entries with a custom gradient rule (vector-Jacobian product), e.g. softmax.

    Intermediate values may be used outside the range; from there, gradients are computed as usual.
    """

    inputs: tuple
    outputs: tuple  # of Tensor, the last of them the output of the last entry
    vjp: Callable  # (gradients, outputs, *inputs) -> gradients of the inputs
    takes_none: bool = False  # whether gradients of unused outputs are None instead of zeros
    optional: bool = False  # whether the entries have the same gradients on their own, only slower


@dataclass(eq=False)
class Trace:
    """Records primitives between `with Trace() as trace:` and the end of the block.

    Args:
        eager: It is never replayed. Reads of variables are copies, which keep their value when the variable changes.
        replayed: It is to be replayed. Otherwise its values may be used in later traces, as constants.
        differentiated: Gradients may be asked for. Otherwise no values are dropped to be computed again for them.
        records_numpy: Whether numpy's functions are recorded as ops when applied to traced values; if not, they
            return arrays, as under TensorFlow's tapes.

    Attributes:
        entries: The recorded calls, in order.
        custom_vjps: By the index of their last entry, the ranges with a gradient rule of their own.
        reads: By variable, the tensor of its current value.
        past_reads: By variable, the tensors of all values that it has had in this trace.
        aliases: By variable, the tensors that share its buffer.
        logits: By output of a softmax or sigmoid: the name of the activation, its logits, the axes it normalizes over.
        overwritten: By variable that was assigned to, its previous value.
        assigned: The variables that will be assigned to, as dict keys: the assignments are deferred.
        watched: By the id of an array: the array, and its tensors, one for each value it had.
        replay_blocker: Why the trace cannot be replayed; None if it can.
        remedy: How to make it replayable; None for the default advice.
        outdated: Its plan has run since, so its values are those of an earlier step.
        tapes: The number of gradient tapes that use this trace.
        owned: By the id of an array: the array, and a copy of what it was when it was last used.
        captures: In the trace of a body, by captured value: its tensor. None in all other traces.
        unrolls: Loops with a condition are recorded iteration by iteration, which has derivatives of any order.
    """

    eager: bool = False
    replayed: bool = True
    records_numpy: bool = True
    entries: list[Entry] = field(default_factory=list)
    custom_vjps: dict[int, CustomVJP] = field(default_factory=dict)
    reads: dict = field(default_factory=dict)
    past_reads: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)
    logits: dict = field(default_factory=dict)
    overwritten: dict = field(default_factory=dict)
    assigned: dict = field(default_factory=dict)
    watched: dict[int, tuple] = field(default_factory=dict)
    owned: dict[int, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    replay_blocker: str | None = None
    remedy: str | None = None
    outdated: bool = False
    tapes: int = 0
    captures: dict | None = None
    unrolls: bool = False
    active: bool = False
    differentiated: bool = True

    def __enter__(self) -> "Trace":
        self._outer = current_trace()
        if self._outer is not None and not self._outer.eager:
            raise TraceError("A trace was opened inside another one. Record into the open one instead.")
        self.active = True
        _state.trace = self
        return self

    def __exit__(self, *exception: object) -> None:
        _state.trace = self._outer
        self.active = False

    def record(self, primitive: Primitive, inputs: tuple, params: dict, output: object) -> None:
        """Appends an entry for a call that was made; it belongs to the open phase and the layer whose scope is open."""
        self.entries.append(Entry(primitive, inputs, params, output, current_path() or None, current_phase()))

    def own(self, array: np.ndarray) -> np.ndarray:
        """Returns an array as a constant of the trace: a copy, if Python may change it before it is used again."""
        if not array.flags.writeable:
            return array
        known = self.owned.get(id(array))
        if known is not None and known[1] is array:
            return array
        if known is None or not np.array_equal(*known, equal_nan=array.dtype.kind in "fc"):
            copy = array.copy()
            known = self.owned[id(array)] = array, copy
            self.owned[id(copy)] = copy, copy  # gradient rules use it again, and calls on the same array are merged
        return known[1]

    def defer(self, primitive: Primitive, operands: tuple, params: dict) -> object:
        """Returns the tensor of a result that is computed later; None: it is computed now."""
        return None

    def materialize(self) -> None:
        """Computes what was deferred."""

    def check_control_flow(self, primitive: Primitive) -> None:
        """Raises an error if a loop or a branch, which is about to run on traced values, cannot be recorded."""

    def note_assignment(self, variable: object) -> bool:
        """Returns whether an assignment that is being recorded is made later."""
        return False

    def read_of(self, variable: object) -> object:
        """Returns the tensor of a variable's current value; None if there is none yet."""
        tensor = self.reads.get(variable)
        if self.eager and tensor is not None and not np.array_equal(tensor.array, variable.buffer):
            return None  # a replayed step within the tape's block, which records nothing, has changed the variable
        return tensor

    @property
    def outermost(self) -> "Trace":
        """The trace itself; for the trace of a body, the one around all bodies."""
        return self

    def undo(self) -> None:
        """Restores the previous value of each variable that was assigned to; used when the step fails."""
        for variable, value in self.overwritten.items():
            np.copyto(variable.buffer, value)

    def settle(self) -> None:
        """Clears the trace; tensors that are still referenced get copies of the variables whose buffers they shared."""
        aliases = [tensor for tensors in self.aliases.values() for tensor in tensors]
        self.clear()
        for tensor in aliases:
            if sys.getrefcount(tensor) > 3:  # the list's, that of this loop, and that of the call
                tensor.form = tensor.form.copy()

    def clear(self) -> None:
        """Drops all values: they reference each other, and large arrays should not wait for the garbage collector."""
        values = (self.entries, self.custom_vjps, self.reads, self.past_reads, self.aliases, self.logits)
        for record in (*values, self.overwritten, self.assigned, self.watched, self.owned):
            record.clear()

    def block_replay(self, what: str) -> None:
        """Records that Python read a traced value, and the user's line; only the first one is kept."""
        if self.active and self.replay_blocker is None and not self.eager:
            file, line, _ = user_frame()
            self.replay_blocker = f"{what} at {file}:{line}"


class BodyTrace(Trace):
    """Records a body: one iteration of a loop, or a branch. Values from outside are captured as operands.

    It may be reopened to record more, such as the gradient of the body.

    Args:
        where: The name of the op that runs the body, for error messages.
    """

    def __init__(self, where: str):
        outer = current_trace()
        is_eager = outer is not None and outer.eager
        super().__init__(eager=is_eager, records_numpy=outer is None or outer.records_numpy, captures={})
        self._run_outer()
        self.where = where
        self._outermost = self if outer is None else outer.outermost
        self.watched = self._outermost.watched
        self._outer_traces: list[Trace | None] = []

    def _run_outer(self) -> None:
        """Computes what is deferred around the body: the first iteration is run on its values."""
        outer = current_trace()
        if outer is not None:
            outer.materialize()
        if _state.deferred is not None:
            _state.deferred.materialize()

    def capture(self, value: object, tensor: Callable) -> object:
        """Returns the tensor of a value from outside.

        Args:
            value: A tensor of another trace.
            tensor: The class of tensors.
        """
        if value not in self.captures:
            self.captures[value] = tensor(value.array, self)
        return self.captures[value]

    @property
    def outermost(self) -> Trace:
        """The trace around all bodies."""
        return self._outermost

    def __enter__(self) -> "BodyTrace":
        self._outer_traces.append(current_trace())
        self.active = True
        _state.trace = self
        return self

    def __exit__(self, *exception: object) -> None:
        _state.trace = self._outer_traces.pop()
        self.active = bool(self._outer_traces)

    def block_replay(self, what: str) -> None:
        """Refuses a body in which Python reads a value: it would only see that of the first iteration."""
        if self.active:
            file, line, _ = user_frame()
            raise TraceError(
                f"{self.where}: the function is traced once, so Python cannot read the values in it, but {what} at "
                f"{file}:{line}. Use functions of `minikeras.ops`, such as `where` or `cond`."
            )


class paused_tracing:
    """Suspends tracing: results computed in the block become constants.

    Layers create their weights in it, and metrics and optimizers their state.
    """

    def __enter__(self) -> None:
        self._outer = current_trace()
        _state.trace = None

    def __exit__(self, *exception: object) -> None:
        _state.trace = self._outer


def current_trace() -> Trace | None:
    """Returns the trace that records in this thread, or None."""
    return _state.trace


def defer_in_this_thread(trace: Trace | None) -> None:
    """Sets the open trace of this thread whose values and assignments are deferred."""
    _state.deferred = trace


def materialize_pending(variable: object = None) -> None:
    """Makes assignments that the open trace has deferred, before Python reads a variable, or writes to one.

    Args:
        variable: The variable that is read; None: all assignments are made.
    """
    trace = _state.deferred
    if trace is not None and (variable is None or variable in trace.assigned):
        trace.materialize()


def check_open(tensor: object) -> None:
    """Refuses a value of another step within a running one: a replay would use a stale value."""
    trace = current_trace()
    if trace is tensor.trace:
        return
    if tensor.trace.outdated:
        raise TraceError(
            f"A value of shape {tensor.shape} was kept from a step that has been replayed since, so it is outdated. "
            "Return such values from `call`, or keep them in a `Variable` and `assign` to it; or compile "
            "with `run_eagerly=True`."
        )
    if trace is None or trace.eager or tensor.trace.eager or not tensor.trace.replayed:
        return
    raise TraceError(
        f"The value {brief(tensor)} was computed in an earlier step and is used in this one. A replayed step would "
        "always see that old value. Keep values between steps in a `Variable` and `assign` to it."
    )
