"""Traceback filtering: frames of minikeras are removed from tracebacks, which then show the user's lines.

Public functions are wrapped by `filtered`, or do the same themselves. It costs nothing unless there is an error. A
traceback gains a frame for each function that an error leaves, and a bare `raise` adds none, so frames removed by the
outermost function of minikeras stay removed.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType, TracebackType
from typing import Any, TypeVar

import numpy as np

# As compiled into this file, so that it matches the file names in frames, however `sys.path` is written.
_PACKAGE = os.path.dirname(sys._getframe().f_code.co_filename) + os.sep
_STANDARD_LIBRARY = (os.path.dirname(os.__file__) + os.sep, "<frozen ")
_INSTALLED = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
_NUMPY = os.path.dirname(np.__file__) + os.sep
# `call` runs inside `__call__`, which filters; `__setattr__`, the most frequent one, filters itself; the others raise
# nothing, or what Python expects.
_LEFT_ALONE = {"call", "__setattr__", "__init_subclass__", "__new__", "__del__", "__hash__", "__repr__", "__getstate__"}
_settings = {"filters": True}
F = TypeVar("F", bound=Callable)


def enable_traceback_filtering() -> None:
    """Removes frames of minikeras from the tracebacks of errors, which is the default.

    What remains are the user's lines, including custom layers, losses and callbacks called by minikeras. The error, its
    message, its cause and its context do not change.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> enable_traceback_filtering()
        >>> is_traceback_filtering_enabled()
        True
    """
    _settings["filters"] = True


def disable_traceback_filtering() -> None:
    """Keeps frames of minikeras in the tracebacks of errors.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> disable_traceback_filtering()
        >>> is_traceback_filtering_enabled()
        False
    """
    _settings["filters"] = False


def is_traceback_filtering_enabled() -> bool:
    """Returns whether frames of minikeras are removed from tracebacks.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> enable_traceback_filtering()
        >>> is_traceback_filtering_enabled()
        True
    """
    return _settings["filters"]


def filtered(function: F) -> F:
    """Decorator that removes frames of minikeras from the tracebacks of errors.

    Args:
        function: A public function.
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
    """A base class that applies `filtered` to the methods of subclasses defined in minikeras.

    Methods that start with an underscore are exempt, and so are property getters, which are read often and rarely
    raise: those that do are decorated explicitly.
    """

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        for name, member in list(vars(cls).items()):
            if name not in _LEFT_ALONE and (not name.startswith("_") or name.startswith("__")):
                new = _filtered_member(member)
                if new is not member:
                    setattr(cls, name, new)


def _filtered_member(member: Any) -> Any:
    """Applies `filtered` to a method or property setter, unless it is the user's or filtered already."""
    if isinstance(member, (classmethod, staticmethod)):
        inner = _filtered_member(member.__func__)
        return member if inner is member.__func__ else type(member)(inner)
    if type(member) is property and member.fset is not None:
        return member.setter(_filtered_member(member.fset))
    if not isinstance(member, FunctionType) or not member.__code__.co_filename.startswith(_PACKAGE):
        return member
    return member if member.__code__ is _FILTERED else filtered(member)


def hide_frames(error: BaseException) -> None:
    """Removes frames of minikeras from the tracebacks of an error, its causes and its contexts.

    Frames of the standard library, numpy and h5py that minikeras called are removed as well.

    Args:
        error: The error, which the caller re-raises with a bare `raise`.
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
    """Returns the traceback of the user's frames only, or None if there are none."""
    kept: list[TracebackType] = []
    hidden = False  # whether the previous frame is hidden
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
    """Returns whether a file belongs to a dependency of minikeras; Cython modules have relative paths."""
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
