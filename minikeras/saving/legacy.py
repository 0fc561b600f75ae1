"""Names of files as Keras 2 took them: without an ending, as checkpoints of TensorFlow, and `.h5` for weights."""

import os

from ..errors import ArgumentError, brief, unknown_name, warn_legacy
from ..utils.paths import checked_path

_FORMATS = {"h5": ".h5", "hdf5": ".h5", "keras": ".keras", "tf": ""}
# Keras 2 let TensorFlow write several files that begin with such a name, into a folder that it made.
_OF_TENSORFLOW = ("", ".ckpt")


def in_format(filepath: str | os.PathLike, save_format: str | None, method: str) -> str | os.PathLike:
    """Returns a path with the ending of the format that Keras 2 was told in an argument.

    Args:
        filepath: The path as it was given.
        save_format: "h5", "keras" or "tf"; None if it was not given.
        method: What writes, for messages.

    Raises:
        UnknownNameError: If it is another format.
        ArgumentError: If the path has the ending of another format.
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
            f"`{method}`: the ending of a file says its format. "
            f"Received: {brief(path)} and save_format={brief(save_format)}"
        )
    if save_format == "tf":
        return path  # of whose missing ending there is a warning
    warn_legacy(f"`{method}(save_format={save_format!r})`", f"a path that ends in '{ending}'")
    return path + ending if own in _OF_TENSORFLOW else path


def written_path(filepath: str | os.PathLike, method: str, ending: str) -> str:
    """Returns the path of a file to write; one of a folder or a checkpoint of TensorFlow gets it, with a warning.

    The folder that it is in is made, as Keras 2 did. Today's formats are told apart by their endings.

    Args:
        filepath: The path as it was given.
        method: What writes, for the warning.
        ending: The ending.

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
    """Returns the path of a file to read; of one without an ending, that which `written_path` gave it."""
    path = checked_path(filepath, f"`{method}`")
    is_old = bool(path) and os.path.splitext(path)[1] in _OF_TENSORFLOW
    return path + ending if is_old and os.path.exists(path + ending) else path
