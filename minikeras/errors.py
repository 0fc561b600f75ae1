"""Every error and warning minikeras raises, so that a script can catch exactly what it means to.

    MinikerasError
    ├── ArgumentError       (ValueError)            an argument has a value that cannot work
    │   ├── ShapeError                              an array has the wrong shape
    │   ├── DataError                               the training data cannot be used
    │   ├── FileReadError       (OSError)           a path leads to no regular file
    │   ├── ModelFileError                          a file is no whole, harmless file of a model
    │   │   └── ModelFileMissingError (FileNotFoundError)
    │   ├── SerializationError  (TypeError)         no config can describe an object, or a config cannot be used
    │   └── UnknownNameError                        a string names nothing; says the nearest name
    │       └── LogNameError    (KeyError)          a file name asks for what is not in the logs
    ├── ArgumentTypeError   (TypeError)             an argument has the wrong type
    ├── StateError          (ValueError)            a method came too early, e.g. `fit` before `compile`
    │   └── UninitializedError  (RuntimeError)      the `__init__` of a class did not call that of its base class
    ├── FileWriteError      (OSError)               a file could not be written; what was there before still is
    │   └── FolderMissingError  (FileNotFoundError) there is no folder for it
    ├── NotSupportedError   (NotImplementedError)   Keras has it, minikeras does not (yet)
    │   └── MissingNameError    (AttributeError)    a script asked something of a name that minikeras does not have
    ├── NonFiniteError      (RuntimeError)          the loss became NaN or infinite, and was not to
    ├── WorkerError         (RuntimeError)          a process that makes batches ended before its batch was made
    └── TraceError          (RuntimeError)          a traced value was used where it has no meaning

    LegacyWarning           (DeprecationWarning)    a Keras 2 spelling; names today's
    ReplayWarning           (UserWarning)           a step cannot be replayed and runs eagerly
    NonFiniteWarning        (RuntimeWarning)        the loss became NaN or infinite

Each also derives from the builtin class in parentheses, which is what Keras raises in that place.
"""

import os
import sys
import warnings
from collections.abc import Iterable

_PACKAGE_DIRECTORY = os.path.dirname(os.path.abspath(__file__)) + os.sep
_IMPORT_MACHINERY = "<frozen importlib."


class MinikerasError(Exception):
    """The base class of every error minikeras raises."""


class ArgumentError(MinikerasError, ValueError):
    """An argument has a value that cannot work."""


class ShapeError(ArgumentError):
    """An array or a layer input has the wrong shape."""


class DataError(ArgumentError):
    """The data given to `fit`, `evaluate` or `predict` cannot be used."""


class FileReadError(ArgumentError, OSError):
    """A path leads to something that is no regular file, such as a folder, a device or a pipe."""


class ModelFileError(ArgumentError):
    """A file cannot be read as that of a model: broken, of another kind, or made to do harm.

    Attributes:
        path: The file.
        member: The part of it, e.g. "config.json" or "model.weights.h5/layers/dense/vars/0"; None: the whole.
        reason: What is wrong.
    """

    path: str | None = None
    member: str | None = None
    reason: str | None = None


class ModelFileMissingError(ModelFileError, FileNotFoundError):
    """There is no such file of a model."""


class FileWriteError(MinikerasError, OSError):
    """A file could not be written; what was at its path before is still there, whole."""


class FolderMissingError(FileWriteError, FileNotFoundError):
    """A file could not be written, since its folder is not there."""


class SerializationError(ArgumentError, TypeError):
    """An object cannot be described by a config, or the one that a config describes cannot be made."""


class UnknownNameError(ArgumentError):
    """A string does not name any known object."""


class LogNameError(UnknownNameError, KeyError):
    """A file name has a placeholder for what is not in the logs of a training."""

    __str__ = Exception.__str__  # that of KeyError shows quotes


class ArgumentTypeError(MinikerasError, TypeError):
    """An argument has the wrong type."""


class StateError(MinikerasError, ValueError):
    """A method was called before what it needs was there."""


class UninitializedError(StateError, RuntimeError):
    """The `__init__` of a user's class did not call that of its base class."""


class NotSupportedError(MinikerasError, NotImplementedError):
    """Keras offers this, minikeras does not (yet)."""


