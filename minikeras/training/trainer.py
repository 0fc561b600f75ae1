"""compile, fit, evaluate and predict: a ladder of methods that each do one job.

fit -> _fit_epochs -> _run_epoch -> Runner.run -> a step, traced once, then replayed
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count, islice
from math import isfinite
from typing import Any

import numpy as np

from .. import metrics as metrics_room
from .. import optimizers
from ..argument_checks import check_int, check_optional_int
from ..callbacks import Callback, CallbackList, History
from ..engine import tree
from ..errors import NonFiniteWarning, StateError, warn_user
from ..optimizers import LossScaleOptimizer, Optimizer
from ..typing import Data, LossLike, MetricLike, OptimizerLike
from .adapters import adapted, single_batch, training_data
from .arguments import (
    bar_mode,
    check_callbacks,
    checked_jit,
    checked_shuffle,
    checked_split,
    validation_schedule,
    warn_if_never,
)
from .checks import Resolution, check_outputs, check_step, may_add_losses
from .compiled_loss import CompiledLoss
from .compiled_metrics import CompiledMetrics
from .compiled_trainability import CompiledTrainability
from .data import DATA_NAMES, ArrayData, Batch, Outputs
from .epochs import Epochs, StreamEpochs, epochs_of
from .fit_watcher import watched
from .legacy import LegacyTraining, takes_old_arguments
from .metric_logs import MetricLogs
from .nested_calls import is_running, nestable
from .runner import Runner
from .steps import Steps
from .stream import StreamData


class Trainer(LegacyTraining, MetricLogs):
    """What a model needs to be compiled, trained, evaluated and to predict."""

    _compiled_trainable: CompiledTrainability | None = None

    def __getstate__(self) -> dict:
        # What was made to replay steps is about the variables of this model, not about those of a copy.
        return {**vars(self), "_runner": None}

    _warned_not_finite = False
    optimizer: Optimizer | Any = None
    history: History | Any
    compiled = False
    stop_training = False
    stop_evaluating = False
    stop_predicting = False
    _initial_epoch = 0
    _initial_batch = 0
    run_eagerly = False
    _jit_compile = False
    steps_per_execution = 1

    # ---------------------------------------------------------------- compile

    @takes_old_arguments
    def compile(
        self,
        optimizer: OptimizerLike | None = "rmsprop",
        loss: LossLike | Sequence[Any] = None,
        loss_weights: float | Sequence[Any] | Mapping[str, Any] | None = None,
        metrics: MetricLike | Sequence[Any] = None,
        weighted_metrics: MetricLike | Sequence[Any] = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Says how the model is trained; layers frozen or thawed afterwards count from the next `compile` on.

        As in Keras, a later `compile` without `loss` keeps the loss, one without any metrics keeps the metrics. A
        callback may call it: the next step of the same `fit` goes on with what it says.

        Args:
            optimizer: A name or an optimizer.
            loss: A name, a function or a loss. For a model with several outputs one for all of them, a list in their
                order, a dict by their names, or nested as they are; None for an output without a loss.
            loss_weights: What the loss is multiplied with; for several losses nested as these are.
            metrics: A list of names, functions or metrics. For several outputs a list with one entry for each, a dict
                by their names, or nested as they are; an entry may be a list or None.
            weighted_metrics: The same, updated with the sample weights.
            run_eagerly: Run each step in Python instead of replaying it; slower, but a breakpoint sees it.
            steps_per_execution: How many steps run between two calls of the batch callbacks.
            jit_compile: "auto", which means False, or False; True has no further effect, as steps are always replayed.
            auto_scale_loss: With the dtype policy "mixed_float16", put a `LossScaleOptimizer` around the optimizer.

        Raises:
            UnknownNameError: If a name is not known; nothing is changed then.
            ArgumentError: If losses or metrics are given for an output that the model does not have.

        Source: https://keras.io/api/models/model_training_apis/
        """
        steps = check_int("compile", "steps_per_execution", steps_per_execution, minimum=1)
        jit = checked_jit(jit_compile)
        names, outputs = self._known_outputs()
        if self.compiled:
            before = self._compile_arguments
            if loss is None:
                loss, loss_weights = before["loss"], before["loss_weights"] if loss_weights is None else loss_weights
            if metrics is None and weighted_metrics is None:
                metrics, weighted_metrics = before["metrics"], before["weighted_metrics"]
        compiled_loss = CompiledLoss(loss, loss_weights, names)
        compiled_metrics = CompiledMetrics(metrics, weighted_metrics, names)
        check_outputs(self, outputs, compiled_loss, compiled_metrics)
        found = optimizers.get(optimizer)
        runs = is_running(self)
        if runs and self._runner is not None:
            self._logs_at_compile = self._logs()
        self.optimizer = self._with_loss_scale(found) if auto_scale_loss else found
        self._compiled_loss, self._compiled_metrics = compiled_loss, compiled_metrics
        self._loss_tracker = metrics_room.Mean(name="loss")
        self._compiled_trainable = CompiledTrainability(self)
        self._names_of_results = None
        self.run_eagerly = bool(run_eagerly)
        self._jit_compile = jit and not run_eagerly
        self.steps_per_execution = steps
        self._compile_arguments = {
            "optimizer": optimizer,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }
        self.compiled = True
        self.stop_training = self.stop_training and runs  # a callback may have ended the training before
        self._runner = None

    def _with_loss_scale(self, optimizer: Optimizer | None) -> Optimizer | None:
        """Keeps small gradients of float16 from becoming 0."""
        is_scaled = optimizer is None or isinstance(optimizer, LossScaleOptimizer)
        if is_scaled or self.dtype_policy.name != "mixed_float16":
            return optimizer
        return LossScaleOptimizer(optimizer, name="loss_scale_optimizer")

    @property
    def jit_compile(self) -> bool:
        """Whether `compile` was told to compile steps; they are replayed in any case."""
        return self._jit_compile

    @jit_compile.setter
    def jit_compile(self, value: bool | str) -> None:
        self._jit_compile = checked_jit(value)

    @property
    def loss(self) -> Any:
        """The loss as it was given to `compile`."""
        return self._compile_arguments["loss"] if self.compiled else None

    # ---------------------------------------------------------------- fit

    @takes_old_arguments
    @watched
    @nestable
    def fit(
        self,
        x: Data = None,
        y: Data = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Callback | Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: Data = None,
        shuffle: bool | str = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Data = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
    ) -> History:
        """Trains the model.

        Args:
            x: Inputs, examples along the first axis: an array or a frame of pandas, or a list or dict of them. Or
                batches `(x, y)` or `(x, y, sample_weight)`: from a `PyDataset`, a generator, or anything else to
                iterate over. Each is taken when it is needed. `y` and `sample_weight` are then not given.
            y: Labels.
            batch_size: Examples in a step; by default 32, or what makes `steps_per_epoch` steps.
            epochs: The number of the last epoch.
            verbose: 0: silent, 1: a bar, 2: a line per epoch, "auto": 1.
            callbacks: A list of callbacks.
            validation_split: The share of examples, from the end, to validate with instead of training.
            validation_data: `(x, y)` or `(x, y, sample_weight)` to validate with, or a stream of such batches.
            shuffle: Whether each epoch takes the examples in a new order; "batch" reorders those of each batch alone.
                A `PyDataset` gives its batches in a new order; other streams come as they are.
            class_weight: By class number, what its examples count.
            sample_weight: What each example counts.
            initial_epoch: The number of the first epoch.
            steps_per_epoch: Steps in an epoch; one pass over the data by default. The next epoch goes on after them.
                A generator that ends before all epochs are done interrupts the training, with a warning.
            validation_steps: Batches to validate with; all by default.
            validation_batch_size: Examples in a batch of validation; `batch_size` by default.
            validation_freq: Validate every that many epochs, or after the epochs in a list; the first one is 1.

        Returns:
            The history: `.history` holds a list of values per metric, one per epoch.

        Raises:
            StateError: If the model is not compiled.
            DataError: If the data cannot be used; nothing is trained then.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("fit")
        first = check_int("fit", "initial_epoch", initial_epoch, minimum=0)
        last = check_int("fit", "epochs", epochs, minimum=0)
        verbose = bar_mode(verbose)
        shuffle, fraction = checked_shuffle(shuffle), checked_split(validation_split)
        steps = check_optional_int("fit", "steps_per_epoch", steps_per_epoch, minimum=1)
        limit = check_optional_int("fit", "validation_steps", validation_steps, minimum=1)
        due = validation_schedule(validation_freq)
        check_callbacks(callbacks)
        size = check_optional_int("fit", "validation_batch_size", validation_batch_size, minimum=1)
        train, validation = training_data(
            (x, y, sample_weight), batch_size, steps, class_weight, fraction, validation_data, size, limit
        )
        if validation is not None:
            warn_if_never(due, range(first, last), validation_freq)
        self._prepare(*[data for data in (train, validation) if data is not None], trains=True)
        self._warn_of_outside()
        source = epochs_of(train, shuffle, steps, prepared_for=self._loss_tracker)
        checks = None if validation is None else epochs_of(validation, False, limit, "validation")
        hooks = self._callback_list(callbacks, verbose, epochs=last, steps=source.steps, add_history=True)

        def validate(epoch: int) -> dict:
            return self._validate(checks, hooks) if checks is not None and due(epoch) else {}

        try:
            self._fit_epochs(range(first, last), hooks, source, validate)
        finally:
            for each in (hooks, source, checks):
                if each is not None:
                    each.close()
        return self.history

    def _fit_epochs(
        self, epochs: range, hooks: CallbackList, source: Epochs | StreamEpochs, validate: Callable[[int], dict]
    ) -> None:
        self.stop_training = False
        self._warned_not_finite = False
        logs: dict = {}
        steps = source.steps
        source.restart()
        self._initial_epoch, self._initial_batch = epochs.start, 0
        hooks.on_train_begin()  # a callback may let it go on where an earlier training was interrupted
        done = self._initial_batch
        for epoch in range(self._initial_epoch, epochs.stop):
            if not source.ready():
                break
            if source.steps != steps:  # a `PyDataset` may have another length in each epoch
                steps = source.steps
                hooks.set_params({**hooks.params, "steps": steps})
            self.reset_metrics()
            hooks.on_epoch_begin(epoch)
            logs = self._run_epoch(source, "train", hooks, epoch, done)
            done = 0
            logs |= validate(epoch)
            hooks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        if self.optimizer.use_ema and self.optimizer.built:
            with self._compiled_trainable.as_compiled(self):
                self.optimizer.finalize_variable_values(self.trainable_variables)
        hooks.on_train_end(logs)

    def _validate(self, source: Epochs | StreamEpochs, hooks: CallbackList) -> dict:
        source.restart()
        logs = self._test(source, hooks) if source.ready() else {}
        return {f"val_{name}": value for name, value in logs.items()}

    def _test(self, source: Epochs | StreamEpochs, hooks: CallbackList) -> dict:
        """Returns loss and metrics on data by name."""
        self._prepare(source.data, trains=True)
        source.prepare_for(self._loss_tracker)
        self.reset_metrics()  # which the check of the data may have updated, if the model does it in `call`
        hooks.on_test_begin()
        self.stop_evaluating = False
        logs = self._run_epoch(source, "test", hooks)
        hooks.on_test_end(logs)
        return logs

    # ---------------------------------------------------------------- evaluate and predict

    @takes_old_arguments
    @nestable
    def evaluate(
        self,
        x: Data = None,
        y: Data = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: Data = None,
        steps: int | None = None,
        callbacks: Callback | Sequence[Callback] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Returns loss and metrics on data.

        Args:
            x: Inputs, examples along the first axis, or a stream of batches, as in `fit`.
            y: Labels.
            batch_size: Examples in a step; by default 32, or what makes `steps` steps.
            verbose: 0: silent, 1: a bar, 2: a line, "auto": 1.
            sample_weight: What each example counts.
            steps: The number of batches; all by default.
            callbacks: A list of callbacks.
            return_dict: Return the values by name.

        Returns:
            The loss if it is the only value, else a list in the order of `metrics_names`, or a dict.

        Raises:
            StateError: If the model is not compiled.
            DataError: If the data cannot be used.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("evaluate")
        verbose, limit = bar_mode(verbose), check_optional_int("evaluate", "steps", steps, minimum=1)
        check_callbacks(callbacks)
        data = adapted((x, y, sample_weight), batch_size, limit)
        self._prepare(data, trains=True)
        source = epochs_of(data, False, limit, "evaluation")
        hooks = self._callback_list(callbacks, verbose, epochs=1, steps=_steps(data, limit))
        source.restart()
        try:
            logs = self._test(source, hooks)
        finally:
            hooks.close()
            source.close()
        return self._returned(logs, return_dict)

    @takes_old_arguments
    @nestable
    def predict(
        self,
        x: Data,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: Callback | Sequence[Callback] | None = None,
    ) -> Any:
        """Returns the outputs for inputs, computed batch by batch.

        Args:
            x: Inputs, examples along the first axis, or a stream of batches `x`, `(x,)` or `(x, y)`.
            batch_size: Examples in a step; by default 32, or what makes `steps` steps.
            verbose: 0: silent, 1 or 2: a bar, "auto": 1.
            steps: The number of batches; all by default.
            callbacks: A list of callbacks.

        Returns:
            An array with the examples along its first axis; nested as the model nests its outputs.

        Raises:
            DataError: If the data cannot be used.

        Source: https://keras.io/api/models/model_training_apis/
        """
        verbose, limit = bar_mode(verbose), check_optional_int("predict", "steps", steps, minimum=1)
        check_callbacks(callbacks)
        data = adapted((x,), batch_size, limit)
        total = _steps(data, limit)
        self._prepare(data, trains=False)
        source = epochs_of(data, False, limit, "prediction")
        hooks = self._callback_list(callbacks, verbose, epochs=1, steps=total)
        outputs = Outputs(None if isinstance(data, StreamData) else min(data.size, total * data.batch_size))
        self.stop_predicting = False
        try:
            hooks.on_predict_begin()
            if self._runner is None:  # a callback has compiled the model
                self._prepare(data, trains=False)
            self._predict_batches(source.next(), outputs, hooks)
            hooks.on_predict_end()
        finally:
            hooks.close()
            source.close()
        return outputs.joined()

    def _predict_batches(self, batches: Iterator[Batch], outputs: Outputs, hooks: CallbackList) -> None:
        begin, end = hooks.batch_hook("on_predict_batch_begin"), hooks.batch_hook("on_predict_batch_end")
        runner, add, group = self._runner, outputs.add, self.steps_per_execution
        run, lock = runner.run_locked, runner.lock
        for index, batch in zip(count(step=group), batches):
            if begin is not None:
                begin(index, None)
            start = outputs.filled
            for part in (batch, *islice(batches, group - 1)) if group > 1 else (batch,):
                if runner.fork_waits:
                    runner.let_fork()
                with lock:
                    add(run("predict", part), part.size)
            if end is not None:
                end(index + group - 1, partial(outputs.logs, start))
            if self.stop_predicting:
                break

    # ---------------------------------------------------------------- single batches

    @nestable
    @takes_old_arguments
    def train_on_batch(
        self,
        x: Data,
        y: Data = None,
        sample_weight: Data = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Updates the weights on one batch; returns loss and metrics on it, before the update.

        Args:
            x: Inputs, examples along the first axis.
            y: Labels.
            sample_weight: What each example counts.
            class_weight: By class number, what its examples count.
            return_dict: Return the values by name.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("train_on_batch")
        return self._on_batch("train", single_batch((x, y, sample_weight), class_weight), return_dict)

    @nestable
    @takes_old_arguments
    def test_on_batch(self, x: Data, y: Data = None, sample_weight: Data = None, return_dict: bool = False) -> Any:
        """Returns loss and metrics on one batch, changing no weight.

        Args:
            x: Inputs, examples along the first axis.
            y: Labels.
            sample_weight: What each example counts.
            return_dict: Return the values by name.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("test_on_batch")
        return self._on_batch("test", single_batch((x, y, sample_weight)), return_dict)

    @nestable
    def predict_on_batch(self, x: Data) -> Any:
        """Returns the outputs for one batch of inputs.

        Source: https://keras.io/api/models/model_training_apis/
        """
        data = ArrayData((x,), DATA_NAMES[:1], whole=True)
        self._prepare(data, trains=False)
        with self._runner.lock:
            return tree.map_structure(np.array, self._runner.run("predict", data.first()))

    def _on_batch(self, kind: str, whole: ArrayData, return_dict: bool) -> object:
        self._prepare(whole, trains=True)
        if kind == "train":
            self._warn_of_outside()
        self.reset_metrics()
        self._runner.run(kind, whole.first())
        if kind == "train" and not isfinite(self._loss_tracker.total.buffer):
            self._warn_not_finite(f"after update {int(self.optimizer.iterations)}")
        logs = self._logs()
        return self._returned(logs, return_dict)

    # ---------------------------------------------------------------- running steps

    def _run_epoch(
        self, source: Epochs | StreamEpochs, kind: str, hooks: CallbackList, epoch: int | None = None, done: int = 0
    ) -> dict:
        """Runs the steps of one pass, but for those that are done already; returns what was measured in it."""
        batches = iter(source.next())
        stop = "stop_training" if kind == "train" else "stop_evaluating"
        if done:
            batches = self._resumed(source, batches, hooks, done)
        begin, end = hooks.batch_hook(f"on_{kind}_batch_begin"), hooks.batch_hook(f"on_{kind}_batch_end")
        logs, index = self._logs, done
        runner: Any = False  # none yet
        for batch in batches:
            if begin is not None:
                begin(index, None)
            if self._runner is not runner:  # this is the first step, or a callback has compiled the model
                runner, group, loss_sum = self._runner_now(source)
                run = runner.run
            run(kind, batch)
            for more in islice(batches, group - 1) if group > 1 else ():
                run(kind, more)
            index += group
            if epoch is not None and not isfinite(loss_sum):
                self._warn_not_finite(f"from epoch {epoch + 1}, step {index} on")
            if end is not None:
                end(index - 1, logs)
            if getattr(self, stop):
                break
        return self._logs_at_compile if source.prepared_for is not self._loss_tracker else self._logs()

    def _runner_now(self, source: Epochs | StreamEpochs) -> tuple[Runner, int, np.ndarray]:
        """Returns what runs the steps, how many it runs between two callbacks, and where the loss is summed up."""
        if self._runner is None or source.prepared_for is not self._loss_tracker:
            self._prepare(source.data, trains=True)
            source.prepare_for(self._loss_tracker)
            self.reset_metrics()  # all values are from here on
        return self._runner, self.steps_per_execution, self._loss_tracker.total.buffer

    def _resumed(
        self, source: Epochs | StreamEpochs, batches: Iterator[Batch], hooks: CallbackList, done: int
    ) -> Iterator[Batch]:
        """Passes over the batches that are done, and lets callbacks restore what was measured with them."""
        self._runner_now(source)
        for _ in islice(batches, done):
            pass
        hooks.resume()
        return iter(()) if self.stop_training else batches

    def _prepare(self, *datasets: ArrayData | StreamData, trains: bool) -> None:
        """Checks data against the model, before any step and, as far as it can be, before anything is built."""
        self._check_outside_of_steps(trains)
        unknown = []
        resolved: list[Resolution] = []
        if trains:
            self._compiled_loss.output_names = self._compiled_metrics.output_names = self._names_of_outputs()
        for data in datasets:
            self._check_alike(datasets[0], data)
            outputs = self._checked_outputs(data)
            if outputs is None or (trains and not self._compiled_loss and may_add_losses(self)):
                unknown.append(data)  # to know its outputs, or its own losses, the model has to be run
            elif trains:
                check_step(self, data, outputs, resolved)
        # A step of the user's own may use the model in another way: what is not built then is built by it.
        own_step = any(map(self._own_step, ("train", "test") if trains else ("predict",)))
        for data in datasets if not own_step else ():
            self._build_for(data)
        if trains and not own_step:
            for data in unknown:
                check_step(self, data, None, resolved)
            self._build_optimizer()
        for each in resolved:
            each.use(self)
        # The steps stay the same as long as no layer or weight is added or removed.
        layers, weights = tuple(map(id, self._flat_layers())), tuple(sorted(map(id, self.weights)))
        state = (layers, weights, self.run_eagerly)
        if self._runner is None or self._runner.state != state:
            self._runner = self._new_runner(state)

    def _new_runner(self, state: Any) -> Runner:
        runner = Runner(type(self).__name__, state, replay=not self.run_eagerly)
        runner.add("predict", self._own_step("predict") or self.predict_step, True, self._read_by_predict)
        for kind, update in (("train", self._train_update), ("test", self._test_update)):
            # The metrics are read when somebody wants them; a step of the user's own returns its values itself.
            own_step, own_metrics = self._own_step(kind), type(self).compute_metrics is not Steps.compute_metrics
            step = partial(self._as_compiled, own_step or update)
            runner.add(kind, step, own_metrics or own_step is not None, self._read_by_training)
        return runner

    def _warn_not_finite(self, when: str) -> None:
        """Warns once per training that the loss is no number any more."""
        if not self._warned_not_finite:
            self._warned_not_finite = True
            warn_user(
                f"The loss is not finite (NaN or infinite) {when}. "
                "Look for NaN or infinity in the data, or for a learning rate that is too large.",
                NonFiniteWarning,
            )

    def _callback_list(self, callbacks: object, verbose: int, add_history: bool = False, **params: Any) -> CallbackList:
        if isinstance(callbacks, CallbackList):
            return callbacks
        return CallbackList(
            callbacks, add_history=add_history, add_progbar=verbose != 0, model=self, verbose=verbose, **params
        )

    def _require_compiled(self, method: str) -> None:
        if not self.compiled:
            raise StateError(f"`{method}` needs a compiled model: call `model.compile(optimizer=..., loss=...)` first.")


def _steps(data: ArrayData | StreamData, limit: int | None) -> int | None:
    """Returns the number of steps of one pass that ends early; None if nobody knows."""
    return limit if data.steps is None else min(data.steps, limit or data.steps)
