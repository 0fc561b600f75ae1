"""Measures how a training scales over processes on MPI, and what it would cost on more of them.

    mpirun -n 1 minikeras run examples/scaling.py --json one.json
    mpirun -n 2 minikeras run examples/scaling.py --json two.json

It prints the times of allreduce calls by size, then those of training steps: with the same batch for all processes
together (strong scaling), and with the same rows for each (weak scaling). From the times of one process and of the
calls, a model predicts those of several, which `docs/scaling.md` explains. Needs `pip install "minikeras[mpi]"`.
"""

from __future__ import annotations

import argparse
import json
import math
from time import perf_counter
from typing import Any

import numpy as np

from minikeras import Sequential, layers
from minikeras.callbacks import Callback
from minikeras.distribution import distribution
from minikeras.utils import set_random_seed

UNITS = (512, 512)
SIZES = (1_000, 10_000, 100_000, 669_706, 4_000_000)  # numbers in an allreduce call


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Runs the measurements with the given command line options; returns them."""
    options = parse_options(arguments)
    current = distribution()
    count = 1 if current is None else current.num_processes
    found: dict[str, Any] = {"processes": count, "allreduce": {}, "strong": {}, "weak": {}}
    if count > 1:
        for size in SIZES:
            found["allreduce"][size] = allreduce_seconds(size, options.repeats)
            print(f"allreduce of {4 * size / 1e6:8.3f} MB: {1e3 * found['allreduce'][size]:8.3f} ms")
    for batch in options.batches:
        found["strong"][batch] = step_seconds(batch, options.repeats)
        found["weak"][batch] = step_seconds(batch * count, options.repeats) if count > 1 else found["strong"][batch]
        print(
            f"batch {batch:5d}: {1e3 * found['strong'][batch]:8.3f} ms a step; "
            f"{batch} rows for each of {count}: {1e3 * found['weak'][batch]:8.3f} ms"
        )
    if options.json and (current is None or current.data_shard_id == 0):
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(found, file)
    return found


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Returns the command line options."""
    parser = argparse.ArgumentParser(description="Times of allreduce calls and of training steps.")
    parser.add_argument("--batches", type=int, nargs="+", default=[64, 256, 1024], help="batch sizes")
    parser.add_argument("--repeats", type=int, default=30, help="repetitions; the shortest counts (default: 30)")
    parser.add_argument("--json", metavar="FILE", help="also write the times to a file")
    return parser.parse_args(arguments)


def allreduce_seconds(size: int, repeats: int) -> float:
    """Returns the shortest time of an allreduce call of float32 numbers: what else runs only lengthens it."""
    from mpi4py import MPI

    array, times = np.ones(size, "float32"), []
    for _ in range(repeats + 3):
        MPI.COMM_WORLD.Barrier()
        start = perf_counter()
        MPI.COMM_WORLD.Allreduce(MPI.IN_PLACE, array)
        times.append(perf_counter() - start)
        array.fill(1)
    return min(times[3:])


def step_seconds(batch: int, repeats: int) -> float:
    """Returns the shortest time of a training step of a network of 784-512-512-10 with Adam."""
    set_random_seed(0)
    x = np.random.normal(size=(4 * batch, 784)).astype("float32")
    y = np.random.randint(0, 10, 4 * batch)
    model = Sequential([layers.Input((784,)), *[layers.Dense(n, "relu") for n in UNITS], layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    timer = Timer()
    model.fit(x, y, batch_size=batch, epochs=-(-repeats // 4) + 1, verbose=0, shuffle=False, callbacks=[timer])
    return min(timer.seconds[3:])  # the first epoch traces the step


class Timer(Callback):
    """Measures the time from the beginning of each step to that of the next."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self._start = 0.0

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Ends the measurement of a step, and begins that of the next.

        Args:
            batch: The index of the batch.
            logs: Not used.
        """
        now = perf_counter()
        if batch:
            self.seconds.append(now - self._start)
        self._start = now


def predicted_step(compute: float, nbytes: float, count: int, latency: float, bandwidth: float) -> float:
    """Returns the time of a step: computing the own rows, then an allreduce of all gradients.

    `compute + 2 ceil(log2(count)) latency + 2 (count - 1) / count * nbytes / bandwidth`

    Args:
        compute: Seconds that a process computes.
        nbytes: Bytes of all gradients.
        count: The number of processes.
        latency: Seconds of a message without content.
        bandwidth: Bytes a second between two processes.
    """
    if count == 1:
        return compute
    return compute + 2 * math.ceil(math.log2(count)) * latency + 2 * (count - 1) / count * nbytes / bandwidth


if __name__ == "__main__":
    main()
