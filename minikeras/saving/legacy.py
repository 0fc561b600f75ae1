"""Names of files as Keras 2 took them: without an ending, and `.h5` for weights."""

import os

from ..engine.paths import checked_path
from ..errors import warn_legacy


def written_path(filepath: str | os.PathLike, method: str, ending: str) -> str:
    """Returns the path of a file to write; one without an ending gets it, with a warning.

    Keras 2 made a folder, or several files, of such a name. Today's formats are told apart by their endings.

    Args:
        filepath: The path as it was given.
        method: What writes, for the warning.
        ending: The ending.

    Example:
        >>> written_path("models/net.keras", "model.save", ".keras")
        'models/net.keras'
    """
    path = checked_path(filepath, f"`{method}`")
    if not path or os.path.splitext(path)[1]:
        return path
    warn_legacy(f"`{method}({path!r})`", f"`{method}({path + ending!r})`, which is the file that is written")
    return path + ending


def read_path(filepath: str | os.PathLike, method: str, ending: str) -> str:
    """Returns the path of a file to read; of one without an ending, that which `written_path` gave it."""
    path = checked_path(filepath, f"`{method}`")
    return path + ending if path and not os.path.splitext(path)[1] and os.path.exists(path + ending) else path
