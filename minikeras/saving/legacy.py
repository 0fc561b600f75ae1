"""File names as Keras 2 accepted them: without an extension, for TensorFlow checkpoints, and `.h5` for weights."""

import os

from ..errors import ArgumentError, brief, unknown_name, warn_legacy
from ..utils.paths import checked_path

_FORMATS = {"h5": ".h5", "hdf5": ".h5", "keras": ".keras", "tf": ""}
# In Keras 2, TensorFlow wrote several files with this prefix to a folder that it created.
_OF_TENSORFLOW = ("", ".ckpt")


def in_format(filepath: str | os.PathLike, save_format: str | None, method: str) -> str | os.PathLike:
    """Returns a path with the extension of the format given by Keras 2's argument `save_format`.

    Args:
        filepath: The path as passed.
        save_format: "h5", "keras" or "tf"; None if it was not passed.
        method: The calling method, for messages.

    Raises:
        UnknownNameError: If it is another format.
        ArgumentError: If the path has the extension of another format.
    """
    if save_format is None:
        return filepath
    if save_format not in _FORMATS:
        raise unknown_name(f"save_format of `{method}`", save_format, _FORMATS)
    path, ending = checked_path(filepath, f"`{method}`"), _FORMATS[save_format]
    own = os.path.splitext(path)[1]
    fits = own in _OF_TENSORFLOW or (own in (".h5", ".hdf5") and ending == ".h5") or own == ending
    if not fits:
        raise ArgumentError(
            f"`{method}`: the file extension determines the format. "
            f"Received: {brief(path)} and save_format={brief(save_format)}"
        )
    if save_format == "tf":
        return path  # for which a missing extension causes a warning
    warn_legacy(f"`{method}(save_format={save_format!r})`", f"a path that ends in '{ending}'")
    return path + ending if own in _OF_TENSORFLOW else path


def written_path(filepath: str | os.PathLike, method: str, ending: str) -> str:
    """Returns the path of a file to write; appends a missing extension, with a warning.

    The parent folder is created, as in Keras 2. Current formats are distinguished by their extensions.

    Args:
        filepath: The path as passed.
        method: The calling method, for the warning.
        ending: The extension.

    Example:
        >>> written_path("models/net.keras", "model.save", ".keras")
        'models/net.keras'
    """
    path = checked_path(filepath, f"`{method}`")
    if not path or os.path.splitext(path)[1] not in _OF_TENSORFLOW:
        return path
    warn_legacy(f"`{method}({path!r})`", f"`{method}({path + ending!r})`, which is the file that is written")
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    return path + ending


def read_path(filepath: str | os.PathLike, method: str, ending: str) -> str:
    """Returns the path of a file to read; appends a missing extension as `written_path` does."""
    path = checked_path(filepath, f"`{method}`")
    is_old = bool(path) and os.path.splitext(path)[1] in _OF_TENSORFLOW
    return path + ending if is_old and os.path.exists(path + ending) else path
