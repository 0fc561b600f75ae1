"""`minikeras run` in several processes that a launcher of MPI has started."""

import hashlib
import os
import platform
import socket
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from ..compiler.threads.blas_threads import numpy_blas
from ..errors import MinikerasError, StateError
from ..lazy import namespace
from ..utils.paths import opened
from .mpi import MPIGroup, connect
from .parallel import DataParallel
from .strategy import set_distribution


def run(path: str, arguments: Sequence[str], run_script: Callable[[str, Sequence[str]], int]) -> int:
    """Runs a script in each process, with batches divided among them.

    All of them begin with the same random states. What the script prints is shown by process 0, and so are warnings;
    an error is shown by the process in which it occurs, and ends all.

    Args:
        path: The path of the script.
        arguments: The script's `sys.argv[1:]`.
        run_script: Runs the script; returns the exit status.

    Returns:
        The exit status.
    """
    group = None
    try:
        group = connect()
        if group is None:
            return run_script(path, arguments)
        _check_alike(group, path)
    except (ImportError, MinikerasError) as error:
        print(f"minikeras: {error}", file=sys.stderr)
        if group is not None:
            group.barrier("an error")  # the launcher ends the others when the first one exits
        return 1
    _limit_threads(group)
    _share_random(group)
    set_distribution(DataParallel())
    is_first = group.rank == 0
    if not is_first:
        sys.stdout = open(os.devnull, "w")
    status: Any = 1
    try:
        with nullcontext() if is_first else warnings.catch_warnings(record=True):
            status = run_script(path, arguments)
    except SystemExit as error:
        status = error.code
    if isinstance(status, str):
        print(status, file=sys.stderr)
    status = 0 if status is None else status if isinstance(status, int) else 1
    if status:
        print(f"minikeras: process {group.rank} has failed with status {status}; all end.", file=sys.stderr)
        group.abort(status)
    return status


def _check_alike(group: MPIGroup, path: str) -> None:
    """Refuses to run different scripts, or different versions.

    Raises:
        StateError: If they differ; in every process.
    """
    try:
        with opened(path) as file:
            script = hashlib.sha256(file.read()).hexdigest()[:12]
    except (OSError, ValueError) as error:
        script = f"unreadable: {error}"
    found = group.gather(
        {
            "the script": f"{path} ({script})",
            "the version of minikeras": namespace("").__version__,
            "the version of numpy": np.__version__,
            "the version of Python": platform.python_version(),
        },
        "the script",
    )
    for rank, other in enumerate(found):
        for name, value in other.items():
            if value != found[0][name]:
                raise StateError(
                    f"All processes must run the same script with the same versions, but {name} is {found[0][name]} in "
                    f"process 0, and {value} in process {rank}."
                )


def _limit_threads(group: MPIGroup) -> None:
    """Sees to it that the processes of a machine together use no more BLAS threads than there are cores.

    Where the launcher has bound processes to cores, only those with the same cores share them.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    own = set(range(os.cpu_count() or 1)) if affinity is None else affinity(0)
    found = group.gather((socket.gethostname(), own), "the cores")
    blas = numpy_blas()
    if blas is not None:
        blas.limit(threads_for(own, [cores for host, cores in found if host == socket.gethostname()]))


def threads_for(own: set[int], all_sets: Sequence[set[int]]) -> int:
    """Returns the number of BLAS threads of a process.

    Args:
        own: The cores that it may use.
        all_sets: The cores that each process of the machine may use.

    Example:
        >>> threads_for({0, 1, 2, 3}, [{0, 1, 2, 3}] * 2), threads_for({0, 1}, [{0, 1}, {2, 3}])
        (2, 2)
    """
    return max(1, len(own) // max(1, sum(bool(own & cores) for cores in all_sets)))


def _share_random(group: MPIGroup) -> None:
    """Gives all processes the random states of process 0: scripts without a seed then make the same data."""
    import random

    numpy_state, python_state = group.broadcast((np.random.get_state(), random.getstate()), "the random states")
    np.random.set_state(numpy_state)
    random.setstate(python_state)
