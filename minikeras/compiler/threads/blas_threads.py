"""Steps compute on one BLAS thread, however many threads the rest of the program uses.

BLAS splits a product among threads that spin while they wait for each other. Small products gain nothing from that, and
if other processes use the cores, a step takes a hundred times as long. The last bits of a product depend on the number
of threads, too, so a step that may use several would not be reproducible. `parallel_products` computes large products
on several threads where neither is a problem.

OpenBLAS, which numpy's wheels bring, is controlled directly. Other libraries are controlled through threadpoolctl, if
it is installed. Where neither works, BLAS is left alone.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from threading import get_ident
from typing import Any

import numpy as np


class BlasThreads:
    """The number of threads of a BLAS library, which is a setting of the whole process.

    Args:
        get_count: Returns the number of threads.
        set_count: Sets it. Neither may release Python's lock.
    """

    def __init__(self, get_count: Callable[[], int], set_count: Callable[[int], object]):
        self._get_count = get_count
        self._set_count = set_count
        self._running: list[int] = []  # the thread of Python of each call that computes on one BLAS thread now
        self._count_outside = 1

    def count(self) -> int:
        """Returns the number of threads that the rest of the program uses, also while steps compute on one."""
        return self._count_outside if self._running else self._get_count()

    def limit(self, most: int) -> None:
        """Sets the number of threads to at most a given one; steps compute on no more from then on.

        Args:
            most: The number.
        """
        if self.count() > most:
            self._count_outside = most
            if not self._running:
                self._set_count(most)

    def on_one_thread(self, function: Callable[[], Any]) -> Callable[[], Any]:
        """Returns a function that does the same on one BLAS thread and restores the number of threads afterwards.

        Several threads may run such functions at a time: the number is restored when the last one ends.

        Args:
            function: A function without arguments.
        """
        get_count, set_count, running = self._get_count, self._set_count, self._running

        def run() -> Any:
            if not running:
                self._count_outside = get_count()
            try:
                running.append(get_ident())
                set_count(1)
                return function()
            finally:
                # CPython switches threads and raises KeyboardInterrupt after calls only, so not between these lines.
                if running:  # not in a child process that was forked by `function`
                    del running[-1]
                    if not running:
                        set_count(self._count_outside)

        return run

    def on_threads(self, count: int, function: Callable[[], object]) -> Callable[[], None]:
        """Returns a function that, inside of `on_one_thread`, does the same on several threads.

        It uses one, too, while other threads of Python run functions that have to compute on one.

        Args:
            count: The number of threads.
            function: A function without arguments.
        """
        set_count, running = self._set_count, self._running

        def run() -> None:
            try:
                set_count(count)
                # Looked at after setting it, as a function that begins later sets the number itself.
                if running.count(get_ident()) < len(running):
                    set_count(1)
                function()
            finally:
                set_count(1)

        return run

    def after_fork(self) -> None:
        """Restores the number of threads in a child process, which has none of the threads that were computing."""
        if self._running:
            self._running.clear()
            self._set_count(self._count_outside)


def on_one_thread(function: Callable[[], Any]) -> Callable[[], Any]:
    """Returns a function that does the same on one thread of numpy's BLAS, if BLAS can be controlled.

    Args:
        function: A function without arguments.

    Example:
        >>> on_one_thread(lambda: np.ones((2, 3)) @ np.ones(3))()
        array([3., 3.])
    """
    threads = numpy_blas()
    return function if threads is None else threads.on_one_thread(function)


@cache
def numpy_blas() -> BlasThreads | None:
    """Returns the thread control of numpy's BLAS; None if it has no known one."""
    threads = openblas(_numpy_files()) or through_threadpoolctl()
    if threads is not None and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=threads.after_fork)
    return threads


def openblas(files: Iterator[str]) -> BlasThreads | None:
    """Returns the thread control of the first OpenBLAS among some libraries and, except on Windows, their dependencies.

    Args:
        files: The paths of libraries.
    """
    for file in files:
        try:
            library = ctypes.PyDLL(file)  # PyDLL does not release Python's lock
        except OSError:
            continue
        # Builds differ in their names: numpy's wheels have a prefix, and builds with 64-bit integers a suffix.
        for prefix, suffix in product(("scipy_", ""), ("64_", "", "_64")):
            try:
                get_count = library[f"{prefix}openblas_get_num_threads{suffix}"]
                set_count = library[f"{prefix}openblas_set_num_threads{suffix}"]
            except AttributeError:
                continue
            # Without `argtypes`, ctypes passes an int in 75 ns; with it, in 220 ns.
            get_count.restype, set_count.restype = ctypes.c_int, None
            return BlasThreads(get_count, set_count)
    return None


def _numpy_files() -> Iterator[str]:
    """Yields numpy's own extension module, from which its BLAS is found, then the BLAS that wheels bring."""
    module = sys.modules.get("numpy._core._multiarray_umath")  # its dependencies are searched, too
    if module is not None and module.__file__ is not None:
        yield module.__file__
    folder = Path(np.__file__).parent
    for libraries in (folder.parent / "numpy.libs", folder / ".dylibs"):
        yield from map(str, sorted(libraries.glob("*openblas*")))


def through_threadpoolctl() -> BlasThreads | None:
    """Returns the thread control of this process's BLAS through threadpoolctl; None if it finds none."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    for library in ThreadpoolController().lib_controllers:
        if library.user_api == "blas" and "scipy.libs" not in library.filepath:  # scipy brings its own
            return BlasThreads(library.get_num_threads, library.set_num_threads)
    return None
