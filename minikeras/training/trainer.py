"""compile, fit, evaluate and predict: a ladder of methods that each do one job.

    fit -> _fit_epochs -> _run_epoch -> _run_group -> _run_batch -> a step, traced once, then replayed
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .. import metrics as metrics_room
from .. import optimizers
from ..callbacks import CallbackList, History
from ..callbacks.logs import python_logs
from ..engine import tree
from ..engine.step import Step
from ..engine.trace import paused_tracing
from ..errors import ArgumentError, ArgumentTypeError, DataError, NonFiniteWarning, StateError, warn_user
from .compiled_loss import CompiledLoss
from .compiled_metrics import CompiledMetrics
from .data import ArrayData, Batch, class_weights_to_samples, positive_int, split
from .steps import Steps

_NAMES = ("x", "y", "sample_weight")


class Trainer(Steps):
    """What a model needs to be compiled, trained, evaluated and to predict."""

    _compiled_loss: CompiledLoss | None = None
    _compiled_metrics: CompiledMetrics | None = None
    _loss_tracker: Any = None
    _auto_scale_loss = True
    optimizer: Any = None
    compiled = False
    stop_training = False
    run_eagerly = False
    steps_per_execution = 1

    # ---------------------------------------------------------------- compile

    def compile(
        self,
        optimizer: object = "rmsprop",
        loss: object = None,
        loss_weights: object = None,
        metrics: object = None,
        weighted_metrics: object = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: object = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Says how the model is trained.

        Args:
            optimizer: A name or an optimizer.
            loss: A name, a function or a loss.
            loss_weights: What the loss is multiplied with.
            metrics: A list of names, functions or metrics.
            weighted_metrics: The same, updated with the sample weights.
            run_eagerly: Run each step in Python instead of replaying it; slower, but a breakpoint sees it.
            steps_per_execution: How many steps run between two calls of the batch callbacks.
            jit_compile: "auto" or False; True has no further effect, steps are always compiled to a plan.
            auto_scale_loss: Let the optimizer scale the loss, if it has a `loss_scale_factor`.

        Raises:
            UnknownNameError: If a name is not known; nothing is changed then.

        Source: https://keras.io/api/models/model_training_apis/
        """
        steps = positive_int("steps_per_execution", steps_per_execution)
        if jit_compile not in ("auto", True, False):
            raise ArgumentError(f"`jit_compile` must be 'auto', True or False. Received: {jit_compile!r}")
        if jit_compile is True:
            warn_user("`jit_compile=True` has no further effect: minikeras always replays a plan.", UserWarning)
        compiled_loss = CompiledLoss(loss, loss_weights)
        compiled_metrics = CompiledMetrics(metrics, weighted_metrics)
        self.optimizer = optimizers.get(optimizer)
        self._compiled_loss, self._compiled_metrics = compiled_loss, compiled_metrics
        self._loss_tracker = metrics_room.Mean(name="loss")
        self.run_eagerly = bool(run_eagerly)
        self.steps_per_execution = steps
        self._auto_scale_loss = bool(auto_scale_loss)
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
        self.stop_training = False
        self._steps: dict[str, Step] = {}

    @property
    def loss(self) -> object:
        """The loss as it was given to `compile`."""
        return self._compile_arguments["loss"] if self.compiled else None

    @property
    def metrics(self) -> list:
        """The metric objects of the model: the tracker of the loss, then those of `compile`."""
        own = [] if self._loss_tracker is None else [self._loss_tracker]
        return own + (self._compiled_metrics.metrics if self._compiled_metrics is not None else [])

    @property
    def metrics_names(self) -> list[str]:
        """The names under which `evaluate` returns values, in its order."""
        return list(self.get_metrics_result())

    def reset_metrics(self) -> None:
        """Sets all metrics back to their first state."""
        for metric in self.metrics:
            metric.reset_state()

    # ---------------------------------------------------------------- fit

    def fit(
        self,
        x: object = None,
        y: object = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: object = None,
        validation_split: float = 0.0,
        validation_data: object = None,
        shuffle: bool | str = True,
        class_weight: dict | None = None,
        sample_weight: object = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
    ) -> History:
        """Trains the model.

        Args:
            x: Inputs, examples along the first axis: an array, or a list or dict of arrays.
            y: Labels.
            batch_size: Examples in a step; 32 by default.
            epochs: The number of the last epoch.
            verbose: 0: silent, 1: a bar, 2: a line per epoch, "auto": 1.
            callbacks: A list of callbacks.
            validation_split: The share of examples, from the end, to validate with instead of training.
            validation_data: `(x, y)` or `(x, y, sample_weight)` to validate with.
            shuffle: Whether each epoch takes the examples in a new order; "batch" reorders whole batches.
            class_weight: By class number, what its examples count.
            sample_weight: What each example counts.
            initial_epoch: The number of the first epoch.
            steps_per_epoch: Steps in an epoch; one pass over the data by default.
            validation_steps: Batches to validate with; all by default.
            validation_batch_size: Examples in a batch of validation; `batch_size` by default.
            validation_freq: Validate every that many epochs, or in the epochs of a list.

        Returns:
            The history: `.history` holds a list of values per metric, one per epoch.

        Raises:
            StateError: If the model is not compiled.
            DataError: If the data cannot be used; nothing is trained then.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("fit")
        first, last = positive_int("initial_epoch", initial_epoch, 0), positive_int("epochs", epochs, 0)
        check_verbose(verbose)
        if shuffle not in (True, False, "batch"):
            raise ArgumentError(f"`shuffle` must be True, False or 'batch'. Received: shuffle={shuffle!r}")
        train, validation = self._training_data(
            (x, y, sample_weight), class_weight, batch_size, validation_split, validation_data, validation_batch_size
        )
        steps = None if steps_per_epoch is None else positive_int("steps_per_epoch", steps_per_epoch)
        limit = None if validation_steps is None else positive_int("validation_steps", validation_steps)
        due = _validation_schedule(validation_freq)
        self._prepare(train, needs_labels=True)
        verbose = 1 if verbose == "auto" else verbose
        hooks = self._callback_list(
            callbacks, verbose, add_history=True, epochs=last, steps=train.steps if steps is None else steps
        )
        try:
            self._fit_epochs(
                range(first, last),
                hooks,
                _BatchSource(train, shuffle, steps),
                None if validation is None else lambda epoch: self._validate(validation, limit, hooks, due(epoch)),
            )
        finally:
            hooks.close()
        return self.history

    def _training_data(
        self,
        data: tuple,
        class_weight: dict | None,
        batch_size: int | None,
        fraction: float,
        validation_data: object,
        validation_batch_size: int | None,
    ) -> tuple[ArrayData, ArrayData | None]:
        """Returns the checked data to train and to validate with."""
        train = ArrayData(data, _NAMES, batch_size)
        if validation_batch_size is None:
            validation_batch_size = train.batch_size
        if isinstance(fraction, bool) or not isinstance(fraction, (int, float)) or not 0 <= fraction < 1:
            raise ArgumentError(f"`validation_split` must be in [0, 1). Received: validation_split={fraction!r}")
        validation = None
        if validation_data is not None:
            validation = ArrayData(_triple(validation_data), tuple(f"validation {n}" for n in _NAMES), validation_batch_size)
        elif fraction:
            data, rest = split(train.structure, fraction)
            train = ArrayData(data, _NAMES, batch_size)
            validation = ArrayData(rest, _NAMES, validation_batch_size)
        if class_weight is not None:
            if data[2] is not None:
                raise ArgumentError("`class_weight` and `sample_weight` cannot both be given.")
            weights = class_weights_to_samples(train.structure[1], class_weight)
            train = ArrayData((*train.structure[:2], weights), _NAMES, batch_size)
        return train, validation

    def _fit_epochs(self, epochs: range, hooks: CallbackList, source: "_BatchSource", validate: Callable | None) -> None:
        self.stop_training = False
        self._warned_not_finite = False
        logs: dict = {}
        hooks.on_train_begin()
        for epoch in epochs:
            self.reset_metrics()
            hooks.on_epoch_begin(epoch)
            self._run_epoch(source.epoch(), "train", hooks, epoch)
            logs = self._logs()
            if validate is not None:
                logs |= validate(epoch)
            hooks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        hooks.on_train_end(logs)

    def _validate(self, data: ArrayData, limit: int | None, hooks: CallbackList, due: bool) -> dict:
        if not due:
            return {}
        self._prepare(data, needs_labels=True)
        self.reset_metrics()
        hooks.on_test_begin()
        self._run_epoch(_first(data.batches(), limit), "test", hooks)
        logs = self._logs()
        hooks.on_test_end(logs)
        return {f"val_{name}": value for name, value in logs.items()}

    # ---------------------------------------------------------------- evaluate and predict

    def evaluate(
        self,
        x: object = None,
        y: object = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: object = None,
        steps: int | None = None,
        callbacks: object = None,
        return_dict: bool = False,
    ) -> object:
        """Returns loss and metrics on data.

        Args:
            x: Inputs, examples along the first axis.
            y: Labels.
            batch_size: Examples in a step; 32 by default.
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
        check_verbose(verbose)
        data = ArrayData((x, y, sample_weight), _NAMES, batch_size)
        limit = None if steps is None else positive_int("steps", steps)
        self._prepare(data, needs_labels=True)
        verbose = 1 if verbose == "auto" else verbose
        hooks = self._callback_list(
            callbacks, verbose, add_history=True, epochs=1, steps=min(data.steps, limit or data.steps)
        )
        try:
            self.reset_metrics()
            hooks.on_test_begin()
            self._run_epoch(_first(data.batches(), limit), "test", hooks)
            logs = self._logs()
            hooks.on_test_end(logs)
        finally:
            hooks.close()
        return logs if return_dict else self._as_list(logs)

    def predict(
        self,
        x: object,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: object = None,
    ) -> object:
        """Returns the outputs for inputs, computed batch by batch.

        Args:
            x: Inputs, examples along the first axis.
            batch_size: Examples in a step; 32 by default.
            verbose: 0: silent, 1 or 2: a bar, "auto": 1.
            steps: The number of batches; all by default.
            callbacks: A list of callbacks.

        Returns:
            An array with the examples along its first axis; nested as the model nests its outputs.

        Raises:
            DataError: If the data cannot be used.

        Source: https://keras.io/api/models/model_training_apis/
        """
        check_verbose(verbose)
        data = ArrayData((x,), ("x",), batch_size)
        limit = None if steps is None else positive_int("steps", steps)
        count = min(data.steps, limit or data.steps)
        self._prepare(data, needs_labels=False)
        verbose = 1 if verbose == "auto" else verbose
        hooks = self._callback_list(callbacks, verbose, add_history=True, epochs=1, steps=count)
        outputs = _Outputs(min(data.size, count * data.batch_size))
        try:
            hooks.on_predict_begin()
            for index, batch in enumerate(_first(data.batches(), limit)):
                hooks.on_predict_batch_begin(index)
                results = self._run_batch("predict", batch)
                outputs.add(results, batch.size)
                hooks.on_predict_batch_end(index, {"outputs": results})
                if self.stop_predicting:
                    break
            hooks.on_predict_end()
        finally:
            hooks.close()
        return outputs.joined()

    # ---------------------------------------------------------------- single batches

    def train_on_batch(
        self,
        x: object,
        y: object = None,
        sample_weight: object = None,
        class_weight: dict | None = None,
        return_dict: bool = False,
    ) -> object:
        """Updates the weights on one batch; returns loss and metrics since they were last reset.

        Args:
            x: Inputs, examples along the first axis.
            y: Labels.
            sample_weight: What each example counts.
            class_weight: By class number, what its examples count.
            return_dict: Return the values by name.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("train_on_batch")
        if class_weight is not None:
            if sample_weight is not None:
                raise ArgumentError("`class_weight` and `sample_weight` cannot both be given.")
            sample_weight = class_weights_to_samples(np.asarray(y), class_weight)
        return self._on_batch("train", (x, y, sample_weight), return_dict)

    def test_on_batch(
        self, x: object, y: object = None, sample_weight: object = None, return_dict: bool = False
    ) -> object:
        """Returns loss and metrics, since they were last reset, with one more batch taken into account.

        Args:
            x: Inputs, examples along the first axis.
            y: Labels.
            sample_weight: What each example counts.
            return_dict: Return the values by name.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("test_on_batch")
        return self._on_batch("test", (x, y, sample_weight), return_dict)

    def predict_on_batch(self, x: object) -> object:
        """Returns the outputs for one batch of inputs.

        Source: https://keras.io/api/models/model_training_apis/
        """
        data = _whole((x,), ("x",))
        self._prepare(data, needs_labels=False)
        results = self._run_batch("predict", next(data.batches()))
        return tree.map_structure(np.array, results)

    def _on_batch(self, kind: str, data: tuple, return_dict: bool) -> object:
        whole = _whole(data, _NAMES)
        self._prepare(whole, needs_labels=True)
        self._run_batch(kind, next(whole.batches()))
        logs = self._logs()
        return logs if return_dict else self._as_list(logs)

    # ---------------------------------------------------------------- running steps

    def _run_epoch(self, batches: Iterable[Batch], kind: str, hooks: CallbackList, epoch: int | None = None) -> None:
        """Runs the steps of one pass, telling the callbacks."""
        begin, end = getattr(hooks, f"on_{kind}_batch_begin"), getattr(hooks, f"on_{kind}_batch_end")
        self.stop_evaluating = False
        group = self.steps_per_execution
        batches = iter(batches)
        index = 0
        for batch in batches:
            begin(index)
            self._run_batch(kind, batch)
            for _, more in zip(range(group - 1), batches, strict=False):
                self._run_batch(kind, more)
            index += group
            if epoch is not None:
                self._watch_loss(epoch, index - 1)
            end(index - 1, self._logs)
            if self.stop_training if kind == "train" else self.stop_evaluating:
                break

    stop_evaluating = False
    stop_predicting = False

    def _run_batch(self, kind: str, batch: Batch) -> object:
        """Runs one step: replays its plan if there is one, else traces it."""
        step = self._steps[kind]
        key = batch.key
        plan = step.plan(key)
        if plan is None:
            self._last_results = step.trace(batch.arrays(), batch.structure, key)
        else:
            batch.write(plan.inputs)
            plan.run()
            self._last_results = step.results(key) if self._keeps_results[kind] else None
        return self._last_results

    def _prepare(self, data: ArrayData, needs_labels: bool) -> None:
        """Builds what is not built yet and checks the data against the model, before any step."""
        self._build_for(data)
        output_shape = self._checked_output_shape(data)
        if needs_labels:
            self._compiled_loss.check_labels(data.structure[1], output_shape)
            if not self.optimizer.built:
                with paused_tracing():
                    self.optimizer.build(self.trainable_variables)
        self._renew_steps()

    def _renew_steps(self) -> None:
        """Drops the plans if layers were added or removed, or frozen or thawed, since they were made."""
        state = (tuple(map(id, self.trainable_variables)), tuple(map(id, self._flat_layers())), self.run_eagerly)
        if self.__dict__.get("_steps") and self._steps_state == state:
            return
        functions = {
            "train": (self._train_update, self.train_step),
            "test": (self._test_update, self.test_step),
            "predict": (None, self.predict_step),
        }
        self._steps, self._keeps_results = {}, {}
        for kind, (update, step) in functions.items():
            # The metrics are read when somebody wants them; a step of the user's own returns its values itself.
            own = update is None or getattr(type(self), f"{kind}_step") is not getattr(Steps, f"{kind}_step")
            self._keeps_results[kind] = own
            self._steps[kind] = Step(step if own else update, f"{type(self).__name__}.{kind}_step", not self.run_eagerly)
        self._steps_state = state

    def _logs(self) -> dict:
        """Returns the values of the metrics as Python numbers."""
        results = self._last_results if isinstance(self._last_results, dict) else self.get_metrics_result()
        return python_logs(results)

    _last_results: Any = None

    def _as_list(self, logs: dict) -> object:
        if len(logs) == 1 or not self.metrics_names:
            return next(iter(logs.values()))
        names = [name for name in self.metrics_names if name in logs]
        return [logs[name] for name in names + [name for name in logs if name not in names]]

    def _watch_loss(self, epoch: int, step: int) -> None:
        """Warns once per training when the loss is no number any more."""
        if not self._warned_not_finite and not math.isfinite(self._loss_tracker.total.buffer):
            self._warned_not_finite = True
            warn_user(
                f"The loss is not finite (NaN or infinite) from epoch {epoch + 1}, step {step + 1} on. Look for NaN or "
                "infinity in the data, or for a learning rate that is too large.",
                NonFiniteWarning,
            )

    def _callback_list(self, callbacks: object, verbose: int, **params: object) -> CallbackList:
        if isinstance(callbacks, CallbackList):
            return callbacks
        return CallbackList(
            callbacks, add_history=True, add_progbar=verbose != 0, model=self, verbose=verbose,
            **{name: value for name, value in params.items() if name != "add_history"},
        )

    def _require_compiled(self, method: str) -> None:
        if not self.compiled:
            raise StateError(
                f"`{method}` needs a compiled model: call `model.compile(optimizer=..., loss=...)` first."
            )


