"""The `ModelCheckpoint` callback."""

import errno
import os
from types import NoneType
from typing import Any

import numpy as np

from minikeras.argument_checks import check_bool, check_count
from minikeras.callbacks.arguments import check_path, check_save_freq, check_verbose, takes_old_arguments
from minikeras.callbacks.batch_counter import BatchCounter
from minikeras.callbacks.logs import LogDict, Logs, python_logs
from minikeras.callbacks.monitor_callback import MonitorCallback
from minikeras.callbacks.states import entries
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    FileWriteError,
    LogNameError,
    NotSupportedError,
    brief,
    reason,
    warn_legacy,
    warn_user,
)
from minikeras.saving.atomic import writing
from minikeras.utils.progbar import write_text


def _take_old_arguments(checkpoint: "ModelCheckpoint", kwargs: dict) -> None:
    """Handles the arguments of Keras 2: `period`, and those without effect."""
    where = type(checkpoint).__name__
    unknown = set(kwargs) - {"period", "options", "load_weights_on_restart"}
    if unknown:
        raise ArgumentTypeError(f"{where}: unknown arguments. Received: {', '.join(sorted(unknown))}")
    for name in ("options", "load_weights_on_restart"):
        if kwargs.get(name):
            raise NotSupportedError(
                f"{where}: write `model.load_weights(filepath)` before `fit`, or use `BackupAndRestore`, instead of "
                f"`load_weights_on_restart`; there are no `options`. Received: {name}={brief(kwargs[name])}"
            )
        if name in kwargs:
            warn_legacy(f"`{where}({name}={kwargs[name]!r})`", "nothing: it has no effect")
    if "period" in kwargs:
        period = kwargs["period"]
        checkpoint._period = check_count(where, "period", period, 1) or 1  # as in Keras 2, where 0 means every time
        new = "no replacement" if period == 1 else "`save_freq=n`, which counts batches"
        warn_legacy(f"`{where}(period={period!r})`", new)