class MissingNameError(NotSupportedError, AttributeError):
    """A name that Keras has and minikeras does not have was used; `hasattr` says False of what is asked of it."""


class NonFiniteError(MinikerasError, RuntimeError):
    """The loss became NaN or infinite, and training was to end then."""


class WorkerError(MinikerasError, RuntimeError):
    """A process that makes batches ended before its batch was made."""


class TraceError(MinikerasError, RuntimeError):
    """A traced value was used in a place where it has no meaning."""


class LegacyWarning(DeprecationWarning):
    """A spelling of an older Keras was accepted; the message names today's."""


class ReplayWarning(UserWarning):
    """A step cannot be replayed and runs eagerly.

    It looks at its values in Python, changes attributes there, or takes random numbers or the time from outside.
    """


class NonFiniteWarning(RuntimeWarning):
    """The loss became NaN or infinite during training."""


def near_name(name: str, known: Iterable[str]) -> str | None:
    """Returns the known name that a name is most likely a misspelling of; None if there is none.

    Upper and lower case and underscores do not count. Beyond them a name of up to three letters may have one letter
    too many or too few or two exchanged, a longer one may have one such error, or one wrong letter, for every four
    letters: "relo" is near "relu", and "inv" is not near "sin". If there is none, a longer name that begins with it is
    near, up to twice as long as what was written, and a shorter one of at least four letters that it begins with.

    Args:
        name: What the user wrote.
        known: The names there are.

    Example:
        >>> near_name("reduce_meen", ["reduce_max", "reduce_mean"])
        'reduce_mean'
        >>> near_name("inv", ["sin", "int8"]) is None
        True
    """
    known, wanted = sorted(set(known)), _plain(name)
    if not 0 < len(wanted) <= 100:  # an error must not take long, whatever was given as a name
        return None
    limit = max(1, len(wanted) // 4)
    found: tuple[int, bool, str] | None = None
    for candidate in known:
        plain = _plain(candidate)
        if abs(len(plain) - len(wanted)) > limit:
            continue
        distance = _edits(wanted, plain, substitution=1 if len(wanted) > 3 else 2)
        rank = (distance, candidate.islower() != name.islower(), candidate)
        if distance <= limit and (found is None or rank < found):
            found = rank
    if found is None and len(wanted) > 4:
        longer = [each for each in known if _plain(each).startswith(wanted) and len(_plain(each)) <= 2 * len(wanted)]
        shorter = [each for each in known if len(_plain(each)) >= 4 and wanted.startswith(_plain(each))]
        rank = lambda each: (abs(len(each) - len(name)), each.islower() != name.islower(), each)  # noqa: E731
        return min(longer or shorter, key=rank, default=None)
    return None if found is None else found[2]


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _edits(a: str, b: str, substitution: int) -> int:
    """Returns the number of letters inserted, left out, replaced or exchanged with the next between two words."""
    before, row = [], list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(b, start=1):
            cost = 0 if letter == other else substitution
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + cost)
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]


