"""A trace: the flat list of primitives that ran, with which inputs and which output.

While a trace is open, primitives applied to traced values are recorded in it. Everything a training
step does (forward, loss, backward, optimizer, metrics, random draws) ends in one list, which
`gradients` walks backwards and `Plan` prepares for replay.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import TraceError, user_frame
from .primitive import Primitive

_state = threading.local()


@dataclass(slots=True, eq=False)
class Entry:
    """One recorded call of a primitive."""

    primitive: Primitive
    inputs: tuple  # of Tensor and np.ndarray (constants)
    params: dict
    output: object  # a Tensor, or None for an effect


@dataclass(slots=True, eq=False)
class Span:
    """A run of entries that has a gradient rule of its own, e.g. softmax."""

    start: int
    inputs: tuple
    output: object
    vjp: Callable


@dataclass(eq=False)
class Trace:
    """Records primitives between `with Trace() as trace:` and the end of the block.

    Attributes:
        entries: The recorded calls, in order.
        spans: By the index of their last entry, the runs with a gradient rule of their own.
        reads: By variable, the tensor that stands for its present value.
        past_reads: By variable, every tensor that ever stood for it in this trace.
        aliases: By variable, the tensors whose memory is the variable's buffer.
        logits: By output of a softmax or sigmoid: the activation's name, the scores it took, the axes it sums over.
        obstacle: Why the trace cannot be replayed; None if it can.
    """

    entries: list[Entry] = field(default_factory=list)
    spans: dict[int, Span] = field(default_factory=dict)
    reads: dict = field(default_factory=dict)
    past_reads: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)
    logits: dict = field(default_factory=dict)
    obstacle: str | None = None
    active: bool = False

    def __enter__(self) -> "Trace":
        if current_trace() is not None:
            raise TraceError("A trace was opened inside of another one. Record into the open one instead.")
        self.active = True
        _state.trace = self
        return self

    def __exit__(self, *exception: object) -> None:
        _state.trace = None
        self.active = False

    def clear(self) -> None:
        """Lets go of all values; they hold each other, and large arrays should not wait for the garbage collector."""
        for record in (self.entries, self.spans, self.reads, self.past_reads, self.aliases, self.logits):
            record.clear()

    def block_replay(self, what: str) -> None:
        """Notes that Python looked at a traced value, with the user's line; the first one counts."""
        if self.active and self.obstacle is None:
            file, line, _ = user_frame()
            self.obstacle = f"{what} at {file}:{line}"


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
    """Refuses a value of an earlier trace inside a running one: a replay would use it stale."""
    if not tensor.trace.active and current_trace() is not None:
        raise TraceError(
            f"The value {tensor!r} was computed in an earlier step and is used in this one. A replayed step would "
            "always see that old value. Keep values between steps in a `Variable` and `assign` to it."
        )
