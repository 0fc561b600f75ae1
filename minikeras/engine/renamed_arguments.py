"""Deprecated argument names of Keras 2, accepted with a warning."""

import functools
from collections.abc import Callable

from ..errors import ArgumentTypeError, warn_legacy
from ..typing import F


def renamed(**names: str) -> Callable[[F], F]:
    """Decorator that accepts deprecated names of keyword arguments.

    Args:
        **names: The current name of each deprecated one.

    Returns:
        A decorator that preserves the name, documentation and signature.

    Example:
        >>> @renamed(colour="color")
        ... def paint(color):
        ...     return f"painted {color}"
        >>> paint(color="red")
        'painted red'
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def translate(*args: object, **kwargs: object) -> object:
            called = type(args[0]).__name__ if function.__name__ == "__init__" else function.__name__
            for old, new in names.items():
                if old not in kwargs:
                    continue
                if new in kwargs:
                    raise ArgumentTypeError(f"`{called}`: `{old}` is the older name of `{new}`; give only one of them.")
                warn_legacy(f"`{called}({old}=...)`", f"`{called}({new}=...)`")
                kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        return translate

    return decorate
