"""Writing a file in one step: whoever reads the path finds the old file or the new one, whole, and never a part."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from ..errors import FileWriteError, FolderMissingError, reason
from ..utils.paths import checked_path


def write_file(path: str | os.PathLike, data: bytes | Iterable[bytes]) -> None:
    """Writes a file so that a crash, a kill or a full disk at any moment leaves the old one or the new one.

    The bytes go to a new file beside the target and from there to the disk, and then that file takes the target's
    place in one step. A killed process may leave the file beside it, named `.<name>.<random>.part`; it can be deleted.

    Args:
        path: The file. If it is a symbolic link, what it leads to is replaced.
        data: What to write, whole or in pieces.

    Raises:
        FileWriteError: If it cannot be written; what was there before is unchanged.

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
    """Writes a file like `write_file`; a function does the writing.

    Args:
        path: The file.
        write: `write(file)` writes into an open binary file that can be read and sought, too. If it raises, the old
            file stays.

    Raises:
        FileWriteError: If the file cannot be written; what was there before is unchanged.
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
    """Turns errors of the system while a file is written bit by bit into one that names the file.

    Args:
        path: The file or the folder.

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
    """Creates a file beside the target; its name is new, so that two who write the same target do not meet in it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    while True:
        # A name may have 255 bytes; that of the target is shortened to leave room for what comes around it.
        stem = name.encode("utf-8", "surrogateescape")[:200].decode("utf-8", "ignore")
        part = os.path.join(folder, f".{stem}.{os.urandom(6).hex()}.part")
        try:
            return part, os.open(part, flags, 0o666)
        except FileExistsError:
            continue


def _mode_of(target: str) -> int | None:
    """Returns the permissions of the old file, which the new one gets; None if there is no old one.

    Raises:
        OSError: If it is a folder or a device, which must not be replaced.
    """
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no file, but a folder or a device")
    return stat.S_IMODE(mode)


def _remove(part: str) -> None:
    try:
        os.unlink(part)
    except OSError:
        pass  # the first error is the one to tell


def _sync_folder(folder: str) -> None:
    """Brings the new name to the disk, too; on systems where folders cannot be synced it needs no help."""
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
        "What was there before is unchanged.",
    )
