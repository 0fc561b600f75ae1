"""The errors and warnings of minikeras.

    MinikerasError
    ├── ArgumentError       (ValueError)            an argument has an invalid value
    │   ├── ShapeError                              an array has the wrong shape
    │   ├── DataError                               the training data are invalid
    │   ├── MatrixError         (LinAlgError)       a matrix is singular, or has no such decomposition
    │   ├── OutOfRangeError     (IndexError)        an index is outside of a tensor
    │   ├── FileReadError       (OSError)           a path is not a regular file
    │   │   └── FileMissingError (FileNotFoundError) a file or folder that is to be read does not exist
    │   ├── ModelFileError                          a file is not an intact, harmless model file
    │   │   └── ModelFileMissingError (FileNotFoundError)
    │   ├── SerializationError  (TypeError)         an object cannot be serialized, or a config is invalid
    │   └── UnknownNameError                        a name is unknown; suggests the nearest one
    │       ├── LogNameError    (KeyError)          a file name refers to a key missing in the logs
    │       └── ModeError       (NotImplementedError)  there is no such mode of an augmentation
    ├── ArgumentTypeError   (TypeError)             an argument has the wrong type
    │   ├── DTypeError          (ValueError)        an operation is not defined for a dtype
    │   └── MissingDTypeError   (AttributeError)    a value without dtype was passed in place of a tensor
    ├── StateError          (ValueError)            a method was called too early, e.g. `fit` before `compile`
    │   ├── NotStatefulError    (AttributeError)    a layer keeps no states that could be reset
    │   ├── WrapperError        (RuntimeError)      a model for scikit-learn is not compiled, or routing is off
    │   ├── VocabularyError     (RuntimeError)      a layer has no vocabulary yet, or may not change its size
    │   └── UninitializedError  (RuntimeError)      an `__init__` did not call `super().__init__()`
    ├── FileWriteError      (OSError)               a file could not be written; its old content is intact
    │   └── FolderMissingError  (FileNotFoundError) its folder does not exist
    ├── NotSupportedError   (NotImplementedError)   Keras has it, minikeras does not (yet)
    │   └── MissingNameError    (AttributeError)    a name of Keras that minikeras lacks was used
    ├── DownloadError       (ValueError)            a download failed or has the wrong hash; the cache is as before
    ├── NonFiniteError      (RuntimeError)          the loss became NaN or infinite, with termination on NaN
    ├── WorkerError         (RuntimeError)          a worker process died before its batch was ready
    └── TraceError          (RuntimeError)          a traced tensor was used where it is meaningless

    LegacyWarning           (DeprecationWarning)    a Keras 2 spelling; names the current one
    ReplayWarning           (UserWarning)           a step cannot be replayed and runs eagerly
    NonFiniteWarning        (RuntimeWarning)        the loss became NaN or infinite

Each also derives from the builtin class in parentheses, which Keras raises in the same situation.
"""

import os
import sys
import warnings
from collections.abc import Iterable

import numpy as np

_PACKAGE_DIRECTORY = os.path.dirname(os.path.abspath(__file__)) + os.sep
_IMPORT_MACHINERY = "<frozen importlib."


class MinikerasError(Exception):
    """The base class of all errors raised by minikeras.

    Example:
        >>> from minikeras import layers
        >>> try:
        ...     layers.Dense(0)
        ... except MinikerasError as error:
        ...     print(type(error).__name__)
        ArgumentError
    """


class ArgumentError(MinikerasError, ValueError):
    """An argument has a value that cannot work.

    Example:
        >>> from minikeras import layers
        >>> layers.Dense(0)
        Traceback (most recent call last):
        ...
        minikeras.errors.ArgumentError: Dense: `units` must be a positive integer. Received: units=0
    """


