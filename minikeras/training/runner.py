"""Running the steps of a model: each is traced once per shape of the data, then its plan is replayed."""

from collections.abc import Callable
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
        results: What the last step returned; None if it returns nothing that is used.
    """

    def __init__(self, name: str, state: Any, replay: bool):
        self.state = state
        self.results: Any = None
        self._name = name
        self._replay = replay
        self._steps: dict[str, Step] = {}
        self._gives_results: dict[str, bool] = {}

    def add(self, kind: str, function: Callable, gives_results: bool) -> None:
        """Adds a step.

        Args:
            kind: "train", "test" or "predict".
            function: What it computes from the nested data of a batch.
            gives_results: Whether it returns anything that is used.
        """
        self._steps[kind] = Step(function, f"{self._name}.{kind}_step", self._replay)
        self._gives_results[kind] = gives_results

    def run(self, kind: str, batch: Batch) -> Any:
        """Runs a step on a batch; what it returns is valid until the next run."""
        step, key = self._steps[kind], batch.key
        plan = step.plan(key)
        if plan is None:
            self.results = step.trace(batch.arrays(), batch.structure, key)
        else:
            batch.write(plan.inputs)
            plan.run()
            self.results = step.results(key) if self._gives_results[kind] else None
        return self.results
