"""How processes end: all together, or all at once when one of them fails.

MPI itself only notices processes that are killed. One that ends well while others wait for it would leave them waiting
forever: so each process tells the others when it ends, and after how many collective calls. One that is in a later call
then knows that nobody will come. Processes that wait in different calls would wait forever, too: so one that waits for
long tells process 0 in which call, and process 0 compares that with its own calls.
"""

import atexit
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

_TAG = 7
_TURN = 0.2  # seconds between two looks
_TURNS_OF_PATIENCE = 5  # that a process waits in the same call before it tells process 0
_PACKAGE = str(Path(__file__).parents[1])


class Endings:
    """Watches the other processes.

    Args:
        group: The processes.
        mpi: The module `mpi4py.MPI`.

    Attributes:
        counts: By process that has ended, how many collective calls it made.
        waiting: In process 0: by process that waits for long, the number of the call, what it is, and where.
    """

    def __init__(self, group: Any, mpi: Any):
        self._group, self._mpi = group, mpi
        self._comm = mpi.COMM_WORLD.Dup()
        self.counts: dict[int, int] = {}
        self.waiting: dict[int, tuple[int, tuple, str]] = {}
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._call = self._turns = 0  # the call of this process at the last look, and the looks since then
        self._requests: list = []
        self._process = os.getpid()

    def watch(self) -> None:
        """Starts a thread that looks for processes that have ended, and ends all when this one fails."""
        if self._mpi.Query_thread() < self._mpi.THREAD_MULTIPLE:
            print(
                "minikeras: this MPI does not support calls from several threads, so processes may wait forever for "
                "one that has ended.",
                file=sys.stderr,
            )
        else:
            self._thread = threading.Thread(target=self._look, name="minikeras-endings", daemon=True)
            self._thread.start()
        hook = sys.excepthook
        sys.excepthook = lambda *error: self._fail(hook, *error)
        atexit.register(self.end)

    def _look(self) -> None:
        while not self._stopped.wait(_TURN):
            self.receive()
            self.tell()
            self.end_all_if(self.reason_to_end())

    def end_all_if(self, reason: str | None) -> None:
        """Ends all processes if there is a reason.

        Args:
            reason: What is printed; None if there is none.
        """
        if reason is not None:
            print(f"minikeras: {reason} All processes end now.", file=sys.stderr)
            self._group.abort(1)

    def reason_to_end(self) -> str | None:
        """Returns why some process would wait forever; None if there is no reason."""
        missing = self.missing()
        if missing is not None:
            return (
                f"process {missing} has ended, but process {self._group.rank} waits for it. Did its script exit, or do "
                "less than those of others?"
            )
        return self.mismatch()

    def receive(self) -> None:
        """Receives the messages of processes that have ended, or wait for long."""
        status = self._mpi.Status()
        while len(self.counts) < self._group.size - 1 and self._comm.Iprobe(tag=_TAG, status=status):
            rank = status.source
            told = self._comm.recv(source=rank, tag=_TAG)
            if isinstance(told, int):
                self.counts[rank] = told
            else:
                self.waiting[rank] = told

    def tell(self) -> None:
        """Tells process 0, once, that this process has been in the same call for long."""
        group = self._group
        if not group.waits or group.entered != self._call:
            self._call, self._turns = group.entered, 0
            return
        self._turns += 1
        if self._turns == _TURNS_OF_PATIENCE and group.rank:
            calls = dict(tuple(group.calls))
            if self._call in calls:
                self._requests.append(self._comm.isend((self._call, calls[self._call], _place()), 0, _TAG))

    def missing(self) -> int | None:
        """Returns a process that this one waits for, although it has ended; None if there is none."""
        if self._group.waits:
            entered = self._group.entered
            for rank, count in self.counts.items():
                if count < entered:
                    return rank
        return None

    def mismatch(self) -> str | None:
        """Returns what a process waits for that process 0 did not do; None if there is no such process."""
        if not self.waiting:
            return None
        calls = dict(tuple(self._group.calls))  # in one go: the main thread adds to them
        for rank, (number, what, place) in self.waiting.items():
            if number in calls and calls[number] != what:
                return (
                    f"the processes do not do the same: process {rank} waits in {place}, in {described(what)}, where "
                    f"process 0, now in {_place()}, was in {described(calls[number])}. Call `fit`, `evaluate`, "
                    "`predict`, `save` and the like in all of them, in the same order."
                )
        return None

    def end(self) -> None:
        """Tells the others that this process ends, and waits until they end, too."""
        if os.getpid() != self._process:
            return  # a fork of this process, in which it lives on
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()  # it would take messages that this one waits for
        self._requests += [
            self._comm.isend(self._group.entered, rank, _TAG)
            for rank in range(self._group.size)
            if rank != self._group.rank
        ]
        while len(self.counts) < self._group.size - 1:
            self.receive()
            self.end_all_if(self.mismatch())
            threading.Event().wait(0.01)
        for request in self._requests:
            request.wait()
        if not self._mpi.Is_finalized():
            self._mpi.Finalize()

    def _fail(self, hook: Any, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        is_fork = os.getpid() != self._process
        if not is_fork:
            print(f"minikeras: process {self._group.rank} has failed:", file=sys.stderr)
        try:
            hook(kind, error, trace)
        except Exception:
            traceback.print_exception(kind, error, trace)
        if not is_fork:
            self._group.abort(1)


def described(what: Sequence) -> str:
    """Returns the name of a collective call.

    Args:
        what: The kind of call, and its purpose; or its size and dtype.

    Example:
        >>> described(("gather", "the weights")), described(("allreduce", 8, "d"))
        ('the exchange of the weights', 'the sum of 8 numbers')
    """
    return f"the sum of {what[1]} numbers" if what[0] == "allreduce" else f"the exchange of {what[1]}"


def _place() -> str:
    """Returns the line of the user's script in which the main thread is."""
    frame: FrameType | None = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None and frame.f_code.co_filename.startswith((_PACKAGE, "<frozen")):
        frame = frame.f_back
    return "an unknown line" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"
