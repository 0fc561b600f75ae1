"""Atomic writes: a reader of the path finds either the complete old file or the complete new one."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from ..errors import FileWriteError, FolderMissingError, reason
from ..utils.paths import checked_path


def write_file(path: str | os.PathLike, data: bytes | Iterable[bytes]) -> None:
    """Writes a file atomically: after a crash, a kill or a full disk, the path holds the old or the new file.

    The data is written to a temporary file beside the target and flushed to disk; the temporary file then replaces the
    target. A killed process may leave the temporary file, named `.<name>.<random>.part`, which can be deleted.

    Args:
        path: The path. If it is a symbolic link, its target is replaced.
        data: The content, whole or in chunks.

    Raises:
        FileWriteError: If it cannot be written; the old file is unchanged.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_file(f"{folder}/a", b"old")
        ...     write_file(f"{folder}/a", [b"ne", b"w"])
        ...     os.listdir(folder)
        ['a']
    """
    pieces = [data] if isinstance(data, (bytes, bytearray, memoryview)) else data

    def write(file: BinaryIO) -> None:
        for piece in pieces:
            file.write(piece)

    replace_file(path, write)


def replace_file(path: str | os.PathLike, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file atomically, as `write_file` does, with a function.

    Args:
        path: The path.
        write: `write(file)` writes to a binary file that is also readable and seekable. If it raises, the old file is
            kept.

    Raises:
        FileWriteError: If the file cannot be written; the old file is unchanged.
    """
    target = os.path.realpath(checked_path(path, "writing a file"))
    folder, name = os.path.split(target)
    try:
        mode = _mode_of(target)
        part, descriptor = _new_file(folder, name)
    except OSError as error:
        raise _failed(path, error) from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(part, mode)
        os.replace(part, target)
    except OSError as error:
        _remove(part)
        raise _failed(path, error) from error
    except BaseException:
        _remove(part)
        raise
    _sync_folder(folder)


@contextmanager
def writing(path: str | os.PathLike) -> Iterator[None]:
    """Context manager that converts any `OSError` to an error that names the file.

    Args:
        path: The path of the file or folder being written.

    Raises:
        FileWriteError: Instead of any other `OSError`.

    Example:
        >>> with writing("none/log.csv"):
        ...     open("none/log.csv", "w")
        Traceback (most recent call last):
            ...
        minikeras.errors.FolderMissingError: [Errno 2] 'none/log.csv' could not be written: No such file or directory
    """
    try:
        yield
    except FileWriteError:
        raise
    except OSError as error:
        cls = FolderMissingError if isinstance(error, FileNotFoundError) else FileWriteError
        text = f"'{os.fspath(path)}' could not be written: {error.strerror or error}"
        raise cls(error.errno, text) from error


def _new_file(folder: str, name: str) -> tuple[str, int]:
    """Creates a temporary file beside the target, under a unique name, since others may write the same target."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    while True:
        # File names are limited to 255 bytes, so the target's is truncated to fit the affixes.
        stem = name.encode("utf-8", "surrogateescape")[:200].decode("utf-8", "ignore")
        part = os.path.join(folder, f".{stem}.{os.urandom(6).hex()}.part")
        try:
            return part, os.open(part, flags, 0o666)
        except FileExistsError:
            continue


def _mode_of(target: str) -> int | None:
    """Returns the permissions of the old file, for the new one; None if there is no old file.

    Raises:
        OSError: If it is a directory or a device, which must not be replaced.
    """
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a file, but a folder or a device")
    return stat.S_IMODE(mode)


def _remove(part: str) -> None:
    try:
        os.unlink(part)
    except OSError:
        pass  # the first error is the one to report


def _sync_folder(folder: str) -> None:
    """Flushes the directory entry to disk, on systems where directories can be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _failed(path: object, error: OSError) -> FileWriteError:
    return FileWriteError(
        error.errno,
        f"The file '{os.fspath(path)}' could not be written: {reason(error.strerror or error)}. "
        "The previous file is unchanged.",
    )
