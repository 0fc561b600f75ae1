"""`fit`, `evaluate` and `predict`, as a ladder of methods with one job each.

fit -> _fit_epochs -> _fit_epoch -> _run_epoch -> Runner.run -> a step, traced once, then replayed
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from ..argument_checks import check_int, check_optional_int
from ..callbacks import Callback, CallbackList, History
from ..engine import tree
from ..typing import Data
from .adapters import adapted, single_batch, training_data
from .arguments import (
    bar_mode,
    check_callbacks,
    checked_shuffle,
    checked_split,
    limited_epochs,
    limited_steps,
    validation_schedule,
    warn_if_never,
)
from .data import DATA_NAMES, ArrayData, Outputs
from .epochs import Epochs, StreamEpochs, epochs_of
from .fit_watcher import watched
from .legacy import LegacyTraining, takes_old_arguments
from .nested_calls import nestable
from .profile import Profiled
from .sharing import begin, end_epoch, end_steps, resume_alike, run_whole
from .stream import StreamData


class Trainer(LegacyTraining, Profiled):
    """The part of a model that trains, evaluates and predicts."""

    history: History | Any  # of the last `fit`
    _initial_epoch = 0
    _initial_batch = 0

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
            x: Inputs, with examples along the first axis: an array or a pandas data frame, or a list or dict of them.
                Or batches `(x, y)` or `(x, y, sample_weight)` from a `PyDataset`, a generator or another iterable,
                which are fetched when they are needed; `y` and `sample_weight` must then be None.
            y: Labels.
            batch_size: Examples per step; by default 32, or as `steps_per_epoch` requires.
            epochs: The index of the last epoch, counted from 1.
            verbose: 0: silent, 1: a progress bar, 2: a line per epoch, "auto": 1.
            callbacks: A list of callbacks.
            validation_split: The fraction of the examples, from the end, to use for validation instead of training.
            validation_data: `(x, y)` or `(x, y, sample_weight)` for validation, or an iterable of such batches.
            shuffle: Whether to shuffle the examples in each epoch; "batch" shuffles within batches only. The batches of
                a `PyDataset` are shuffled; other iterables keep their order.
            class_weight: A dict of weights by class index.
            sample_weight: The weight of each example.
            initial_epoch: The index of the first epoch, counted from 0.
            steps_per_epoch: Steps per epoch; by default one pass over the data. The next epoch continues after them. A
                generator that is exhausted early ends the training, with a warning.
            validation_steps: The number of validation batches; all by default.
            validation_batch_size: Examples per validation batch; `batch_size` by default.
            validation_freq: The number of epochs between validations, or a list of epochs, counted from 1.

        Returns:
            A `History`, whose attribute `history` is a dict of lists with one value per epoch.

        Raises:
            StateError: If the model is not compiled.
            DataError: If the data is invalid; nothing is trained then.

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
        last, steps = limited_epochs(last), limited_steps(steps)
        if validation_data is not None or fraction > 0:
            limit = limited_steps(limit)
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
        datasets = [data for data in (train, validation) if data is not None]
        facts = {"epochs": range(first, last), "shuffle": shuffle, "steps": steps, "callbacks": hooks.kinds()}
        begin(self, "fit", datasets, **facts, validation_steps=limit, validation_freq=validation_freq)

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
        self.stop_training = self._warned_not_finite = False
        logs: dict = {}
        steps = source.steps
        source.restart()
        self._initial_epoch, self._initial_batch = epochs.start, 0
        hooks.on_train_begin()  # a callback may resume an interrupted training
        done = self._initial_batch
        resume_alike(self)
        for epoch in range(self._initial_epoch, epochs.stop):
            if not source.ready():
                break
            if source.steps != steps:  # the length of a `PyDataset` may change between epochs
                steps = source.steps
                hooks.set_params({**hooks.params, "steps": steps})
            logs = self._fit_epoch(epoch, hooks, source, validate, done)
            done = 0
            if self.stop_training:
                break
        if self.optimizer.use_ema and self.optimizer.built:
            with self._compiled_trainable.as_compiled(self):
                self.optimizer.finalize_variable_values(self.trainable_variables)
        hooks.on_train_end(logs)

    def _fit_epoch(
        self,
        epoch: int,
        hooks: CallbackList,
        source: Epochs | StreamEpochs,
        validate: Callable[[int], dict],
        done: int,
    ) -> dict:
        """Trains for one epoch, skipping completed batches, and validates; returns the logs."""
        self.reset_metrics()
        hooks.on_epoch_begin(epoch)
        logs = self._run_epoch(source, "train", hooks, epoch, done)
        end_steps(self)
        logs |= validate(epoch)
        hooks.on_epoch_end(epoch, logs)
        end_epoch(self)
        return logs

    def _validate(self, source: Epochs | StreamEpochs, hooks: CallbackList) -> dict:
        source.restart()
        logs = self._test(source, hooks) if source.ready() else {}
        return {f"val_{name}": value for name, value in logs.items()}

    def _test(self, source: Epochs | StreamEpochs, hooks: CallbackList) -> dict:
        """Returns the loss and metrics on data by name."""
        self._prepare(source.data, trains=True)
        source.prepare_for(self._loss_tracker)
        self.reset_metrics()  # the check of the data may have updated metrics that the model updates in `call`
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
        """Returns the loss and metrics on data.

        Args:
            x: Inputs, with examples along the first axis, or an iterable of batches, as in `fit`.
            y: Labels.
            batch_size: Examples per step; by default 32, or as `steps` requires.
            verbose: 0: silent, 1: a progress bar, 2: a line, "auto": 1.
            sample_weight: The weight of each example.
            steps: The number of batches; all by default.
            callbacks: A list of callbacks.
            return_dict: Whether to return a dict of values by name.

        Returns:
            The loss if it is the only value; else a list in the order of `metrics_names`, or a dict.

        Raises:
            StateError: If the model is not compiled.
            DataError: If the data is invalid.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("evaluate")
        verbose, limit = bar_mode(verbose), check_optional_int("evaluate", "steps", steps, minimum=1)
        check_callbacks(callbacks)
        limit = limited_steps(limit)
        data = adapted((x, y, sample_weight), batch_size, limit)
        self._prepare(data, trains=True)
        source = epochs_of(data, False, limit, "evaluation")
        hooks = self._callback_list(callbacks, verbose, epochs=1, steps=_steps(data, limit))
        begin(self, "evaluate", [data], steps=limit, callbacks=hooks.kinds())
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
        """Returns the outputs for inputs, computed in batches.

        Args:
            x: Inputs, with examples along the first axis, or an iterable of batches `x`, `(x,)` or `(x, y)`.
            batch_size: Examples per step; by default 32, or as `steps` requires.
            verbose: 0: silent, 1 or 2: a progress bar, "auto": 1.
            steps: The number of batches; all by default.
            callbacks: A list of callbacks.

        Returns:
            An array with examples along the first axis, or arrays nested as the outputs of the model.

        Raises:
            DataError: If the data is invalid.

        Source: https://keras.io/api/models/model_training_apis/
        """
        verbose, limit = bar_mode(verbose), check_optional_int("predict", "steps", steps, minimum=1)
        check_callbacks(callbacks)
        limit = limited_steps(limit)
        data = adapted((x,), batch_size, limit)
        total = _steps(data, limit)
        self._prepare(data, trains=False)
        source = epochs_of(data, False, limit, "prediction")
        hooks = self._callback_list(callbacks, verbose, epochs=1, steps=total)
        own = source.data  # a part, if several processes share it
        outputs = Outputs(None if isinstance(own, StreamData) else min(own.size, total * own.batch_size))
        begin(self, "predict", [data], steps=limit, callbacks=hooks.kinds())
        self.stop_predicting = False
        try:
            hooks.on_predict_begin()
            if self._runner is None:  # a callback has compiled the model
                self._prepare(data, trains=False)
            found = self._predict_batches(source.next(), outputs, hooks)
            hooks.on_predict_end()
        finally:
            hooks.close()
            source.close()
        return found

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
        """Trains on one batch; returns the loss and metrics on it, before the update.

        Args:
            x: Inputs, with examples along the first axis.
            y: Labels.
            sample_weight: The weight of each example.
            class_weight: A dict of weights by class index.
            return_dict: Whether to return a dict of values by name.

        Source: https://keras.io/api/models/model_training_apis/
        """
        self._require_compiled("train_on_batch")
        return self._on_batch("train", single_batch((x, y, sample_weight), class_weight), return_dict)

    @nestable
    @takes_old_arguments
    def test_on_batch(self, x: Data, y: Data = None, sample_weight: Data = None, return_dict: bool = False) -> Any:
        """Returns the loss and metrics on one batch.

        Args:
            x: Inputs, with examples along the first axis.
            y: Labels.
            sample_weight: The weight of each example.
            return_dict: Whether to return a dict of values by name.

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
        run_whole(self, kind, whole)
        if kind == "train" and not isfinite(self._loss_tracker.total.buffer):
            self._warn_not_finite(f"after update {int(self.optimizer.iterations)}")
        logs = self._logs()
        return self._returned(logs, return_dict)

    def _callback_list(self, callbacks: object, verbose: int, add_history: bool = False, **params: Any) -> CallbackList:
        if isinstance(callbacks, CallbackList):
            return callbacks
        return CallbackList(
            callbacks, add_history=add_history, add_progbar=verbose != 0, model=self, verbose=verbose, **params
        )


def _steps(data: ArrayData | StreamData, limit: int | None) -> int | None:
    """Returns the number of steps of a pass with a limit; None if it is unknown."""
    return limit if data.steps is None else min(data.steps, limit or data.steps)
