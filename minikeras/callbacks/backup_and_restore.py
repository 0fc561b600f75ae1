"""Lets a training that was interrupted, however rudely, go on where its last backup was made."""

import os
from typing import Any

from minikeras.callbacks.arguments import check_path, check_save_freq
from minikeras.callbacks.batch_counter import BatchCounter
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.logs import Logs
from minikeras.callbacks.training_state import Position, RandomState, read_backup, write_backup
from minikeras.errors import ArgumentError, ModelFileError, StateError
from minikeras.optimizers.arguments import check_flag
from minikeras.saving.atomic import write_file


class BackupAndRestore(Callback):
    """Writes backups of a training, and when the same training is started again, goes on from the last one.

    A backup holds the weights, the state of the optimizer and of all seed generators, numpy's and Python's global
    random state, the metrics of the epoch, and how many epochs and batches are done. Started anew with the same
    arguments and data, a training ends with the same weights, to the last bit, as if it had never been interrupted.
    Within an epoch, the batches that are done are passed over. Data that goes on from epoch to epoch (generators, and
    any data with `steps_per_epoch`) starts from its begin.

    Each backup replaces the one before in one step, so a killed process leaves a whole one.

    Args:
        backup_dir: The folder of the backup, for nothing else: it is removed when the training is finished.
        save_freq: "epoch": after every epoch; a number: after so many batches.
        double_checkpoint: Whether the backup before the last one is kept, too, in case the last one gets damaged.
        delete_checkpoint: Whether the folder is removed when the training is finished.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If `backup_dir` is empty, or `save_freq` is something else.

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
        self.double_checkpoint = check_flag(where, "double_checkpoint", double_checkpoint)
        self.delete_checkpoint = check_flag(where, "delete_checkpoint", delete_checkpoint)
        self._weights_path = os.path.join(self.backup_dir, "latest.weights.h5")
        self._metadata_path = os.path.join(self.backup_dir, "training_metadata.json")
        self._counter = BatchCounter()
        self._epoch = 0
        self._epoch_start: RandomState | None = None
        self._restored: Any = None

    def _idle_hooks(self) -> tuple:
        return (BackupAndRestore.on_train_batch_end,) if self.save_freq == "epoch" else ()

    def _late_hooks(self) -> tuple:
        return (BackupAndRestore.on_train_batch_end,)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Restores the last backup, if there is one.

        Args:
            logs: Not read.

        Raises:
            StateError: If the model is not built.
            ModelFileError: If the backup is damaged and there is none before it, or belongs to another model.
        """
        if not self.model.built:
            raise StateError(
                "BackupAndRestore: the model must be built before `fit`. Declare its input, or call it on some data."
            )
        self._restored = None
        if os.path.exists(self._weights_path) and not self.model.optimizer.built:
            self.model._build_optimizer()
        try:
            self._restore()
        except ModelFileError:
            if not os.path.exists(f"{self._weights_path}.bkp"):
                raise
            for path in (self._weights_path, self._metadata_path):
                if os.path.exists(f"{path}.bkp"):
                    _copy(f"{path}.bkp", path)
            self._restore()
        # The order of the data of an epoch is drawn after this, or after the end of the epoch before.
        self._epoch_start = RandomState.now()

    def _restore(self) -> None:
        if not os.path.exists(self._weights_path):
            return
        self._restored = read_backup(self.model, self._weights_path, self._metadata_path)
        self.model._initial_epoch = self._restored.position.epoch
        self.model._initial_batch = self._restored.position.batches
        self._restored.restore_random()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Restores the metrics, if this is the first epoch after a backup.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not read.
        """
        if self._restored is not None:
            self._restored.restore_metrics(self.model)  # not sooner: an epoch begins with fresh ones
            self._restored = None
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Writes a backup if there were enough batches.

        Args:
            batch: Index of the batch, from 0.
            logs: Not read.
        """
        if self.save_freq != "epoch" and self._counter.is_due(batch, self.save_freq):
            self._write(Position(self._epoch, batch + 1), {"epoch": self._epoch, "batch": batch})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes a backup, if it is to be written after epochs.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not read.
        """
        self._epoch_start = RandomState.now()  # of the one that comes
        if self.save_freq == "epoch":
            self._write(Position(epoch + 1, 0), {"epoch": epoch + 1, "batch": 0})

    def _write(self, position: Position, metadata: dict[str, int]) -> None:
        import json

        os.makedirs(self.backup_dir, exist_ok=True)
        for path in (self._weights_path, self._metadata_path) if self.double_checkpoint else ():
            if os.path.exists(path):
                _copy(path, f"{path}.bkp")
        # All is in this one file, so that no interruption leaves parts of different age. The other is for Keras.
        write_backup(self.model, self._weights_path, position, self._epoch_start)
        write_file(self._metadata_path, json.dumps(metadata).encode())

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Removes the folder, if it is to be removed.

        Args:
            logs: Not read.
        """
        import shutil

        if self.delete_checkpoint and os.path.isdir(self.backup_dir):
            shutil.rmtree(self.backup_dir)


def _copy(source: str, target: str) -> None:
    with open(source, "rb") as file:
        write_file(target, file.read())
