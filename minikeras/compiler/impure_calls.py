"""Noticing that a step takes values from outside while it is traced: random numbers of numpy and Python, the time.

A replay would have the same ones each time.
"""

import pickle
import random
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from ..engine.trace import Trace, current_trace
from .code_inspection import is_library_file, is_own_file, line_that_names
from .python_state import Snapshot

# By the module they are in: the functions written in C that give something else each time.
_CLOCKS = {
    "time": frozenset(
        f"{name}{end}"
        for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime")
        for end in ("", "_ns")
    )
    | {"localtime", "gmtime", "ctime", "asctime", "strftime"},
    "builtins": frozenset({"input"}),
}
_DATES = frozenset({"now", "today", "utcnow"})
_ENTROPY = frozenset({"urandom", "getrandom", "generate_time_safe", "UuidCreate"})
# Where calls cannot be seen, what code may call is told by names.
_NAMES = _CLOCKS["time"] | _DATES | _ENTROPY | {"uuid1", "uuid4", "default_rng", "secrets"}


class Outside:
    """Watches a trace for values from outside.

    Args:
        trace: The trace.
        snapshot: What the step depends on.

    Attributes:
        drawn: What random generators gave numbers in the trace, in words, with the user's line; None if none did.
        codes: The code of the user's that ran; None if that cannot be told.
        snapshot: What the step depends on.
    """

    def __init__(self, trace: Trace, snapshot: Snapshot):
        self.drawn: str | None = None
        self._trace, self.snapshot = trace, snapshot
        self.codes: dict | None = None  # as keys, in order
        self._known = {function.__code__ for function in snapshot.functions}  # also of classes of installed packages

    def __enter__(self) -> "Outside":
        self._before = [pickle.dumps(state) for _, _, state in self._states()]
        # A profiler that runs already is left alone; the state of the generators tells about them without it.
        self._profiles = sys.getprofile() is None
        if self._profiles:
            self.codes = {}
            sys.setprofile(self._see)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._profiles:
            sys.setprofile(None)
        elif self._trace.replay_blocker is None:
            names = _NAMES | {"next"} if self.snapshot.has_iterators else _NAMES
            line = line_that_names([function.__code__ for function in self.snapshot.functions], names)
            if line is not None:
                self._block(f"the time or other values from outside may be read at {line}, while a profiler runs")
        for before, (what, names, state) in zip(self._before, self._states(), strict=True):
            if self.drawn is None and pickle.dumps(state) != before:
                codes = list(self.codes or (function.__code__ for function in self.snapshot.functions))
                line = line_that_names(codes, names)
                # Another thread, such as one that prepares data, may have drawn from a generator that all share.
                if line is not None or threading.active_count() == 1:
                    self.drawn = f"numbers were drawn from {what}" + (f" at {line}" if line is not None else "")

    def _states(self) -> Iterator[tuple[str, set[str], Any]]:
        """Yields the generators: in words, what code that uses them calls them, and their state."""
        shared = np.random.mtrand._rand  # the only way to the generator behind `np.random.normal`
        yield "`np.random`", {"random", *_names_bound_to(shared, self.snapshot)}, shared.get_state()
        yield "`random`", {"random", *_names_bound_to(random._inst, self.snapshot)}, random.getstate()
        for place, generator in self.snapshot.generators:
            if generator is not shared and generator is not random._inst:
                yield self.snapshot.describe(place).rstrip(","), {place[1]}, _state_of(generator)

    def _see(self, frame: Any, event: str, called: Any) -> None:
        if event == "call":
            name = frame.f_code.co_filename
            if frame.f_code in self._known or not (is_own_file(name) or is_library_file(name)):
                self.codes[frame.f_code] = None
        # While tracing is paused, something is made once, such as the weights of a layer.
        elif event == "c_call" and self._trace.replay_blocker is None and current_trace() is self._trace:
            what = "next" if called is next and self.snapshot.has_iterators else _source(called)
            if what is not None:
                self._note(what, frame)

    def _note(self, what: str, frame: Any) -> None:
        """Notes a call that the user's code made, also through Python's own modules of random numbers."""
        is_random = what in _ENTROPY
        while frame is not None and (
            frame.f_code.co_filename in _of_python() or (is_random and is_library_file(frame.f_code.co_filename))
        ):
            frame = frame.f_back
        name = "" if frame is None else frame.f_code.co_filename
        if frame is not None and not is_own_file(name) and not is_library_file(name):
            self._block(f"`{what}` was called at {name}:{frame.f_lineno}")

    def _block(self, what: str) -> None:
        self._trace.replay_blocker = what
        self._trace.remedy = "Draw with `minikeras.random`, and give what changes from outside as data"


def _of_python() -> tuple[str, ...]:
    """Returns the files of Python's own modules of random numbers."""
    return tuple(module.__file__ for module in (random, sys.modules.get("uuid")) if module is not None)


def _state_of(generator: Any) -> Any:
    if isinstance(generator, random.Random):
        return generator.getstate()
    # That of a RandomState is more than the bits: every second normal number is kept.
    return generator.get_state() if isinstance(generator, np.random.RandomState) else generator.bit_generator.state


def _source(called: Any) -> str | None:
    """Returns the name of a function written in C if it gives something else each time."""
    name, owner = getattr(called, "__name__", None), getattr(called, "__self__", None)
    if name in _ENTROPY:
        return name
    if name in _DATES and isinstance(owner, type):
        return f"{owner.__name__}.{name}"
    module = getattr(called, "__module__", None)
    return f"{module}.{name}" if name in _CLOCKS.get(module, ()) else None


def _names_bound_to(generator: Any, snapshot: Snapshot) -> set[str]:
    """Returns the names of globals that are methods of a generator, or its module: `from random import gauss`."""
    found = set()
    for function in snapshot.functions:
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            if getattr(value, "__self__", None) is generator or (
                value in (random, np.random) if isinstance(value, ModuleType) else False
            ):
                found.add(name)
    return found