def unknown_name(kind: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """Builds the error for a name that is not there, with the nearest names that are.

    Args:
        kind: What was looked for, e.g. "activation".
        name: What the user wrote.
        known: The names there are.

    Returns:
        The error, ready to be raised.

    Example:
        >>> print(unknown_name("activation", "relo", ["relu", "tanh"]))
        Unknown activation: 'relo'. Did you mean 'relu'? Known: 'relu', 'tanh'.
    """
    names = sorted(set(known))
    close = near_name(str(name), names)
    hint = f" Did you mean {close!r}?" if close else ""
    listing = ", ".join(repr(candidate) for candidate in names)
    return UnknownNameError(f"Unknown {kind}: {brief(name)}.{hint} Known: {listing}.")


_LENGTH, _ENTRIES, _DEPTH = 300, 10, 4  # how much of a value a message shows


def brief(value: object) -> str:
    """Describes a value for a message: as Python writes it, but arrays by shape and dtype, and nothing at length.

    Args:
        value: What was received.

    Returns:
        The description.

    Example:
        >>> import numpy as np
        >>> print(brief({"units": -1, "kernel": np.ones((2, 3), "float32")}))
        {'units': -1, 'kernel': <ndarray shape=(2, 3), dtype=float32>}
        >>> print(brief(list(range(100))))
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...] of length 100
    """
    return _brief(value, 0)


def _brief(value: object, depth: int) -> str:
    kind = type(value)
    if kind in (list, tuple, dict) and value:
        return _brief_structure(value, depth + 1)
    shape, dtype = None if isinstance(value, type) else _shape_of(value), getattr(value, "dtype", None)
    if shape and not hasattr(value, "_keras_history"):  # a symbolic value has no numbers to show
        return f"<{kind.__name__} shape={shape}" + (f", dtype={dtype}>" if dtype is not None else ">")
    try:
        text = repr(value)
    except Exception:  # that of a user's class, perhaps: what is wrong with it is not what the message is about
        return f"<{kind.__name__}>"
    if len(text) <= _LENGTH:
        return text
    return f"{text[:_LENGTH]}... of length {len(value)}" if kind in (str, bytes) else f"{text[:_LENGTH]}..."


def _brief_structure(value: list | tuple | dict, depth: int) -> str:
    opening, closing = {list: "[]", tuple: "()", dict: "{}"}[type(value)]
    if depth > _DEPTH:
        return f"{opening}...{closing}"
    entries = list(value.items() if isinstance(value, dict) else value)[:_ENTRIES]
    if isinstance(value, dict):
        parts = [f"{_brief(key, depth)}: {_brief(entry, depth)}" for key, entry in entries]
    else:
        parts = [_brief(entry, depth) for entry in entries]
    rest = len(value) > _ENTRIES
    text = ", ".join([*parts, "..."] if rest else parts)
    comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
    return f"{opening}{text}{comma}{closing}" + (f" of length {len(value)}" if rest else "")


def _shape_of(value: object) -> tuple | None:
    """Returns the shape of an array, a variable or a frame; None if a value is nothing of that kind, or one number."""
    try:
        shape = value.shape
        return tuple(shape) if isinstance(shape, Iterable) and not isinstance(shape, str) else None
    except Exception:  # that of a user's class, perhaps
        return None


def reason(error: object) -> str:
    """Returns the text of an error for the middle of a sentence: without the full stop that it may end with.

    Example:
        >>> f"It cannot be read: {reason(ValueError('The file is empty.'))}. Write it again."
        'It cannot be read: The file is empty. Write it again.'
    """
    return str(error).rstrip().removesuffix(".")


def user_frame() -> tuple[str, int, int]:
    """Finds the innermost line on the call stack that is not minikeras's own.

    Returns:
        File name, line number, and the `stacklevel` with which `warnings.warn`, called by the
        caller of this function, points at that line.
    """
    frame = sys._getframe(1)
    level = 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_PACKAGE_DIRECTORY, _IMPORT_MACHINERY)):
        # `warnings.warn` does not count the frames of an import statement
        level += not frame.f_code.co_filename.startswith(_IMPORT_MACHINERY)
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno, level


def warn_user(message: str, category: type[Warning]) -> None:
    """Issues a warning that points at the user's line, not at a line inside minikeras.

    Args:
        message: The text.
        category: The class of the warning.
    """
    warnings.warn(message, category, stacklevel=user_frame()[2])


def warn_legacy(old: str, new: str) -> None:
    """Warns that a spelling of an older Keras was used, and names today's.

    Args:
        old: What the user wrote.
        new: How it is written today.
    """
    warn_user(f"{old} is the spelling of an older Keras; write {new}.", LegacyWarning)


def add_place(error: Exception, place: str) -> None:
    """Adds to the message of an error where it was raised; the innermost place stays the only one.

    The error stays the object it was, so that its class, its attributes and its traceback are all there.

    Args:
        error: The error.
        place: Where, in words.

    Example:
        >>> error = ValueError("too large")
        >>> add_place(error, "Raised in layer 'a/b'.")
        >>> str(error)
        "too large\\nRaised in layer 'a/b'."
    """
    if getattr(error, "place", None) is not None:
        return
    error.place = place
    if error.args and isinstance(error.args[0], str) and str(error) == error.args[0]:
        error.args = (f"{error.args[0]}\n{place}", *error.args[1:])
    else:
        error.add_note(place)