class _BatchSource:
    """The batches of each epoch: one pass over the data, or a fixed number of steps that go on and on."""

    def __init__(self, data: ArrayData, shuffle: bool | str, steps: int | None):
        self._data, self._shuffle, self._steps = data, shuffle, steps
        self._endless: Iterator[Batch] | None = None

    def epoch(self) -> Iterator[Batch]:
        if self._steps is None:
            return self._data.batches(self._shuffle)
        if self._endless is None:
            self._endless = self._data.endless_batches(self._shuffle)
        return _first(self._endless, self._steps)


class _Outputs:
    """The outputs of `predict`, written batch by batch into arrays of the final size."""

    def __init__(self, size: int):
        self._size, self._filled = size, 0
        self._structure: Any = None
        self._arrays: list[np.ndarray] = []

    def add(self, results: object, count: int) -> None:
        """Copies the outputs of one batch to their place."""
        parts = tree.flatten(results)
        if not self._arrays:
            self._structure = tree.map_structure(lambda part: 0, results)
            self._arrays = [np.empty((self._size, *np.shape(part)[1:]), np.asarray(part).dtype) for part in parts]
        for array, part in zip(self._arrays, parts, strict=True):
            array[self._filled : self._filled + count] = part
        self._filled += count

    def joined(self) -> object:
        """Returns the arrays, nested like the outputs of a batch."""
        return tree.pack_like(self._structure, [array[: self._filled] for array in self._arrays])


