"""Tracebacks that show the user's lines: minikeras's own frames are taken out of what reaches the user.

Everything that a user calls lets its errors out through `filtered`, or does itself what that does. Nothing is done
until there is an error. A traceback grows by a frame for each function an error leaves, and a bare `raise` adds none,
so the frames of minikeras are gone for good where its outermost function has taken them out.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType, TracebackType
from typing import Any, TypeVar

import numpy as np

# As the compiler wrote it into this very file, so that it fits the names in frames however `sys.path` is written.
_PACKAGE = os.path.dirname(sys._getframe().f_code.co_filename) + os.sep
_STANDARD_LIBRARY = (os.path.dirname(os.__file__) + os.sep, "<frozen ")
_INSTALLED = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
_NUMPY = os.path.dirname(np.__file__) + os.sep
# `call` runs inside of `__call__`, which filters; `__setattr__`, which runs most often, does so itself; the others
# raise nothing, or what Python itself expects.
_LEFT_ALONE = {"call", "__setattr__", "__init_subclass__", "__new__", "__del__", "__hash__", "__repr__", "__getstate__"}
_settings = {"filters": True}
F = TypeVar("F", bound=Callable)


def enable_traceback_filtering() -> None:
    """Takes the frames of minikeras out of the tracebacks of errors; that is so from the start.

    What is left are the user's own lines, also those of layers, losses and callbacks that minikeras calls. The error,
    its message, its cause and its context are the same.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> enable_traceback_filtering()
        >>> is_traceback_filtering_enabled()
        True
    """
    _settings["filters"] = True


def disable_traceback_filtering() -> None:
    """Shows all frames in the tracebacks of errors, those of minikeras among them.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> disable_traceback_filtering()
        >>> is_traceback_filtering_enabled()
        False
    """
    _settings["filters"] = False


def is_traceback_filtering_enabled() -> bool:
    """Returns whether the frames of minikeras are taken out of tracebacks.

    Source: https://keras.io/api/utils/config_utils/
    """
    return _settings["filters"]


def filtered(function: F) -> F:
    """Lets errors leave a function without the frames of minikeras; used as a decorator.

    Args:
        function: What users call.
    """

    @wraps(function)
    def visible(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            hide_frames(error)
            raise

    return visible


_FILTERED = filtered(filtered).__code__


class Filtered:
    """A base class whose subclasses, where minikeras defines them, let errors leave their methods as `filtered` does.

    Methods whose names begin with one underscore are left alone, as is what a user never calls. So are the getters of
    properties, which are read often and raise seldom: one that does raise is `filtered` where it is written.
    """

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        for name, member in list(vars(cls).items()):
            if name not in _LEFT_ALONE and (not name.startswith("_") or name.startswith("__")):
                new = _filtered_member(member)
                if new is not member:
                    setattr(cls, name, new)


def _filtered_member(member: Any) -> Any:
    """Returns a method or the setter of a property filtered; what is the user's, or was filtered, as it is."""
    if isinstance(member, (classmethod, staticmethod)):
        inner = _filtered_member(member.__func__)
        return member if inner is member.__func__ else type(member)(inner)
    if type(member) is property and member.fset is not None:
        return member.setter(_filtered_member(member.fset))
    if not isinstance(member, FunctionType) or not member.__code__.co_filename.startswith(_PACKAGE):
        return member
    return member if member.__code__ is _FILTERED else filtered(member)


def hide_frames(error: BaseException) -> None:
    """Takes the frames of minikeras out of the traceback of an error and of those that it came from.

    With them go the frames of Python's library, of numpy and of h5py between and below them: what minikeras calls.

    Args:
        error: The error, which is raised again by a bare `raise` of the caller.
    """
    if not _settings["filters"]:
        return
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        if each.__traceback__ is not None:
            each.__traceback__ = _visible(each.__traceback__)
        pending += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            pending += each.exceptions


def _visible(traceback: TracebackType) -> TracebackType | None:
    """Returns the traceback of the user's frames among those of another one; None if there are none."""
    kept: list[TracebackType] = []
    hidden = False  # whether the frame before is not shown
    entry: TracebackType | None = traceback
    while entry is not None:
        file = entry.tb_frame.f_code.co_filename
        hidden = file.startswith(_PACKAGE) or (hidden and _is_below(file))
        if not hidden:
            kept.append(entry)
        entry = entry.tb_next
    result = None
    for entry in reversed(kept):
        result = TracebackType(result, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return result


def _is_below(file: str) -> bool:
    """Tells whether a file is of what minikeras stands on; those compiled with Cython are named by relative paths."""
    h5py = sys.modules.get("h5py")
    libraries = (
        _NUMPY,
        "numpy" + os.sep,
        "h5py" + os.sep,
        *([os.path.dirname(h5py.__file__) + os.sep] if h5py else []),
    )
    if file.startswith(libraries):
        return True
    return file.startswith(_STANDARD_LIBRARY) and not any(part in file for part in _INSTALLED)
