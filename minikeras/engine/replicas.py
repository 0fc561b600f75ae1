"""The processes that share a training: which rows of a batch this one computes, and how much they count.

Nothing here knows how the processes communicate; `minikeras.distribution` brings that. In a single process `current()`
is None, and nothing that is shared costs anything.
"""

import threading
import zlib
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any, Protocol

import numpy as np

from ..errors import StateError
from ..typing import F
from .variable import Variable
from .watched import note_change
from .weak_tables import WeakTable


class Group(Protocol):
    """What processes need to communicate; all of them make the same calls, for the same purposes, in the same order.

    Attributes:
        rank: The number of this process, from 0.
        size: The number of processes.
    """

    rank: int
    size: int

    def allreduce(self, array: np.ndarray) -> None:
        """Replaces a contiguous array by its sum over all processes, which has the same bits in each."""

    def broadcast(self, value: Any, purpose: str) -> Any:
        """Returns the value of process 0."""

    def gather(self, value: Any, purpose: str) -> list:
        """Returns the values of all processes, in each of them."""

    def scatter(self, values: Sequence | None, root: int, purpose: str) -> Any:
        """Returns one of the values of process `root`: that with the number of this process."""

    def barrier(self, purpose: str) -> None:
        """Waits for all processes."""


class Replicas:
    """The processes that share the batches of a training, each with a replica of the model.

    A step of each process computes the mean over its rows. Weighted by `share`, the sum of these means over all
    processes is the mean over the whole batch. What is a sum over rows is multiplied by `scale` first.

    Args:
        group: How they communicate.
        shares_streams: Whether batches of streams are shared; otherwise each process has a stream of its own.

    Attributes:
        group: As the argument.
        rank: The number of this process, from 0.
        size: The number of processes.
        shares_streams: As the argument.
        rows: The rows of this process in the current batch.
        total: The rows of all processes in it.
        begun: The models that have the same weights in all processes.
        share: `rows / total`, a variable of shape (), so that replayed steps see its present value.
        scale: `total / rows`, likewise; 0 without rows, when a step computes a row of which nothing may count.
    """

    def __init__(self, group: Group, shares_streams: bool = True):
        self.group = group
        self.rank, self.size = group.rank, group.size
        self.shares_streams = shares_streams
        self.rows = self.total = 1
        self.begun: WeakTable[bool] = WeakTable()
        self.share = Variable(1.0, dtype="float64", trainable=False, name="share")
        self.scale = Variable(1.0, dtype="float64", trainable=False, name="scale")

    def set_rows(self, rows: int, total: int) -> None:
        """Sets how many rows of the next batch this process has; called before each step.

        Args:
            rows: The rows of this process.
            total: Those of all processes.
        """
        self.rows, self.total = rows, total
        self.share.buffer[...] = rows / total if total else 0.0
        self.scale.buffer[...] = total / rows if rows else 0.0

    def sum(self, values: Sequence[float]) -> list[float]:
        """Returns the sums of some numbers over all processes.

        Args:
            values: The numbers of this process.
        """
        return self.sum_of(np.array(values, "float64"), "numbers").tolist()

    def sum_of(self, array: np.ndarray, purpose: str) -> np.ndarray:
        """Returns the sum of an array over all processes.

        Args:
            array: The array of this process, of shape (n,); no float16, which would round the sum.
            purpose: What is summed. It is summed, too, as a number: nothing else tells the sum of a flag from that of a
                loss, if a process is at the wrong one.

        Raises:
            StateError: If processes sum something else.
        """
        mark = 1 + zlib.crc32(purpose.encode()) % 1009  # exact in float32, in thousands of processes
        flat = np.concatenate([np.array([mark], array.dtype), array])
        self.group.allreduce(flat)
        if flat[0] != mark * self.size:
            raise StateError(
                f"Process {self.rank} sums {purpose}, but another one something else. All of them have to call `fit`, "
                "`evaluate`, `predict`, `compile` and the like in the same order, with the same callbacks."
            )
        return flat[1:]

    def any(self, flag: object) -> bool:
        """Returns whether a condition holds in any of the processes.

        Args:
            flag: Whether it holds in this one.
        """
        return self.sum([bool(flag)])[0] > 0


class _Local(threading.local):
    kind: str | None = None  # of the step that is being recorded
    are_reduced = False
    is_alone = False  # it makes a call of `in_first`


_local = _Local()
_current: dict[str, Replicas | None] = {"replicas": None}


def current() -> Replicas | None:
    """Returns the processes that share trainings; None if this one trains alone.

    Example:
        >>> current() is None
        True
    """
    return _current["replicas"]


def set_current(replicas: Replicas | None) -> None:
    """Sets the processes that share trainings from now on; steps are traced anew.

    Args:
        replicas: The processes; None if this one trains alone.
    """
    _current["replicas"] = replicas
    note_change()


def is_first() -> bool:
    """Returns whether this process is the one that prints and writes files: the first one, or the only one."""
    replicas = _current["replicas"]
    return replicas is None or replicas.rank == 0


def in_first(call: Callable[[], Any]) -> None:
    """Makes a call in the first process alone, such as one that writes a file; all wait for its end.

    Args:
        call: A function without arguments.

    Raises:
        Exception: What the call raises; in every process.
    """
    replicas = _current["replicas"]
    if replicas is None or _local.is_alone:
        call()
        return
    error = None
    if replicas.rank == 0:
        _local.is_alone = True
        try:
            call()
        except Exception as raised:
            error = raised
        finally:
            _local.is_alone = False
    told = replicas.group.broadcast(None if error is None else _portable(error), "a file that process 0 writes")
    if told is not None:
        raise told if error is None else error


def _portable(error: Exception) -> Exception:
    """Returns an error that can be sent to other processes."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return StateError(f"{type(error).__name__}: {error}")
    return error


def written_by_first(write: F) -> F:
    """Decorator for functions that write files: in processes that share a training, the first one alone calls them.

    Args:
        write: The function; it returns nothing.
    """

    @wraps(write)
    def called(*args: Any, **kwargs: Any) -> None:
        in_first(partial(write, *args, **kwargs))

    return called


def in_step(kind: str, step: Callable) -> Callable:
    """Returns a step during which `sharing` knows that batches are shared.

    Args:
        kind: "train" or "test".
        step: A function of the data.
    """

    def shared(data: Any) -> Any:
        outer, _local.kind = _local.kind, kind
        try:
            return step(data)
        finally:
            _local.kind = outer

    return shared


def sharing(kind: str | None = None) -> Replicas | None:
    """Returns the processes that share the step that is being recorded; None outside of such a step.

    Args:
        kind: "train" or "test": None in steps of the other kind.
    """
    if _local.kind is None or (kind is not None and kind != _local.kind):
        return None
    return _current["replicas"]


class gradients_are_reduced:
    """Context manager in which gradients are those of the whole batch already, as in the optimizers inside another."""

    def __enter__(self) -> None:
        self._outer, _local.are_reduced = _local.are_reduced, True

    def __exit__(self, *exception: object) -> None:
        _local.are_reduced = self._outer


def reducing() -> Replicas | None:
    """Returns the processes whose gradients are yet to be averaged; None if there are none to average."""
    return None if _local.are_reduced else sharing("train")
