"""The `CSVLogger` callback."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from types import NoneType
from typing import Any

import numpy as np

from minikeras.argument_checks import check_bool
from minikeras.callbacks.arguments import check_path
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.states import entries
from minikeras.engine.replicas import is_first
from minikeras.errors import ArgumentError, ArgumentTypeError, FileWriteError, brief, warn_user
from minikeras.saving.atomic import writing


class CSVLogger(Callback):
    """Writes the logs of every epoch as a row of a CSV file with a header.

    The columns are `epoch` and the sorted names in the logs of the first epoch. Values that are missing later are
    written as `NA`. Each row is on disk when its epoch ends.

    Args:
        filename: The path of the file.
        separator: The delimiter, one character.
        append: Whether to append to an existing file instead of replacing it.

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
        self.append = check_bool(where, "append", append)
        self.writer: Any = None
        self.keys: list[str] | None = None
        self.append_header = True
        self.csv_file: Any = None
        self._last_epoch: int | None = None
        self._resumes = False

    @property
    def _adds_to_file(self) -> bool:
        return self.append

    def _distinction(self) -> tuple[str, ...]:
        return (self.filename,)

    def _before_resume(self) -> None:
        self._resumes = True  # existing lines are kept

    def get_state(self) -> dict[str, Any]:
        """Returns the position in the file, after flushing it to disk."""
        if self.csv_file is None or self.csv_file.closed:
            return {"bytes": None, "keys": self.keys, "last_epoch": self._last_epoch}
        with writing(self.filename):
            self.csv_file.flush()
            number = self.csv_file.fileno()
            if not stat.S_ISREG(os.fstat(number).st_mode):  # a device or a pipe
                return {"bytes": None, "keys": self.keys, "last_epoch": self._last_epoch}
            os.fsync(number)
            return {"bytes": os.fstat(number).st_size, "keys": self.keys, "last_epoch": self._last_epoch}

    def set_state(self, state: dict[str, Any]) -> None:
        """Removes the lines that were written after the state was saved: they will be written again.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is invalid.
            FileWriteError: If the file cannot be changed.
        """
        where, optional = type(self).__name__, (int, NoneType)
        size, keys, last = entries(where, state, bytes=optional, keys=(list, NoneType), last_epoch=optional)
        if not all(isinstance(key, str) for key in keys or ()):
            raise ArgumentError(f"{where}.set_state: expected the names of columns. Received: {brief(keys)}")
        if size is not None and self.csv_file is not None and not self.csv_file.closed and is_first():
            with writing(self.filename):
                self._shorten(size, 0 if last is None else last + 1)
        self.keys, self._last_epoch, self.writer = keys, last, None

    def _shorten(self, size: int, epoch: int) -> None:
        """Truncates the file to a number of bytes, if the rest was written by this training from an epoch on."""
        with open(self.filename, "rb") as file:
            length = file.seek(0, os.SEEK_END)
            file.seek(max(0, min(size, length) - 1))
            before, tail = file.read(1 if size > 0 else 0), file.read()
        self.append_header = min(size, length) == 0
        if length < size or size < 0 or before not in (b"", b"\n"):
            self._warn("was changed since the backup was made: lines of earlier epochs may be missing")
        elif self._continues(tail.decode(self.csv_file.encoding, "replace"), epoch):
            os.truncate(self.filename, size)
        elif tail:
            self._warn("has lines of another training after those that were there when the backup was made")

    def _continues(self, text: str, epoch: int) -> bool:
        """Tells whether a text consists of rows for an epoch and the following ones; the last may be incomplete."""
        import csv
        import io

        rows = list(csv.reader(io.StringIO(text), delimiter=self.sep))
        if self.append_header and rows and rows[0][:1] == ["epoch"]:
            del rows[0]
        if rows and not text.endswith("\n"):
            del rows[-1]
        return all(row[:1] == [str(epoch + index)] for index, row in enumerate(rows))

    def _warn(self, what: str) -> None:
        warn_user(f"CSVLogger: the file '{self.filename}' {what}. New lines are appended.", UserWarning)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Opens the file.

        Args:
            logs: Not used.

        Raises:
            FileWriteError: If it cannot be opened; also a `FileNotFoundError` if its directory does not exist.
        """
        self._close()
        adds, self._resumes = self.append or self._resumes, False
        path = self.filename if is_first() else os.devnull
        with writing(path):
            self.csv_file = open(path, "a" if adds else "w", newline="")
            self.append_header = not adds or os.path.getsize(path) == 0
        self.keys = self._last_epoch = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes a row.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch.

        Raises:
            FileWriteError: If it cannot be written; the file is then closed, if possible after a complete row.
        """
        logs = logs or {}
        if self.keys is None:
            self.keys = sorted(logs)
            if not any(key.startswith("val_") for key in self.keys):
                # The first epochs may have no validation; as in Keras, its columns are kept.
                self.keys += [f"val_{key}" for key in self.keys]
        size = os.fstat(self.csv_file.fileno()).st_size
        try:
            with writing(self.filename):
                self._write_line({"epoch": epoch, **{key: _cell(logs.get(key, "NA")) for key in self.keys}})
        except FileWriteError:
            with suppress(OSError):  # the first error is the one to report
                self.csv_file.close()
            with suppress(OSError):
                os.truncate(self.csv_file.name, size)
            raise
        self._last_epoch = epoch

    def _write_line(self, cells: dict[str, Any]) -> None:
        import csv

        if self.writer is None:
            self.writer = csv.DictWriter(self.csv_file, ["epoch", *self.keys], delimiter=self.sep)
            if self.append_header:
                self.writer.writeheader()
        self.writer.writerow(cells)
        self.csv_file.flush()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Closes the file.

        Args:
            logs: Not used.

        Raises:
            FileWriteError: If the last data cannot be written.
        """
        self._close()

    def _close(self) -> None:
        self.writer = None
        if self.csv_file is not None:
            with writing(self.filename):
                self.csv_file.close()


def _cell(value: Any) -> Any:
    """Formats a value; several as a quoted list."""
    if isinstance(value, str) or not isinstance(value, Iterable) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value
    return f'"[{", ".join(map(str, value))}]"'
