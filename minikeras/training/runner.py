"""Runs the steps of a model: each is traced once per shape of the data, then its plan is replayed."""

import os
import time
from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any

from ..compiler.step import Step
from ..engine.weak_tables import WeakTable
from .data import Batch

_PATIENCE = 1.0  # seconds to wait for the end of a step before a fork

_runners: WeakTable[bool] = WeakTable()


class Runner:
    """The steps of a model in its present state: its layers, and which of them are trainable.

    Args:
        name: The name of the model's class, for warnings.
        state: What the plans depend on besides the data; a runner is used as long as it does not change.
        replay: False: run every step in Python.

    Attributes:
        lock: Held while a step runs, since several threads may predict with one model.
        results: What the last step returned; None if its results are not used.
        layers: The sublayers of the model at all depths.
        seen: `changes.number` when the state was last compared with that of the model; -1 if it may change unnoticed.
    """

    fork_waits = False  # of all runners: whether a thread waits for the end of their steps to fork this process

    def __init__(self, name: str, state: Any, replay: bool):
        self.state = state
        self.lock = RLock()
        self.results: Any = None
        self.layers: list = []
        self.seen = -1
        self._name = name
        self._replay = replay
        self._steps: dict[str, Step] = {}
        _runners.set(self, True)
        self._gives_results: dict[str, bool] = {}

    def note_layers(self, layers: list, number: int) -> None:
        """Sets `layers` and `seen`: a model that sets attributes of these names itself seems to own a user's."""
        self.layers, self.seen = layers, number

    def add(self, kind: str, function: Callable, gives_results: bool, depends_on: Callable[[], Sequence]) -> None:
        """Adds a step.

        Args:
            kind: "train", "test" or "predict".
            function: What it computes from the nested data of a batch.
            gives_results: Whether its results are used.
            depends_on: Returns the objects whose attributes it reads.
        """
        self._steps[kind] = Step(function, f"{self._name}.{kind}_step", self._replay, depends_on)
        self._gives_results[kind] = gives_results

    def step(self, kind: str) -> Step:
        """Returns a step: "train", "test" or "predict"."""
        return self._steps[kind]

    def run(self, kind: str, batch: Batch) -> Any:
        """Runs a step on a batch; its results are valid until the next run: hold `lock` until they are copied."""
        if self.fork_waits:
            self.let_fork()
        with self.lock:
            return self.run_locked(kind, batch)

    def run_locked(self, kind: str, batch: Batch) -> Any:
        """Does the same for a caller that already holds `lock`."""
        step = self._steps[kind]
        plans = step.plans()
        prepared = batch.ready.get(step)
        if prepared is not None and prepared[0] is plans:
            _, plan, replay = prepared
            replay()
        else:
            known, plan = batch.plans.get((step, batch.size), (None, None))
            if known is not plans:
                plan = step.plan(batch.key)
                if plan is None:
                    self.results = step.trace(batch.arrays(), batch.structure, batch.key)
                    return self.results
                batch.plans[step, batch.size] = plans, plan
            if batch.buffers is None:
                batch.write(plan.inputs)
                plan.run()
            elif batch.is_reused:
                replay = plan.bind_to(batch.buffers)
                batch.ready[step] = plans, plan, replay
                replay()
            else:
                plan.run_on(batch.buffers)
        self.results = plan.results() if self._gives_results[kind] else None
        return self.results

    def let_fork(self) -> None:
        """Waits until another thread has forked this process; called between steps, with no lock held."""
        end = time.monotonic() + _PATIENCE
        while self.fork_waits and time.monotonic() < end:
            time.sleep(0.001)

    def after_fork(self) -> None:
        """Frees a newly forked process from a step of a thread that exists in the parent only."""
        self.lock = RLock()
        for step in self._steps.values():
            step.forget_plans()


class _Fork:
    """Waits for steps in other threads before this process forks.

    A child has the memory of such a step, but not the thread that would finish it: locks would never be released,
    those of BLAS among them.
    """

    def __init__(self) -> None:
        self._held: list[Runner] = []
        self._busy: list[Runner] = []

    def before(self) -> None:
        """Waits for each runner in turn, with a timeout: a thread may wait in a step for the one that forks."""
        Runner.fork_waits = True
        for runner in _runners:
            (self._held if runner.lock.acquire(timeout=_PATIENCE) else self._busy).append(runner)

    def after_in_parent(self) -> None:
        Runner.fork_waits = False
        for runner in self._held:
            runner.lock.release()
        self._held, self._busy = [], []

    def after_in_child(self) -> None:
        for runner in self._busy:
            runner.after_fork()
        self.after_in_parent()


if hasattr(os, "register_at_fork"):
    _fork = _Fork()
    os.register_at_fork(before=_fork.before, after_in_parent=_fork.after_in_parent, after_in_child=_fork.after_in_child)
