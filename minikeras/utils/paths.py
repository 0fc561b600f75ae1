"""Validation of user-supplied paths, and opening of regular files."""

import os
import stat
from typing import Any, BinaryIO

from ..errors import ArgumentError, FileReadError, brief


def checked_path(path: Any, where: str) -> str:
    """Returns a path as a string.

    Args:
        path: A string or an `os.PathLike` object.
        where: The function that the path was passed to, for errors.

    Raises:
        ArgumentError: If it is anything else, or not a valid file name.

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
        raise ArgumentError(f"{where}: a path must not contain the character '\\0'. Received: {brief(path)}")
    return text


def opened(path: Any) -> BinaryIO:
    """Opens a regular file for reading in binary mode: others may be endless, or block.

    Args:
        path: The file.

    Raises:
        FileReadError: If it is a folder, a device, a pipe or a socket.
        OSError: If it cannot be opened.
    """
    _check_kind(path, os.stat(path).st_mode)  # opening it could have side effects
    return open(path, "rb", opener=_open_at_once)


def _open_at_once(path: Any, flags: int) -> int:
    # If the file was replaced by now, opening it does not block.
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
        raise FileReadError(f"Expected a regular file, but '{path}' is a {kind}.")