def check_verbose(verbose: object) -> None:
    """Raises unless `verbose` is 0, 1, 2 or "auto"."""
    if verbose not in ("auto", 0, 1, 2):
        raise ArgumentError(f"`verbose` must be 0, 1, 2 or 'auto'. Received: verbose={verbose!r}")


def _whole(data: tuple, names: tuple) -> ArrayData:
    """Returns data as one single batch."""
    found = ArrayData(data, names)
    found.batch_size = found.size
    return found


def _first(batches: Iterator[Batch], count: int | None) -> Iterator[Batch]:
    if count is None:
        return batches
    return (batch for _, batch in zip(range(count), batches, strict=False))


def _triple(data: object) -> tuple:
    if not isinstance(data, (tuple, list)) or not 2 <= len(data) <= 3:
        raise DataError(
            "`validation_data` must be a tuple (x, y) or (x, y, sample_weight). "
            f"Received: {type(data).__name__}" + (f" of length {len(data)}" if isinstance(data, (tuple, list)) else "")
        )
    return (*data, None)[:3]


def _validation_schedule(freq: object) -> Callable[[int], bool]:
    if isinstance(freq, (list, tuple, set, frozenset)):
        return lambda epoch: epoch + 1 in freq
    if isinstance(freq, bool) or not isinstance(freq, (int, np.integer)) or freq < 1:
        raise ArgumentTypeError(
            f"`validation_freq` must be a positive whole number or a list of epochs. Received: {freq!r}"
        )
    return lambda epoch: (epoch + 1) % freq == 0
