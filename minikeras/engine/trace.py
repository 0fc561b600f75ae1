"""A trace: the flat list of primitives that ran, with which inputs and which output.

While a trace is open, primitives applied to traced values are recorded in it. Everything a training
step does (forward, loss, backward, optimizer, metrics, random draws) ends in one list, which
`gradients` walks backwards and `Plan` prepares for replay. A gradient tape outside of any step opens
an eager trace: it is walked backwards too, but never replayed, so its values may be looked at freely.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..errors import TraceError, brief, user_frame
from .naming import current_path
from .primitive import Primitive

_state = threading.local()


@dataclass(slots=True, eq=False)
class Entry:
    """One recorded call of a primitive."""

    primitive: Primitive
    inputs: tuple  # of Tensor and np.ndarray (constants)
    params: dict
    output: object  # a Tensor, or None for an effect
    layer: str | None = None  # the path of the layer, optimizer or metric that it belongs to; None outside of all


@dataclass(slots=True, eq=False)
class CustomVJP:
    """A range of entries with a gradient rule (vector-Jacobian product) of its own, e.g. softmax.

    Intermediate values may be used outside of the range; from there, gradients take the usual way.
    """

    inputs: tuple
    outputs: tuple  # of Tensor, the last of them made by the last entry
    vjp: Callable  # takes the lists of gradients and outputs, then the inputs; returns their gradients
    takes_none: bool = False  # the gradient of an output that nobody used is None instead of zeros


@dataclass(eq=False)
class Trace:
    """Records primitives between `with Trace() as trace:` and the end of the block.

    Args:
        eager: It is not replayed. Variables are read as copies, so that values stay when their variable changes.
        replayed: It is made to be replayed. Else its values may be used in later ones, where they are constants.
        records_numpy: Whether functions of numpy on traced values are ops, too; else they return arrays, as under
            TensorFlow's tapes.

    Attributes:
        entries: The recorded calls, in order.
        custom_vjps: By the index of their last entry, the ranges with a gradient rule of their own.
        reads: By variable, the tensor that stands for its present value.
        past_reads: By variable, every tensor that ever stood for it in this trace.
        aliases: By variable, the tensors whose memory is the variable's buffer.
        logits: By output of a softmax or sigmoid: the activation's name, the scores it took, the axes it sums over.
        watched: By the id of an array: the array, and the tensors that stand for it, one for each value it had.
        replay_blocker: Why the trace cannot be replayed; None if it can.
        remedy: What to do about it; None: what is usual.
        outdated: Its plan was run again since, so that its values are old ones.
        tapes: The number of gradient tapes that stand on this trace.
        captures: In the trace of a body, by value from outside: the tensor that stands for it. None in all others.
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
    watched: dict[int, tuple] = field(default_factory=dict)
    replay_blocker: str | None = None
    remedy: str | None = None
    outdated: bool = False
    tapes: int = 0
    captures: dict | None = None
    active: bool = False

    def __enter__(self) -> "Trace":
        self._outer = current_trace()
        if self._outer is not None and not self._outer.eager:
            raise TraceError("A trace was opened inside of another one. Record into the open one instead.")
        self.active = True
        _state.trace = self
        return self

    def __exit__(self, *exception: object) -> None:
        _state.trace = self._outer
        self.active = False

    def record(self, primitive: Primitive, inputs: tuple, params: dict, output: object) -> None:
        """Appends an entry for a call that was made; it belongs to the layer whose name scope is open."""
        self.entries.append(Entry(primitive, inputs, params, output, current_path() or None))

    def read_of(self, variable: object) -> object:
        """Returns the tensor that stands for a variable's present value; None if there is none yet."""
        tensor = self.reads.get(variable)
        if self.eager and tensor is not None and not np.array_equal(tensor.array, variable.buffer):
            return None  # a replayed step inside of the tape's block has changed the variable, and records nothing
        return tensor

    @property
    def outermost(self) -> "Trace":
        """The trace itself; of the trace of a body, the one around all bodies."""
        return self

    def settle(self) -> None:
        """Clears the trace; what somebody keeps of it does not lie in the memory of a variable from then on."""
        aliases = [tensor for tensors in self.aliases.values() for tensor in tensors]
        self.clear()
        for tensor in aliases:
            if sys.getrefcount(tensor) > 3:  # the list's, that of this loop, and that of the call
                tensor.array = tensor.array.copy()

    def clear(self) -> None:
        """Lets go of all values; they hold each other, and large arrays should not wait for the garbage collector."""
        for record in (self.entries, self.custom_vjps, self.reads, self.past_reads, self.aliases, self.logits):
            record.clear()
        self.watched.clear()

    def block_replay(self, what: str) -> None:
        """Notes that Python looked at a traced value, with the user's line; the first one counts."""
        if self.active and self.replay_blocker is None and not self.eager:
            file, line, _ = user_frame()
            self.replay_blocker = f"{what} at {file}:{line}"


class BodyTrace(Trace):
    """Records a body once: what a loop does each turn, or a branch. Values from outside are captured as operands.

    It may be opened again to record more, such as the gradient of what it holds.

    Args:
        where: What errors call the op that runs the body.
    """

    def __init__(self, where: str):
        outer = current_trace()
        is_eager = outer is not None and outer.eager
        super().__init__(eager=is_eager, records_numpy=outer is None or outer.records_numpy, captures={})
        self.where = where
        self._outermost = self if outer is None else outer.outermost
        self.watched = self._outermost.watched
        self._outer_traces: list[Trace | None] = []

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
        """Refuses a body in which Python looks at a value: it would see that of the first turn alone."""
        if self.active:
            file, line, _ = user_frame()
            raise TraceError(
                f"{self.where}: the function is traced once, so Python cannot look at the values in it, but {what} at "
                f"{file}:{line}. Use functions of `minikeras.ops`, such as `where` or `cond`."
            )


class paused_tracing:
    """Suspends tracing, so that what runs inside is computed once and becomes a constant.

    Layers create their weights inside it, and metrics and optimizers their state.
    """

    def __enter__(self) -> None:
        self._outer = current_trace()
        _state.trace = None

    def __exit__(self, *exception: object) -> None:
        _state.trace = self._outer


def current_trace() -> Trace | None:
    """Returns the trace that records in this thread, or None."""
    return getattr(_state, "trace", None)


def check_open(tensor: object) -> None:
    """Refuses a value of another step inside a running one: a replay would use it stale."""
    trace = current_trace()
    if trace is tensor.trace:
        return
    if tensor.trace.outdated:
        raise TraceError(
            f"A value of shape {tensor.shape} was kept from a step that was replayed since, so it is not that of the "
            "last step. Return such values from `call`, or keep them in a `Variable` and `assign` to it; or compile "
            "with `run_eagerly=True`."
        )
    if trace is None or trace.eager or tensor.trace.eager or not tensor.trace.replayed:
        return
    raise TraceError(
        f"The value {brief(tensor)} was computed in an earlier step and is used in this one. A replayed step would "
        "always see that old value. Keep values between steps in a `Variable` and `assign` to it."
    )