class ShapeError(ArgumentError):
    """An array or a layer input has the wrong shape.

    Example:
        >>> from minikeras import ops
        >>> ops.reshape([1.0, 2.0, 3.0], (2, 2))
        Traceback (most recent call last):
        ...
        minikeras.errors.ShapeError: `reshape`: 3 elements of shape (3,) do not fit into shape (2, 2).
    """


class DataError(ArgumentError):
    """The data passed to `fit`, `evaluate` or `predict` are invalid.

    Example:
        >>> import minikeras
        >>> model = minikeras.Sequential([minikeras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> model.fit(np.ones((4, 2)), np.ones((3, 1)))
        Traceback (most recent call last):
        ...
        minikeras.errors.DataError: All arrays must have the same number of examples. Received: x: 4, y: 3
    """


class MatrixError(ArgumentError, np.linalg.LinAlgError):
    """A matrix is singular or not positive definite, or a decomposition of it did not converge.

    Example:
        >>> from minikeras import ops
        >>> ops.inv([[1.0, 2.0], [2.0, 4.0]])
        Traceback (most recent call last):
        ...
        minikeras.errors.MatrixError: `inv`: the matrix is singular.
    """


class OutOfRangeError(ArgumentError, IndexError):
    """An index is outside of a tensor, or there are more indices than axes.

    Example:
        >>> from minikeras.layers import Input
        >>> Input((2,))[:, 5]
        Traceback (most recent call last):
        ...
        minikeras.errors.OutOfRangeError: `get_item` of shape (None, 2): index 5 is out of bounds for size 2...
    """


class FileReadError(ArgumentError, OSError):
    """A path is not a regular file, but for example a folder, a device or a pipe."""


class FileMissingError(FileReadError, FileNotFoundError):
    """A file or folder that is to be read does not exist."""


class ModelFileError(ArgumentError):
    """A file is not a valid model file: corrupt, of another kind, or malicious.

    Attributes:
        path: The file.
        member: The part of it, e.g. "config.json" or "model.weights.h5/layers/dense/vars/0"; None for the whole file.
        reason: What is wrong.
    """

    path: str | None = None
    member: str | None = None
    reason: str | None = None


class ModelFileMissingError(ModelFileError, FileNotFoundError):
    """The model file does not exist.

    Example:
        >>> from minikeras.saving import load_model
        >>> load_model("nowhere.keras")
        Traceback (most recent call last):
        ...
        minikeras.errors.ModelFileMissingError: The file 'nowhere.keras' cannot be read: ...
    """


class FileWriteError(MinikerasError, OSError):
    """A file could not be written; the previous file at its path is intact."""


class FolderMissingError(FileWriteError, FileNotFoundError):
    """A file could not be written, because its folder does not exist."""


class SerializationError(ArgumentError, TypeError):
    """An object cannot be serialized to a config, or deserialized from one.

    Example:
        >>> from minikeras.saving import deserialize_keras_object
        >>> deserialize_keras_object({"class_name": "Nothing", "config": {}})
        Traceback (most recent call last):
        ...
        minikeras.errors.SerializationError: The class 'Nothing' is unknown...
    """


class UnknownNameError(ArgumentError):
    """A name is unknown.

    Example:
        >>> from minikeras import layers
        >>> layers.Dense(1, activation="rleu")
        Traceback (most recent call last):
        ...
        minikeras.errors.UnknownNameError: Unknown activation: 'rleu'. Did you mean 'relu'? Known: ...
    """


class LogNameError(UnknownNameError, KeyError):
    """A file name has a placeholder for a key that is not in the training logs."""

    __str__ = Exception.__str__  # KeyError's adds quotes


class ModeError(UnknownNameError, NotImplementedError):
    """There is no such fill mode or interpolation of an augmentation."""


class ArgumentTypeError(MinikerasError, TypeError):
    """An argument has the wrong type."""


