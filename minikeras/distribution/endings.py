"""How processes end: all together, or all at once when one of them fails.

MPI itself only notices processes that are killed. One that ends well while others wait for it would leave them waiting
forever: so each process tells the others when it ends, and after how many collective calls. One that is in a later call
then knows that nobody will come.
"""

import atexit
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

_TAG = 7
_TURN = 0.2  # seconds between two looks


class Endings:
    """Watches the other processes.

    Args:
        group: The processes.
        mpi: The module `mpi4py.MPI`.

    Attributes:
        counts: By process that has ended, how many collective calls it made.
    """

    def __init__(self, group: Any, mpi: Any):
        self._group, self._mpi = group, mpi
        self._comm = mpi.COMM_WORLD.Dup()
        self.counts: dict[int, int] = {}
        self._stopped = threading.Event()

    def watch(self) -> None:
        """Starts a thread that looks for processes that have ended, and ends all when this one fails."""
        if self._mpi.Query_thread() < self._mpi.THREAD_MULTIPLE:
            print(
                "minikeras: this MPI does not support calls from several threads, so processes may wait forever for "
                "one that has ended.",
                file=sys.stderr,
            )
        else:
            threading.Thread(target=self._look, name="minikeras-endings", daemon=True).start()
        hook = sys.excepthook
        sys.excepthook = lambda *error: self._fail(hook, *error)
        atexit.register(self.end)

    def _look(self) -> None:
        while not self._stopped.wait(_TURN):
            self.receive()
            missing = self.missing()
            if missing is not None:
                print(
                    f"minikeras: process {missing} has ended, but process {self._group.rank} waits for it. Did its "
                    "script exit, or do less than those of others? All processes end now.",
                    file=sys.stderr,
                )
                self._group.abort(1)

    def receive(self) -> None:
        """Receives the messages of processes that have ended."""
        status = self._mpi.Status()
        while len(self.counts) < self._group.size - 1 and self._comm.Iprobe(tag=_TAG, status=status):
            self.counts[status.source] = self._comm.recv(source=status.source, tag=_TAG)

    def missing(self) -> int | None:
        """Returns a process that this one waits for, although it has ended; None if there is none."""
        if self._group.waits:
            entered = self._group.entered
            for rank, count in self.counts.items():
                if count < entered:
                    return rank
        return None

    def end(self) -> None:
        """Tells the others that this process ends, and waits until they end, too."""
        requests = [
            self._comm.isend(self._group.entered, rank, _TAG)
            for rank in range(self._group.size)
            if rank != self._group.rank
        ]
        self._stopped.set()
        while len(self.counts) < self._group.size - 1:
            self.receive()
            threading.Event().wait(0.01)
        for request in requests:
            request.wait()

    def _fail(self, hook: Any, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        print(f"minikeras: process {self._group.rank} has failed:", file=sys.stderr)
        try:
            hook(kind, error, trace)
        except Exception:
            traceback.print_exception(kind, error, trace)
        self._group.abort(1)