class ModelCheckpoint(MonitorCallback):
    """Saves the model, or its weights, at the end of epochs or batches.

    Files are replaced atomically: an interruption leaves the previous one.

    Args:
        filepath: The file, ending in `.keras`, or in `.weights.h5` for weights. `{epoch}`, `{batch}` (both from 1) and
            the names in the logs are formatted, as in "{epoch:02d}-{val_loss:.2f}.keras".
        monitor: The name of the value in the logs by which models are compared.
        verbose: 1: print a message when it saves, or does not.
        save_best_only: Whether to save only when the monitored value is the best so far.
        save_weights_only: Whether to save the weights and the optimizer state instead of the model.
        mode: "min": smaller is better; "max": larger is better; "auto": inferred from the metric.
        save_freq: "epoch", or a number of batches.
        initial_value_threshold: The initial best value, on which the first saved model has to improve.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If the file has another extension, or its placeholders are invalid.

    Source: https://keras.io/api/callbacks/model_checkpoint/

    Example:
        >>> checkpoint = ModelCheckpoint("{epoch:02d}-{val_loss:.2f}.weights.h5", save_weights_only=True)
        >>> checkpoint.filepath.format(epoch=3, val_loss=0.125)
        '03-0.12.weights.h5'
    """

    _period = 1  # of Keras 2: the number of epochs between saves
    _epochs_since_due = 0

    @takes_old_arguments(_take_old_arguments)
    def __init__(
        self,
        filepath: str | os.PathLike,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: int | str = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode, initial_value_threshold)
        where = type(self).__name__
        self.verbose = check_verbose(where, verbose)
        self.filepath = check_path(where, "filepath", filepath)
        self.save_best_only = check_bool(where, "save_best_only", save_best_only)
        self.save_weights_only = check_bool(where, "save_weights_only", save_weights_only)
        self.save_freq = check_save_freq(where, save_freq)
        # The last two are those of Keras 2; saving warns about them.
        endings = (".weights.h5" if self.save_weights_only else ".keras", ".h5", ".hdf5")
        is_of_tensorflow = self.save_weights_only and os.path.splitext(self.filepath)[1] in ("", ".ckpt")
        if not self.filepath.endswith(endings) and not is_of_tensorflow:
            raise ArgumentError(
                f"{where}: expected `filepath` to end in '{endings[0]}' with save_weights_only="
                f"{self.save_weights_only}. Received: filepath={brief(self.filepath)}"
            )
        import string

        try:
            list(string.Formatter().parse(self.filepath))
        except ValueError as error:
            raise ArgumentError(f"{where}: the placeholders of filepath={self.filepath!r} are wrong: {error}") from None
        self._current_epoch = 0
        self._counter = BatchCounter()

    def _idle_hooks(self) -> tuple:
        return (ModelCheckpoint.on_train_batch_end,) if self.save_freq == "epoch" else ()

    def _late_hooks(self) -> tuple:
        return (ModelCheckpoint.on_train_batch_end,)

    def _distinction(self) -> tuple[str, ...]:
        return (self.monitor, self.filepath)

    def get_state(self) -> dict[str, Any]:
        """Returns the best value so far, and the number of batches since the last save."""
        return {"best": self.best, "batches": self._counter.get_state()}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restores the state after an interruption.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is invalid.
        """
        kinds = {"best": (int, float, NoneType), "batches": dict}
        best, batches = entries(type(self).__name__, state, **kinds)
        self._counter.set_state(batches)
        self.best = best

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stores the index of the epoch.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.
        """
        self._current_epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Saves the model if it is due.

        Args:
            batch: Index of the batch, from 0.
            logs: Values so far in the epoch, or a function that returns them.
        """
        if self.save_freq != "epoch" and self._counter.is_due(batch, self.save_freq):
            self._save(self._current_epoch, batch, python_logs(logs))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Saves the model if `save_freq` is "epoch".

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch.
        """
        self._set_monitor_op()
        self._epochs_since_due += 1
        if self.save_freq == "epoch" and self._epochs_since_due >= self._period:
            self._epochs_since_due = 0
            self._save(epoch, None, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> None:
        path = self._path(epoch, batch, logs)
        if not self._is_to_be_saved(epoch, logs, path):
            return
        if os.path.isdir(path):
            raise FileWriteError(
                errno.EISDIR,
                f"ModelCheckpoint: expected `filepath` to name a file. Received: the directory {brief(path)}",
            )
        with writing(path):
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)
        if self.verbose > 0:
            write_text(f"\nEpoch {epoch + 1}: finished saving model to {path}\n")

    def _path(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> str:
        import string

        values = LogDict({"epoch": epoch + 1, **({} if batch is None else {"batch": batch + 1}), **logs})
        try:
            fields = [field for _, field, _, _ in string.Formatter().parse(self.filepath) if field]
            roots = [field.partition(".")[0].partition("[")[0] for field in fields]
            return self.filepath.format(**values, **{root: values[root] for root in roots if root not in values})
        except KeyError as error:
            raise LogNameError(
                f'Failed to format this callback filepath: "{self.filepath}". Reason: {reason(error)}. '
                f"There are: {', '.join(values)}."
            ) from None

    def _is_to_be_saved(self, epoch: int, logs: dict[str, Any], path: str) -> bool:
        tell = self._tell if self.verbose > 0 else lambda epoch, text: None
        if not self.save_best_only:
            tell(epoch, f"saving model to {path}")
            return True
        current = logs.get(self.monitor)
        if current is None:
            warn_user(f"Can save best model only with {self.monitor} available.", UserWarning)
            return True
        if np.ndim(current) > 0:
            warn_user(
                f"Can save best model only when `monitor` is a scalar value. Received: {current}. "
                "Falling back to `save_best_only=False`.",
                UserWarning,
            )
            return True
        self._set_monitor_op()
        best = "None" if self.best is None else f"{self.best:.5f}"
        if not self._is_improvement(current, self.best):
            tell(epoch, f"{self.monitor} did not improve from {best}")
            return False
        tell(epoch, f"{self.monitor} improved from {best} to {current:.5f}, saving model to {path}")
        self.best = current
        return True

    def _tell(self, epoch: int, text: str) -> None:
        write_text(f"\nEpoch {epoch + 1}: {text}\n")
