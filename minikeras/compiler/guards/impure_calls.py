"""Detects impure calls while a step is traced: random numbers of numpy and Python, clocks, entropy and input.

A replay would repeat the values of the trace.
"""

import pickle
import random
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from ...engine.trace import Trace, current_trace
from .code_inspection import first_line_using, is_library_file, is_own_file
from .python_state import Snapshot

# Built-in functions that return a different value each time, by module.
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
# Used where calls cannot be observed: code that reads one of these names may make an impure call.
_IMPURE_NAMES = _CLOCKS["time"] | _DATES | _ENTROPY | {"uuid1", "uuid4", "default_rng", "secrets"}


class ImpureCalls:
    """Observes a trace; the first impure call becomes the replay blocker of the trace.

    Draws from a random generator may happen only once, when something is initialized, so they are only reported.

    Args:
        trace: The trace.
        snapshot: The Python state that the step depends on.

    Attributes:
        random_draws: A description of the generator that was drawn from, with the user's line; None if there was none.
        executed: The user's code objects that ran, as keys in order; None if a profiler was running already.
        snapshot: As the argument.
    """

    def __init__(self, trace: Trace, snapshot: Snapshot):
        self.random_draws: str | None = None
        self._trace, self.snapshot = trace, snapshot
        self.executed: dict | None = None
        self._known = {function.__code__ for function in snapshot.functions}  # may belong to installed packages

    def __enter__(self) -> "ImpureCalls":
        self._before = [pickle.dumps(state) for _, _, state in self._generator_states()]
        # A running profiler is left alone. Draws are still detected, by the states of the generators.
        self._profiles = sys.getprofile() is None
        if self._profiles:
            self.executed = {}
            sys.setprofile(self._profile)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._profiles:
            sys.setprofile(None)
        elif self._trace.replay_blocker is None:
            names = _IMPURE_NAMES | {"next"} if self.snapshot.has_iterators else _IMPURE_NAMES
            line = first_line_using([function.__code__ for function in self.snapshot.functions], names)
            if line is not None:
                self._block(f"the time or other values from outside may be read at {line}, while a profiler runs")
        for before, (what, names, state) in zip(self._before, self._generator_states(), strict=True):
            if self.random_draws is None and pickle.dumps(state) != before:
                executed = list(self.executed or (function.__code__ for function in self.snapshot.functions))
                line = first_line_using(executed, names)
                # Another thread, such as one that loads data, may have drawn from a shared generator.
                if line is not None or threading.active_count() == 1:
                    self.random_draws = f"values were drawn from {what}" + (f" at {line}" if line is not None else "")

    def _generator_states(self) -> Iterator[tuple[str, set[str], Any]]:
        """Yields a description of each generator, the names by which code may refer to it, and its state."""
        shared = np.random.mtrand._rand  # the generator behind `np.random.normal`
        yield "`np.random`", {"random", *_names_bound_to(shared, self.snapshot)}, shared.get_state()
        yield "`random`", {"random", *_names_bound_to(random._inst, self.snapshot)}, random.getstate()
        for path, generator in self.snapshot.generators:
            if generator is not shared and generator is not random._inst:
                yield self.snapshot.describe(path).rstrip(","), {path[1]}, _state_of(generator)

    def _profile(self, frame: Any, event: str, called: Any) -> None:
        if event == "call":
            name = frame.f_code.co_filename
            if frame.f_code in self._known or not (is_own_file(name) or is_library_file(name)):
                self.executed[frame.f_code] = None
        # Code that runs while tracing is paused, such as weight initialization, runs only once.
        elif event == "c_call" and self._trace.replay_blocker is None and current_trace() is self._trace:
            what = "next" if called is next and self.snapshot.has_iterators else _impure_name(called)
            if what is not None:
                self._note(what, frame)

    def _note(self, what: str, frame: Any) -> None:
        """Blocks the replay if the user's code made a call, directly or through Python's random modules."""
        is_random = what in _ENTROPY
        while frame is not None and (
            frame.f_code.co_filename in _random_modules() or (is_random and is_library_file(frame.f_code.co_filename))
        ):
            frame = frame.f_back
        name = "" if frame is None else frame.f_code.co_filename
        if frame is not None and not is_own_file(name) and not is_library_file(name):
            self._block(f"`{what}` was called at {name}:{frame.f_lineno}")

    def _block(self, what: str) -> None:
        self._trace.replay_blocker = what
        self._trace.remedy = "Draw with `minikeras.random`, and pass what changes from outside as data"


def _random_modules() -> tuple[str, ...]:
    """Returns the files of the modules of the standard library that draw random numbers."""
    return tuple(module.__file__ for module in (random, sys.modules.get("uuid")) if module is not None)


def _state_of(generator: Any) -> Any:
    if isinstance(generator, random.Random):
        return generator.getstate()
    # A RandomState also caches every second normal number.
    return generator.get_state() if isinstance(generator, np.random.RandomState) else generator.bit_generator.state


def _impure_name(called: Any) -> str | None:
    """Returns the name of a built-in function if it is impure, else None."""
    name, owner = getattr(called, "__name__", None), getattr(called, "__self__", None)
    if name in _ENTROPY:
        return name
    if name in _DATES and isinstance(owner, type):
        return f"{owner.__name__}.{name}"
    module = getattr(called, "__module__", None)
    return f"{module}.{name}" if name in _CLOCKS.get(module, ()) else None


def _names_bound_to(generator: Any, snapshot: Snapshot) -> set[str]:
    """Returns the names of globals that are methods of a generator or its module, as `gauss` of `random`."""
    found = set()
    for function in snapshot.functions:
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            if getattr(value, "__self__", None) is generator or (
                value in (random, np.random) if isinstance(value, ModuleType) else False
            ):
                found.add(name)
    return found
