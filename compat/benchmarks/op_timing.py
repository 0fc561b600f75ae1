"""Times single ops in the process of a contender: each with its own arrays, the best of several batches of calls."""

import gc
import importlib
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from compat.benchmarks.op_calls import Case
from compat.benchmarks.op_cases import CASES
from compat.benchmarks.op_inputs import SIDES, make

# A batch lasts at least so long (seconds), and a turn takes so many of them: short ones, of which the best counts, are
# disturbed less often than long ones.
BATCH_SECONDS = {"small": 0.001, "medium": 0.002, "large": 0.002}
BATCHES = {"small": 4, "medium": 2, "large": 1}
SHORT_NAMES = {"np": "numpy", "jnp": "jax.numpy", "F": "torch.nn.functional"}
LIBRARIES = {"minikeras": "minikeras.ops", "numpy": "numpy", "torch": "torch", "jax": "jax"}


def prepared(case: Case, contender: str, size: str) -> Callable[[], Any] | None:
    """Returns the call of a case on inputs of a size; None if the contender has no such call."""
    function = resolved(case.calls[contender], LIBRARIES[contender])
    if function is None:
        return None
    arguments = make(case.inputs, size)
    if contender == "torch":
        arguments = _with_tensors(arguments)
    if contender == "jax":
        return _jitted(function, arguments, case.jit)
    return partial(function, *arguments)


def resolved(call: Any, library: str) -> Callable | None:
    """Returns the function that a case names: by a dotted path, or as a function of the module it needs."""
    if call is None:
        return None
    if isinstance(call, str):
        path, _, name = call.rpartition(".")
        first, _, rest = path.partition(".")
        return getattr(importlib.import_module(SHORT_NAMES.get(first, first) + (f".{rest}" if rest else "")), name)
    module, function = call if isinstance(call, tuple) else (library, call)
    return partial(function, importlib.import_module(module))


def _with_tensors(value: Any) -> Any:
    import torch

    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    return type(value)(_with_tensors(each) for each in value) if isinstance(value, list | tuple) else value


def _jitted(function: Callable, arguments: tuple, jit: bool) -> Callable[[], Any]:
    """Returns the call with the arrays as arguments of one compiled function, all else fixed in it."""
    import jax

    leaves, structure = jax.tree.flatten(arguments)
    leaves = [jax.numpy.asarray(leaf) if isinstance(leaf, np.ndarray) else leaf for leaf in leaves]
    arrays = [leaf for leaf in leaves if isinstance(leaf, jax.Array)]

    def run(*arrays: Any) -> Any:
        given = iter(arrays)
        return function(*structure.unflatten([next(given) if isinstance(x, jax.Array) else x for x in leaves]))

    compiled = jax.jit(run) if jit else run
    return lambda: jax.block_until_ready(compiled(*arrays))


class OpTimer:
    """Prepares cases and times them.

    Args:
        contender: Whose calls.
    """

    def __init__(self, contender: str):
        self._contender = contender
        self._calls: dict[tuple[str, str], Callable[[], Any]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def prepare(self, names: Sequence[str]) -> dict[str, str]:
        """Makes the inputs of the cases and calls each once, or more often: compiles, warms up, counts calls a batch.

        Returns:
            The error of each case that cannot be called.
        """
        self._calls, self._counts = {}, {}
        failed = {}
        for name in names:
            for size in SIDES:
                try:
                    call = prepared(CASES[name], self._contender, size)
                    if call is not None:
                        call()
                        self._counts[name, size] = _calls_per_batch(call, BATCH_SECONDS[size])
                        self._calls[name, size] = call
                except Exception:
                    failed[name] = traceback.format_exc()
        return failed

    def measure(self) -> dict[str, dict[str, float]]:
        """Returns the microseconds of each prepared case, by name and size: the best batch of one turn."""
        figures: dict[str, dict[str, float]] = {}
        for (name, size), call in self._calls.items():
            count = self._counts[name, size]
            best = min(_seconds(call, count) for _ in range(BATCHES[size]))
            figures.setdefault(name, {})[size] = 1e6 * best / count
        return figures


def _calls_per_batch(call: Callable[[], Any], seconds: float) -> int:
    count = 1
    while (taken := _seconds(call, count)) < seconds:
        count = max(2 * count, min(10 * count, int(1.1 * count * seconds / max(taken, 1e-9))))
    return count


def _seconds(call: Callable[[], Any], count: int) -> float:
    """Returns what `count` calls take; the garbage collector waits, as in timeit."""
    turns = range(count)
    gc.disable()
    try:
        start = time.perf_counter()
        for _ in turns:
            call()
        return time.perf_counter() - start
    finally:
        gc.enable()