class DTypeError(ArgumentTypeError, ArgumentError):
    """An operation is not defined for the dtype of an argument; backends of Keras raise TypeError or ValueError.

    Example:
        >>> from minikeras import ops
        >>> ops.bitwise_and(np.float32([1]), np.float32([2]))
        Traceback (most recent call last):
        ...
        minikeras.errors.DTypeError: `bitwise_and` expects integers or booleans...
    """


class MissingDTypeError(ArgumentTypeError, AttributeError):
    """A value of Python that has no dtype is passed in place of a tensor."""


class StateError(MinikerasError, ValueError):
    """A method was called before its prerequisites were met.

    Example:
        >>> import minikeras
        >>> model = minikeras.Sequential([minikeras.layers.Dense(1)])
        >>> model.fit(np.ones((4, 2)), np.ones((4, 1)))
        Traceback (most recent call last):
        ...
        minikeras.errors.StateError: `fit` needs a compiled model: call `model.compile(optimizer=..., loss=...)` first.
    """


class NotStatefulError(StateError, AttributeError):
    """The states of a layer that keeps none were to be reset."""


class WrapperError(StateError, RuntimeError):
    """A wrapper for scikit-learn has a model that is not compiled, or metadata routing is not enabled."""


class VocabularyError(StateError, RuntimeError):
    """A layer has no vocabulary yet, or one whose size may not change any more.

    Example:
        >>> from minikeras import layers
        >>> layers.StringLookup()(np.array(["a"]))
        Traceback (most recent call last):
        ...
        minikeras.errors.VocabularyError: StringLookup layer 'string_lookup' has no vocabulary yet...
    """


class UninitializedError(StateError, RuntimeError):
    """The `__init__` of a subclass did not call `super().__init__()`."""


class NotSupportedError(MinikerasError, NotImplementedError):
    """Keras supports this, minikeras does not (yet).

    Example:
        >>> from minikeras import backend
        >>> backend.get_session()
        Traceback (most recent call last):
        ...
        minikeras.errors.NotSupportedError: minikeras has no TensorFlow session...
    """


class MissingNameError(NotSupportedError, AttributeError):
    """A name that Keras has and minikeras lacks was used; `hasattr` returns False for its attributes."""


class DownloadError(MinikerasError, ValueError):
    """A file could not be downloaded, or has the wrong hash; the cache is as before."""


class NonFiniteError(MinikerasError, RuntimeError):
    """The loss became NaN or infinite, and training was configured to stop."""


class WorkerError(MinikerasError, RuntimeError):
    """A worker process died before its batch was ready."""


class TraceError(MinikerasError, RuntimeError):
    """A traced tensor was used where it is meaningless."""


class LegacyWarning(DeprecationWarning):
    """A deprecated spelling of Keras was accepted; the message names the current one.

    Example:
        >>> import warnings
        >>> from minikeras import layers
        >>> with warnings.catch_warnings(record=True, action="always") as caught:
        ...     layer = layers.Dense(30, input_dim=784)
        >>> caught[0].category.__name__
        'LegacyWarning'
    """


class ReplayWarning(UserWarning):
    """A step cannot be replayed and runs eagerly.

    It inspects values in Python, sets attributes, or uses random generators or clocks outside minikeras.
    """


class NonFiniteWarning(RuntimeWarning):
    """The loss became NaN or infinite during training."""


