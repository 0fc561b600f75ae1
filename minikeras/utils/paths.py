"""Paths of files as users give them, and regular files opened for reading."""

import os
import stat
from typing import Any, BinaryIO

from ..errors import ArgumentError, FileReadError, brief


def checked_path(path: Any, where: str) -> str:
    """Returns a path as a string.

    Args:
        path: A string, or a `pathlib.Path` or another object with a path.
        where: What the path was given to, for errors.

    Raises:
        ArgumentError: If it is something else, or no file can have that name.

    Example:
        >>> import pathlib
        >>> checked_path(pathlib.PurePosixPath("models/net.keras"), "`load_model`")
        'models/net.keras'
        >>> checked_path(None, "`load_model`")
        Traceback (most recent call last):
        ...
        minikeras.errors.ArgumentError: `load_model`: expected a path, a string or a `pathlib.Path`. Received: None
    """
    text = os.fspath(path) if hasattr(type(path), "__fspath__") else path
    if not isinstance(text, str):
        raise ArgumentError(f"{where}: expected a path, a string or a `pathlib.Path`. Received: {brief(path)}")
    if "\0" in text:
        raise ArgumentError(f"{where}: a path has no character '\\0' in it. Received: {brief(path)}")
    return text


def opened(path: Any) -> BinaryIO:
    """Opens a file for reading bytes, if it is a regular one: others may never end, or never begin.

    Args:
        path: The file.

    Raises:
        FileReadError: If it is a folder, a device, a pipe or a socket.
        OSError: If it cannot be opened.
    """
    _check_kind(path, os.stat(path).st_mode)  # opening it could do something already
    return open(path, "rb", opener=_open_at_once)


def _open_at_once(path: Any, flags: int) -> int:
    # Should something else be there by now, opening it does not wait.
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    try:
        _check_kind(path, os.fstat(descriptor).st_mode)
    except FileReadError:
        os.close(descriptor)
        raise
    return descriptor


def _check_kind(path: Any, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
        kind = kinds.get(stat.S_IFMT(mode), "device")
        raise FileReadError(f"Expected a regular file, and '{path}' is a {kind}, which is not read.")
