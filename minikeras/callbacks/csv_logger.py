"""Writes what was measured in every epoch to a file that spreadsheets open."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from minikeras.callbacks.arguments import check_path
from minikeras.callbacks.callback import Callback
from minikeras.errors import ArgumentTypeError, brief
from minikeras.optimizers.arguments import check_flag


class CSVLogger(Callback):
    """Writes the logs of every epoch as a line of a CSV file, under a line with their names.

    Columns are `epoch` and the names in the logs of the first epoch, sorted. What is missing later is
    written as `NA`. Every line is on disk when its epoch ends.

    Args:
        filename: The path of the file.
        separator: One character between two values.
        append: Whether to add to a file that is there, instead of starting anew.

    Raises:
        ArgumentTypeError: If an argument has the wrong type, or the separator is not one character.

    Source: https://keras.io/api/callbacks/csv_logger/

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     logger = CSVLogger(pathlib.Path(folder, "log.csv"), separator=";")
        ...     logger.on_train_begin()
        ...     logger.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.75})
        ...     logger.on_train_end()
        ...     print(pathlib.Path(logger.filename).read_text())
        epoch;loss;val_loss
        0;0.5;0.75
        <BLANKLINE>
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        where = type(self).__name__
        if not isinstance(separator, str) or len(separator) != 1:
            raise ArgumentTypeError(f"{where}: expected `separator` to be one character. Received: {brief(separator)}")
        self.sep = separator
        self.filename = check_path(where, "filename", filename)
        self.append = check_flag(where, "append", append)
        self.writer: Any = None
        self.keys: list[str] | None = None
        self.append_header = True
        self.csv_file: Any = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Opens the file.

        Args:
            logs: Not read.
        """
        import os

        if self.append and os.path.exists(self.filename):
            self.append_header = os.path.getsize(self.filename) == 0
        self._close()
        self.csv_file = open(self.filename, "a" if self.append else "w", newline="")
        self.keys = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes a line.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch.
        """
        import csv

        logs = logs or {}
        if self.keys is None:
            self.keys = sorted(logs)
            if not any(key.startswith("val_") for key in self.keys):
                # The first epochs may go without validation; as Keras, keep columns for it.
                self.keys += [f"val_{key}" for key in self.keys]
        if self.writer is None:
            self.writer = csv.DictWriter(self.csv_file, ["epoch", *self.keys], delimiter=self.sep)
            if self.append_header:
                self.writer.writeheader()
        self.writer.writerow({"epoch": epoch, **{key: _cell(logs.get(key, "NA")) for key in self.keys}})
        self.csv_file.flush()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Closes the file.

        Args:
            logs: Not read.
        """
        self._close()

    def _close(self) -> None:
        if self.csv_file is not None:
            self.csv_file.close()
        self.writer = None


def _cell(value: Any) -> Any:
    """A value as it is written: several as a quoted list."""
    if isinstance(value, str) or not isinstance(value, Iterable) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value
    return f'"[{", ".join(map(str, value))}]"'
