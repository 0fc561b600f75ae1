"""The process of one contender: it waits for orders, does one at a time and reports.

    python -m compat.benchmarks.worker CONTENDER DATA-FOLDER REPORT-FILE-DESCRIPTOR

Orders are lines of JSON on standard input, reports lines of JSON on the descriptor. Standard output and standard error
belong to the contender: its progress bar goes there.
"""

import json
import os
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from compat.benchmarks.contenders import EVERY_CONTENDER
from compat.benchmarks.op_timing import OpTimer
from compat.benchmarks.workloads import (
    GENERATED,
    NETWORK_WORKLOADS,
    PREDICT_BATCH,
    SINGLE_CALLS,
    Augmentation,
    MissingError,
    Workload,
    load_data,
)

# A turn repeats what is quick, so that there are enough samples, and cuts short a thousand calls that take too long.
TURN_SECONDS = 1.0
TURN_SAMPLES = 10
SINGLE_SECONDS = 5.0
BUSY_REPEATS = 3


class Worker:
    """A contender that has loaded its library and the data.

    Args:
        contender: Its name.
        folder: The folder of the data.
    """

    def __init__(self, contender: str, folder: Path):
        self._contender = contender
        self._data = load_data(folder)
        self._side = EVERY_CONTENDER[contender].side(self._data)
        self._samplers: dict[str, Callable[[], float]] = {}
        self._ops = OpTimer(contender)

    def do(self, order: dict) -> dict:
        """Carries out an order and returns the report."""
        try:
            return getattr(self, f"_{order.pop('do')}")(**order)
        except MissingError as error:
            return {"missing": str(error)}
        except Exception:
            return {"failed": traceback.format_exc()}

    def _about(self) -> dict:
        return {"blas": blas()}

    def _prepare(self, workload: str) -> dict:
        """Does everything once that is not measured: build, compile, trace, and one pass."""
        self._samplers[workload] = self._sampler(NETWORK_WORKLOADS[workload])
        return {}

    def _measure(self, workload: str) -> dict:
        """Returns the samples of one turn."""
        samples = []
        start = time.perf_counter()
        while not samples or (time.perf_counter() - start < TURN_SECONDS and len(samples) < TURN_SAMPLES):
            samples.append(self._samplers[workload]())
        return {"samples": samples}

    def _prepare_ops(self, cases: list[str]) -> dict:
        """Does the same for calls of single ops; says which raised an error."""
        return {"broken": self._ops.prepare(cases)}

    def _measure_ops(self) -> dict:
        """Returns the figures of one turn, by case and size."""
        return {"figures": self._ops.measure()}

    def _first(self, workload: str) -> dict:
        """Builds, compiles and trains one epoch in this process, which has done nothing before."""
        before = reset_peak_memory()
        start = time.perf_counter()
        self._side.start(NETWORK_WORKLOADS[workload].network).epoch()
        seconds = time.perf_counter() - start
        return {"first": seconds, "memory": (peak_memory() - before) / 1e6}

    def _sampler(self, workload: Workload) -> Callable[[], float]:
        network = workload.network
        if workload.kind == "tracing":
            self._side.tracing(network)  # says so if there is nothing to trace
            return lambda: 1e3 * self._side.tracing(network)
        if workload.kind == "augment":
            return self._augmenter(network)
        is_busy = workload.kind.startswith("busy-")
        if is_busy and self._contender != "minikeras":
            raise MissingError("measured for minikeras alone")
        trained = self._side.start(network)
        trained.epoch()
        if workload.kind == "epoch":
            return lambda: timed(trained.epoch)
        if workload.kind == "step":
            steps = -(-min(network.examples, len(self._data.x_train)) // network.batch_size)
            return lambda: 1e3 * timed(trained.epoch) / steps
        if workload.kind == "generate":
            trained.generate(2)
            return lambda: timed(lambda: trained.generate(GENERATED))
        if workload.kind == "stateful":
            return lambda: 1e3 * many_calls(trained.advance) / SINGLE_CALLS
        images = self._data.x_test.reshape(-1, *network.shape)
        if is_busy:
            run = trained.epoch if workload.kind == "busy-epoch" else lambda: trained.predict(images, PREDICT_BATCH)
            return lambda: slowdown(run)
        if workload.kind == "predict":
            trained.predict(images, PREDICT_BATCH)
            return lambda: timed(lambda: trained.predict(images, PREDICT_BATCH))
        trained.predict(images[:1], PREDICT_BATCH)
        return lambda: many_calls(lambda: trained.predict(images[:1], PREDICT_BATCH))

    def _augmenter(self, network: Augmentation) -> Callable[[], float]:
        if not hasattr(self._side, "augmented"):
            raise MissingError("layers that augment images")
        augmented = self._side.augmented(network)
        batches = len(augmented())
        return lambda: 1e3 * timed(augmented) / batches


def timed(function: Callable[[], object]) -> float:
    """Returns the seconds a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def slowdown(function: Callable[[], object]) -> float:
    """Returns how many times as long a call takes while each core has another process that never waits."""
    function()
    idle = min(timed(function) for _ in range(BUSY_REPEATS))
    with busy_cores():
        function()
        return median(timed(function) for _ in range(BUSY_REPEATS)) / idle


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keeps each core busy with a process for the time of a block."""
    processes = [
        subprocess.Popen([sys.executable, "-c", "print(flush=True)\nwhile True: pass"], stdout=subprocess.PIPE)
        for _ in os.sched_getaffinity(0)
    ]
    try:
        for process in processes:
            process.stdout.readline()  # it has begun
        yield
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def many_calls(
    function: Callable[[], object],
    calls: int = SINGLE_CALLS,
    limit: float = SINGLE_SECONDS,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Returns the seconds that so many calls take; after `limit` seconds, worked out from those that were made."""
    start = clock()
    made, seconds = 0, 0.0
    while made < calls and seconds < limit:
        function()
        made += 1
        seconds = clock() - start
    return seconds * calls / made


def peak_memory() -> int:
    """Returns the most memory this process has had at any time, in bytes (from Linux's /proc)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1))


def reset_peak_memory() -> int:
    """Sets the peak to what this process has now, and returns it, so that a peak while loading hides none later."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_memory()


def blas() -> str:
    """Says which kernels numpy's BLAS runs and on how many threads."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return "unknown (threadpoolctl, which comes with scikit-learn, is not installed)"
    import numpy as np

    # Wheels of numpy bring their BLAS in the folder numpy.libs (or numpy/.dylibs) beside or inside the package.
    numpys = [
        info
        for info in threadpool_info()
        if info["user_api"] == "blas" and info["filepath"].startswith(str(Path(np.__file__).parent))
    ]
    found = [
        "{internal_api} {version}, kernels for {architecture}, {num_threads} threads".format_map(
            {"architecture": "?", **info}
        )
        for info in numpys
    ]
    return "; ".join(found) or "unknown (numpy's BLAS is not one that threadpoolctl knows)"


def main(arguments: list[str]) -> None:
    """Serves orders until standard input ends."""
    contender, folder, descriptor = arguments
    with os.fdopen(int(descriptor), "w", encoding="utf-8") as reports:

        def report(content: dict[str, Any]) -> None:
            reports.write(json.dumps(content) + "\n")
            reports.flush()

        try:
            worker = Worker(contender, Path(folder))
        except Exception:
            report({"failed": traceback.format_exc()})
            return
        report({})
        for line in sys.stdin:
            report(worker.do(json.loads(line)))


if __name__ == "__main__":
    main(sys.argv[1:])
