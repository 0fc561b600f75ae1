"""Resuming an interrupted training from its last backup."""

import json
import os
from copy import deepcopy
from typing import Any

from minikeras.argument_checks import check_bool
from minikeras.callbacks.arguments import check_path, check_save_freq
from minikeras.callbacks.batch_counter import BatchCounter
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.logs import Logs
from minikeras.callbacks.states import States, is_own, named
from minikeras.callbacks.training_state import (
    Position,
    Progress,
    RandomState,
    mark_finished,
    read_backup,
    write_backup,
)
from minikeras.engine.replicas import in_first, written_by_first
from minikeras.errors import ArgumentError, ModelFileError, StateError, warn_user
from minikeras.saving.atomic import write_file, writing
from minikeras.saving.source import Source
from minikeras.utils import paths


class BackupAndRestore(Callback):
    """Backs up a training, and resumes from the last backup when the same training is started again.

    A backup holds the weights, the states of the optimizer and all seed generators, the global random states of numpy
    and Python, the metrics of the epoch, the number of completed epochs and batches, and the states of the other
    callbacks (`get_state`). Restarted with the same arguments and data, a training ends after the same epoch with
    bitwise the same weights, checkpoints and CSV files as if it had never been interrupted. The history that `fit`
    returns covers the remaining epochs. Completed batches of an epoch are skipped. Data that continues from epoch to
    epoch (generators, and any data with `steps_per_epoch`) starts from its beginning.

    Its position among the callbacks does not matter: it is called last at the end of a batch or an epoch. A callback
    without a state in the backup starts afresh, with a warning. If a finished training is extended, with
    `delete_checkpoint=False`, callbacks start afresh as they do without a backup.

    Each backup replaces the previous one atomically, so a killed process leaves a complete one.

    Args:
        backup_dir: The directory of the backup, used for nothing else: it is removed when the training is finished.
        save_freq: "epoch", or a number of batches.
        double_checkpoint: Whether to keep the previous backup, too, in case the last one gets damaged.
        delete_checkpoint: Whether to remove the directory when the training is finished.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If `backup_dir` is empty, or `save_freq` is invalid.

    Source: https://keras.io/api/callbacks/backup_and_restore/

    Example:
        >>> import tempfile
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((2,)), layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> x, y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     backup = BackupAndRestore(f"{folder}/backup", delete_checkpoint=False)
        ...     model.fit(x, y, epochs=2, callbacks=backup, verbose=0).epoch
        ...     model.fit(x, y, epochs=3, callbacks=backup, verbose=0).epoch
        [0, 1]
        [2]
    """

    _surrounds = True

    def __init__(
        self,
        backup_dir: str | os.PathLike,
        save_freq: int | str = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        super().__init__()
        where = type(self).__name__
        if isinstance(backup_dir, str) and not backup_dir:
            raise ArgumentError("Empty `backup_dir` argument passed")
        self.backup_dir = check_path(where, "backup_dir", backup_dir)
        self.save_freq = check_save_freq(where, save_freq)
        self.double_checkpoint = check_bool(where, "double_checkpoint", double_checkpoint)
        self.delete_checkpoint = check_bool(where, "delete_checkpoint", delete_checkpoint)
        self._weights_path = os.path.join(self.backup_dir, "latest.weights.h5")
        self._metadata_path = os.path.join(self.backup_dir, "training_metadata.json")
        self._start_path = os.path.join(self.backup_dir, "training_start.json")
        self._counter = BatchCounter()
        self._epoch = 0
        self._epoch_start: RandomState | None = None
        self._others: list[Callback] = []
        self._progress: Progress | None = None  # read, but not completely restored yet
        self._failure: ModelFileError | None = None

    def _idle_hooks(self) -> tuple:
        return (BackupAndRestore.on_train_batch_end,) if self.save_freq == "epoch" else ()

    def _late_hooks(self) -> tuple:
        return (BackupAndRestore.on_train_batch_end,)

    def _surround(self, others: list[Callback]) -> None:
        """Stores the callbacks whose states are saved and restored."""
        self._others = others

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Restores the model from the last backup, if there is one.

        Args:
            logs: Not used.

        Raises:
            StateError: If the model is not built.
            ModelFileError: If the backup and the previous one are damaged, or belong to another model.
        """
        if not self.model.built:
            raise StateError(
                "BackupAndRestore: the model must be built before `fit`. Declare its input, or call it on some data."
            )
        self._progress = self._failure = None
        if os.path.exists(self._weights_path):
            self._restore_first()
            for callback, state in self._matched():
                if not self._progress.finished:
                    callback._before_resume()
                else:
                    self._set_state(callback, state)  # nothing was interrupted, so `on_train_begin` may reset it
        # The order of the examples is drawn after this, or after the end of the previous epoch.
        self._epoch_start = RandomState.now()

    def _restore_first(self) -> None:
        """Restores the model from the last backup, or from the previous one if that is damaged."""
        try:
            self._progress = read_backup(self._weights_path, self._metadata_path)
            self._restore_model()
        except ModelFileError as error:
            if self._progress is not None and self._progress.now and not all(map(is_own, self._others)):
                self._failure = error  # the backup is complete, and fits once a callback compiles the model
                return
            if not os.path.exists(f"{self._weights_path}.bkp"):
                raise
            for path in (self._weights_path, self._metadata_path):
                if os.path.exists(f"{path}.bkp"):
                    _copy(f"{path}.bkp", path)
            self._progress = read_backup(self._weights_path, self._metadata_path)
            self._restore_model()

    def _restore_model(self) -> None:
        model, position = self.model, self._progress.position
        model._build_optimizer()
        self._progress.restore_model(model, self._weights_path)
        self._progress.restore_random()
        model._initial_epoch, model._initial_batch = position.epoch, position.batches

    def _after_train_begin(self) -> None:
        """Restores what `on_train_begin` of other callbacks may have changed, and their states."""
        if self._progress is None:
            self._note_start()
        elif self._progress.finished:
            self._restore_model()
        else:
            self._warn_of_others()
            self._restore_all()
            if self._progress.stopped and not self._progress.position.batches and self.params:
                self.model._initial_epoch = max(self.model._initial_epoch, self.params["epochs"])
        if self._progress is not None and not self._progress.position.batches:
            self._progress = None  # all is restored
        self._epoch_start = RandomState.now()

    def _restore_all(self) -> None:
        """Restores the states of callbacks and of the model."""
        matched = self._matched()
        for callback, state in matched:
            if not is_own(callback):
                self._set_state(callback, state)  # these may compile the model, as it was when it was saved
        try:
            self._restore_model()
        except ModelFileError as error:
            raise error from self._failure
        for callback, state in matched:
            if is_own(callback):
                self._set_state(callback, state)

    def _set_state(self, callback: Callback, state: dict) -> None:
        state = deepcopy(state)  # a copy: it may be needed again
        if not is_own(callback):
            callback.set_state(state)
            return
        with Source(self._weights_path).reading(f"callbacks/{type(callback).__name__}"):
            callback.set_state(state)

    def _matched(self) -> list[tuple[Callback, dict]]:
        """Returns the callbacks that have a state in the backup, with the states."""
        states, callbacks = self._progress.callbacks.states, named(self._others)
        return [(callback, states[name]) for name, callback in callbacks.items() if name in states]

    def _warn_of_others(self) -> None:
        states, callbacks = self._progress.callbacks.states, named(self._others)
        new = [name for name in callbacks if name not in states]
        gone = [name for name in states if name not in callbacks]
        if states and (new or gone):
            warn_user(
                "BackupAndRestore: the callbacks are not those of the training in the backup. "
                + (f"Without a saved state, and therefore starting afresh: {', '.join(new)}. " if new else "")
                + (f"Saved, but not used: {', '.join(gone)}." if gone else ""),
                UserWarning,
            )

    def _resume(self) -> None:
        """Restores everything again in the middle of an epoch, after its `on_epoch_begin`."""
        if self._progress is not None:
            self._restore_all()
            self._progress.restore_metrics(self.model)
            self._progress.restore_random(inside_epoch=True)
            self.model.stop_training = self.model.stop_training or self._progress.stopped
            self._progress = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stores the index of the epoch.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.
        """
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Writes a backup if it is due.

        Args:
            batch: Index of the batch, from 0.
            logs: Not used.
        """
        if self.save_freq != "epoch" and self._counter.is_due(batch, self.save_freq):
            self._write(Position(self._epoch, batch + 1), {"epoch": self._epoch, "batch": batch})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes a backup if `save_freq` is "epoch".

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.
        """
        self._epoch_start = RandomState.now()  # of the next epoch
        if self.save_freq == "epoch":
            self._write(Position(epoch + 1, 0), {"epoch": epoch + 1, "batch": 0})

    def _write(self, position: Position, metadata: dict[str, int]) -> None:
        states = States.of(self._others)
        self._write_files(Progress.of(self.model, position, self._epoch_start, states), metadata)

    @written_by_first
    def _write_files(self, progress: Progress, metadata: dict[str, int]) -> None:
        _make_folder(self.backup_dir)
        for path in (self._weights_path, self._metadata_path) if self.double_checkpoint else ():
            if os.path.exists(path):
                _copy(path, f"{path}.bkp")
        # Everything is in this file, so that an interruption cannot leave inconsistent parts. The other is for Keras.
        write_backup(self.model, self._weights_path, progress)
        write_file(self._metadata_path, json.dumps(metadata).encode())
        if os.path.exists(self._start_path):
            with writing(self._start_path):
                os.remove(self._start_path)

    @written_by_first
    def _note_start(self) -> None:
        """Saves where callbacks will append to files, in case of a kill before the first backup; or restores it."""
        adding = named([callback for callback in self._others if callback._adds_to_file])
        if not adding:
            return
        source = Source(self._start_path)
        if os.path.exists(self._start_path):
            with source.reading():
                found = States.decoded(source.content().decode(), b"").states
                for name, callback in adding.items():
                    if name in found:
                        callback.set_state(found[name])
        _make_folder(self.backup_dir)
        write_file(self._start_path, States.of(list(adding.values())).encoded()[0].encode())

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Removes the directory, unless it is to be kept.

        Args:
            logs: Not used.

        Raises:
            FileWriteError: If it cannot be removed.
        """
        in_first(self._finish)

    def _finish(self) -> None:
        import shutil

        if not self.delete_checkpoint:
            if os.path.exists(self._weights_path):
                mark_finished(self._weights_path)
        elif os.path.isdir(self.backup_dir):
            with writing(self.backup_dir):
                shutil.rmtree(self.backup_dir)


def _make_folder(path: str) -> None:
    with writing(path):
        os.makedirs(path, exist_ok=True)


def _copy(source: str, target: str) -> None:
    with paths.opened(source) as file:
        write_file(target, file.read())
