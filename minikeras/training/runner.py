"""Running the steps of a model: each is traced once per shape of the data, then its plan is replayed."""

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any

from ..engine.step import Step
from .data import Batch


class Runner:
    """The steps of a model as it is now: with these layers, these of them trained.

    Args:
        name: The name of the model's class, for warnings.
        state: What the plans depend on besides the data; a runner is used as long as it does not change.
        replay: False: run every step in Python.

    Attributes:
        lock: Held while a step runs, since several threads may predict with one model.
        results: What the last step returned; None if it returns nothing that is used.
    """

    def __init__(self, name: str, state: Any, replay: bool):
        self.state = state
        self.lock = RLock()
        self.results: Any = None
        self._name = name
        self._replay = replay
        self._steps: dict[str, Step] = {}
        self._gives_results: dict[str, bool] = {}

    def add(self, kind: str, function: Callable, gives_results: bool, depends_on: Callable[[], Sequence]) -> None:
        """Adds a step.

        Args:
            kind: "train", "test" or "predict".
            function: What it computes from the nested data of a batch.
            gives_results: Whether it returns anything that is used.
            depends_on: Returns the objects whose attributes it reads.
        """
        self._steps[kind] = Step(function, f"{self._name}.{kind}_step", self._replay, depends_on)
        self._gives_results[kind] = gives_results

    def run(self, kind: str, batch: Batch) -> Any:
        """Runs a step on a batch; what it returns is valid until the next run: hold `lock` until it is copied."""
        with self.lock:
            return self.run_locked(kind, batch)

    def run_locked(self, kind: str, batch: Batch) -> Any:
        """Does the same for a caller that holds `lock` already."""
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
            if batch.places is None:
                batch.write(plan.inputs)
                plan.run()
            elif batch.comes_again:
                replay = plan.at(batch.places)
                batch.ready[step] = plans, plan, replay
                replay()
            else:
                plan.run_at(batch.places)
        self.results = plan.results() if self._gives_results[kind] else None
        return self.results
