"""Preparing and running steps: `_prepare`, `_run_epoch` and `_predict_batches`."""

from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from math import isfinite
from typing import Any

import numpy as np

from ..callbacks import CallbackList
from ..engine.replicas import current, in_step
from ..engine.watched import changes
from ..errors import NonFiniteWarning, warn_user
from .checks import Resolution, check_step, may_add_losses
from .compiling import Compiling
from .data import ArrayData, Batch, Outputs
from .epochs import Epochs, StreamEpochs
from .runner import Runner
from .shared_logs import SharedLogs
from .sharing import check_compiled, joined, sharing_run
from .sharing import stops as stopping
from .steps import Steps
from .stream import StreamData


class Running(Compiling):
    """The part of a model that runs steps, traced once and then replayed."""

    stop_evaluating = False
    stop_predicting = False
    _warned_not_finite = False

    def __getstate__(self) -> dict:
        # The plans of steps are bound to the variables of this model, not to those of a copy.
        return {**vars(self), "_runner": None, "_symbolic_outputs": None, "_metrics_of_layers": (-1, [])}

    def _run_epoch(
        self, source: Epochs | StreamEpochs, kind: str, hooks: CallbackList, epoch: int | None = None, done: int = 0
    ) -> dict:
        """Runs the steps of one pass, skipping completed ones; returns the logs."""
        batches = iter(source.next())
        stop = "stop_training" if kind == "train" else "stop_evaluating"
        if done:
            batches = self._resumed(source, batches, hooks, done)
        begin, end = hooks.batch_hook(f"on_{kind}_batch_begin"), hooks.batch_hook(f"on_{kind}_batch_end")
        replicas = current()
        logs: Any = self._logs if replicas is None else SharedLogs(self)
        stops, index = stopping(self, stop, hooks.watches(f"{kind}_batch")), done
        runner: Any = False  # none yet
        for batch in batches:
            if begin is not None:
                begin(index, None)
            if self._runner is not runner:  # the first step, or the first after a callback has compiled the model
                runner, group, loss_sum = self._runner_now(source)
                run = runner.run if replicas is None else sharing_run(self, runner.run, replicas)
            run(kind, batch)
            for more in islice(batches, group - 1) if group > 1 else ():
                run(kind, more)
            index += group
            if epoch is not None and not isfinite(loss_sum):
                self._warn_not_finite(f"from epoch {epoch + 1}, step {index} on")
            if end is not None:
                end(index - 1, logs)
            if stops():
                break
        return self._logs_at_compile if source.prepared_for is not self._loss_tracker else self._logs()

    def _predict_batches(self, batches: Iterator[Batch], outputs: Outputs, hooks: CallbackList) -> Any:
        """Runs the steps of a prediction; returns the outputs."""
        begin, end = hooks.batch_hook("on_predict_batch_begin"), hooks.batch_hook("on_predict_batch_end")
        runner, add, group = self._runner, outputs.add, self.steps_per_execution
        run, lock = runner.run_locked, runner.lock
        replicas, counts = current(), []
        stops = stopping(self, "stop_predicting", hooks.watches("predict_batch"))
        for index, batch in zip(count(step=group), batches):
            if begin is not None:
                begin(index, None)
            start = outputs.filled
            for part in (batch, *islice(batches, group - 1)) if group > 1 else (batch,):
                if runner.fork_waits:
                    runner.let_fork()
                with lock:
                    if replicas is not None:
                        counts.append(replicas.rows)
                    found = run("predict", part)
                    if replicas is None or replicas.rows:
                        add(found, part.size)
            if end is not None:
                end(index + group - 1, partial(outputs.logs, start))
            if stops():
                break
        return joined(outputs, counts)

    def _runner_now(self, source: Epochs | StreamEpochs) -> tuple[Runner, int, np.ndarray]:
        """Returns the runner, the number of steps between callbacks, and the buffer that sums the loss."""
        if self._runner is None or source.prepared_for is not self._loss_tracker:
            self._prepare(source.data, trains=True)
            source.prepare_for(self._loss_tracker)
            check_compiled(self)
            self.reset_metrics()  # values before this are not comparable
        return self._runner, self.steps_per_execution, self._loss_tracker.total.buffer

    def _resumed(
        self, source: Epochs | StreamEpochs, batches: Iterator[Batch], hooks: CallbackList, done: int
    ) -> Iterator[Batch]:
        """Skips completed batches, and lets callbacks restore the metrics."""
        self._runner_now(source)
        for _ in islice(batches, done):
            pass
        hooks.resume()
        return iter(()) if self.stop_training else batches

    def _prepare(self, *datasets: ArrayData | StreamData, trains: bool) -> None:
        """Checks data against the model before any step, and if possible before anything is built."""
        self._check_outside_of_steps(trains)
        resolved: list[Resolution] = []
        unknown = self._check_datasets(datasets, trains, resolved)
        # A custom step may call the model differently, so it builds what is not built.
        if not any(map(self._own_step, ("train", "test") if trains else ("predict",))):
            for data in datasets:
                self._build_for(data)
            if trains:
                for data in unknown:
                    check_step(self, data, None, resolved)
                self._build_optimizer()
        for each in resolved:
            each.use(self)
        self._renew_runner()

    def _check_datasets(self, datasets: tuple, trains: bool, resolved: list[Resolution]) -> list:
        """Checks data without running the model; returns the data for which outputs or losses are unknown."""
        if trains:
            self._compiled_loss.output_names = self._compiled_metrics.output_names = self._names_of_outputs()
        unknown = []
        for data in datasets:
            self._check_alike(datasets[0], data)
            outputs = self._checked_outputs(data)
            if outputs is None or (trains and not self._compiled_loss and may_add_losses(self)):
                unknown.append(data)
            elif trains:
                check_step(self, data, outputs, resolved)
        return unknown

    def _renew_runner(self) -> None:
        """Creates a new runner if layers or weights were added or removed."""
        if self._runner_is_up_to_date() and self._runner.state[2] == self.run_eagerly:
            return
        number, layers = changes.number, self._flat_layers()
        state = (tuple(map(id, layers)), tuple(sorted(map(id, self.weights))), self.run_eagerly, id(current()))
        if self._runner is None or self._runner.state != state:
            self._runner = self._new_runner(state)
        may_grow_unnoticed = any(each._tracker.has_unwatched for each in (self, *layers))
        self._runner.note_layers(layers, -1 if may_grow_unnoticed else number)

    def _runner_is_up_to_date(self) -> bool:
        """Whether no layers or weights can have been added or removed since the runner was compared with the model."""
        return self._runner is not None and self._runner.seen == changes.number

    def _layers_inside(self) -> list:
        """Returns the sublayers at all depths."""
        return self._runner.layers if self._runner_is_up_to_date() else self._flat_layers()

    def _new_runner(self, state: Any) -> Runner:
        runner = Runner(type(self).__name__, state, replay=not self.run_eagerly)
        runner.add("predict", self._own_step("predict") or self.predict_step, True, self._read_by_predict)
        for kind, update in (("train", self._train_update), ("test", self._test_update)):
            # Metrics are read on demand; a custom step returns their values itself.
            own_step, own_metrics = self._own_step(kind), type(self).compute_metrics is not Steps.compute_metrics
            step = in_step(kind, partial(self._as_compiled, own_step or update))
            runner.add(kind, step, own_metrics or own_step is not None, self._read_by_training)
        return runner

    def _warn_not_finite(self, when: str) -> None:
        """Warns once per training that the loss is not finite."""
        if not self._warned_not_finite:
            self._warned_not_finite = True
            warn_user(
                f"The loss is not finite (NaN or infinite) {when}. "
                "Look for NaN or infinity in the data, or for a learning rate that is too large.",
                NonFiniteWarning,
            )
