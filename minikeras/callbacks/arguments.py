"""Checks of the arguments of callbacks, so that mistakes show at construction and not an epoch later."""

import functools
import inspect
import os
from collections.abc import Callable
from numbers import Integral
from typing import Any

from minikeras.argument_checks import bad_argument, is_int
from minikeras.errors import ArgumentError, ArgumentTypeError, brief
from minikeras.utils.paths import checked_path


def check_verbose(where: str, verbose: object) -> int:
    """Returns the verbosity of a callback as an integer.

    Args:
        where: The class of the callback, for the message.
        verbose: 0: silent; 1: a message for each action.

    Raises:
        ArgumentTypeError: If it is not an integer or a boolean.

    Example:
        >>> check_verbose("EarlyStopping", True)
        1
    """
    if not isinstance(verbose, Integral):
        raise bad_argument(where, "verbose", verbose, "0 or 1", ArgumentTypeError)
    return int(verbose)


def check_save_freq(where: str, save_freq: object) -> int | str:
    """Returns how often a callback saves: "epoch", or a number of batches.

    Args:
        where: The class of the callback, for the message.
        save_freq: "epoch" or a number of batches.

    Raises:
        ArgumentError: If it is invalid.

    Example:
        >>> check_save_freq("ModelCheckpoint", 100)
        100
    """
    if isinstance(save_freq, str) and save_freq == "epoch":
        return save_freq
    if not is_int(save_freq, minimum=1):
        raise ArgumentError(
            f"{where}: expected `save_freq` to be 'epoch' or a number of batches >= 1. Received: {brief(save_freq)}"
        )
    return int(save_freq)


def check_path(where: str, name: str, path: object) -> str:
    """Returns a path as a string.

    Args:
        where: The class of the callback, for the message.
        name: The name of the argument.
        path: A string or an `os.PathLike`.

    Raises:
        ArgumentTypeError: If it is invalid.
        ArgumentError: If it is empty.

    Example:
        >>> import pathlib
        >>> check_path("CSVLogger", "filename", pathlib.PurePosixPath("run/log.csv"))
        'run/log.csv'
    """
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentTypeError(
            f"{where}: expected `{name}` to be a string or a path. Received: {name}={brief(path)} "
            f"of type {type(path).__name__}"
        )
    text = os.fspath(path)
    if not text:
        raise ArgumentError(f"{where}: expected `{name}` to name a file or folder. Received: an empty string")
    return checked_path(text, f"{where}: `{name}`")


def require_package(where: str, package: str, extra: str) -> None:
    """Raises an error that says what to install if an optional package is missing.

    Args:
        where: The class of the callback, for the message.
        package: Its import name.
        extra: The extra of minikeras that installs it.

    Raises:
        ImportError: If it is not installed.

    Example:
        >>> require_package("CSVLogger", "numpy", "all")
    """
    import importlib

    try:
        importlib.import_module(package)
    except ImportError as error:
        raise ImportError(
            f"{where} needs the package {package}, which is not installed. Get it with: "
            f'pip install "minikeras[{extra}]".'
        ) from error


def takes_old_arguments(take: Callable[[Any, dict], None]) -> Callable[[Callable], Callable]:
    """Accepts arguments of a callback that only older Keras has; used as a decorator of the constructor.

    Args:
        take: Called with the callback and a dict of these arguments; it raises an error for unknown ones.

    Returns:
        The decorator, which keeps the docstring and the signature of the constructor.
    """

    def decorate(init: Callable) -> Callable:
        names = inspect.signature(init).parameters

        @functools.wraps(init)
        def called(self: Any, *args: Any, **kwargs: Any) -> None:
            old = {name: kwargs.pop(name) for name in list(kwargs) if name not in names}
            if old:
                take(self, old)
            init(self, *args, **kwargs)

        return called

    return decorate