def near_name(name: str, known: Iterable[str]) -> str | None:
    """Returns the known name of which a name is most likely a misspelling, or None.

    Case and underscores are ignored. Names of up to three letters may differ by one insertion, deletion or
    transposition; longer ones by one such edit, or a substitution, for every four letters: "relo" is near "relu", but
    "inv" is not near "sin". Failing that, a known name that starts with it is near if at most twice as long, and so
    is a prefix of it with at least four letters and half its length.

    Args:
        name: What the user wrote.
        known: The known names.

    Example:
        >>> near_name("reduce_meen", ["reduce_max", "reduce_mean"])
        'reduce_mean'
        >>> near_name("inv", ["sin", "int8"]) is None
        True
    """
    known, wanted = sorted(set(known)), _plain(name)
    if not 0 < len(wanted) <= 100:  # bounds the time to build an error message
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
        shorter = [
            each for each in known if len(_plain(each)) >= max(4, len(wanted) / 2) and wanted.startswith(_plain(each))
        ]
        return min(
            longer or shorter,
            key=lambda each: (abs(len(each) - len(name)), each.islower() != name.islower(), each),
            default=None,
        )
    return None if found is None else found[2]


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _edits(a: str, b: str, substitution: int) -> int:
    """Returns the edit distance of two words, with transpositions."""
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
    """Builds the error for an unknown name, with a suggestion.

    Args:
        kind: The kind of object, e.g. "activation".
        name: What the user wrote.
        known: The known names.

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


_LENGTH, _ENTRIES, _DEPTH = 300, 10, 4  # limits of descriptions in messages


def brief(value: object) -> str:
    """Describes a value for a message: its repr, abbreviated, or the shape and dtype of arrays.

    Args:
        value: The value.

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
    if shape and not hasattr(value, "_keras_history"):  # the repr of a symbolic tensor is short
        return f"<{kind.__name__} shape={shape}" + (f", dtype={dtype}>" if dtype is not None else ">")
    try:
        text = repr(value)
    except Exception:  # perhaps of a user's class, which is not what the message is about
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
    """Returns the shape of an array, a variable or a DataFrame; None for anything else, and for scalars."""
    try:
        shape = value.shape
        return tuple(shape) if isinstance(shape, Iterable) and not isinstance(shape, str) else None
    except Exception:  # that of a user's class, perhaps
        return None


def reason(error: object) -> str:
    """Returns the text of an error for use within a sentence, without a final period.

    Example:
        >>> f"It cannot be read: {reason(ValueError('The file is empty.'))}. Write it again."
        'It cannot be read: The file is empty. Write it again.'
    """
    return str(error).rstrip().removesuffix(".")


def user_frame() -> tuple[str, int, int]:
    """Finds the innermost line on the call stack outside minikeras.

    Returns:
        File name, line number, and the `stacklevel` with which `warnings.warn`, called by the
        caller of this function, points at that line.
    """
    frame = sys._getframe(1)
    level = 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_PACKAGE_DIRECTORY, _IMPORT_MACHINERY)):
        # `warnings.warn` does not count frames of the import system
        level += not frame.f_code.co_filename.startswith(_IMPORT_MACHINERY)
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno, level


def warn_user(message: str, category: type[Warning]) -> None:
    """Issues a warning that points at the user's line instead of one inside minikeras.

    Args:
        message: The text.
        category: The warning class.
    """
    warnings.warn(message, category, stacklevel=user_frame()[2])


def warn_legacy(old: str, new: str) -> None:
    """Warns about a deprecated spelling of Keras.

    Args:
        old: The deprecated spelling.
        new: The current spelling.
    """
    warn_user(f"{old} is the spelling of an older Keras; write {new}.", LegacyWarning)


def add_location(error: Exception, location: str) -> None:
    """Adds where an error was raised to its message; only the innermost location is added.

    The error object stays the same, so that its class, attributes and traceback are preserved.

    Args:
        error: The error.
        location: Such as "Raised in layer 'a/b'."

    Example:
        >>> error = ValueError("too large")
        >>> add_location(error, "Raised in layer 'a/b'.")
        >>> str(error)
        "too large\\nRaised in layer 'a/b'."
    """
    # Not by `setattr` or `add_note`: the class may have an attribute of that name, or refuse to set any.
    attributes = vars(error)
    if "_minikeras_location" in attributes:
        return
    attributes["_minikeras_location"] = location
    if error.args and isinstance(error.args[0], str) and str(error) == error.args[0]:
        BaseException.args.__set__(error, (f"{error.args[0]}\n{location}", *error.args[1:]))
    else:
        attributes.setdefault("__notes__", []).append(location)
