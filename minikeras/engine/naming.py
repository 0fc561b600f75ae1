"""Automatic names as in Keras (`dense`, `dense_1`, `dense_2`), name scopes, and checks of names."""

import re
import threading
from collections import defaultdict

from ..errors import ArgumentError, brief

_LONGEST_NAME = 1000  # characters
# Control characters, line separators, marks of the writing direction, and lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_counters: dict[str, int] = defaultdict(int)


class _Local(threading.local):
    def __init__(self):
        self.open: list[tuple[str, object]] = []  # the path and the owner of each open scope


_local = _Local()


def to_snake_case(name: str) -> str:
    """Converts a class name to the stem of an automatic name.

    Example:
        >>> to_snake_case("InputLayer"), to_snake_case("ReLU"), to_snake_case("Conv2DTranspose")
        ('input_layer', 're_lu', 'conv2d_transpose')
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def check_name(name: object, where: str, forbidden: str = "/") -> None:
    """Refuses a name that cannot be stored in files or printed on a terminal.

    Args:
        name: The name.
        where: What the name is for, in errors.
        forbidden: Characters that are not allowed.

    Raises:
        ArgumentError: If it is not a string, empty, "." or "..", very long, or has characters that cannot be printed.

    Example:
        >>> check_name("dense_1", "Dense")
    """
    if not isinstance(name, str) or any(character in name for character in forbidden):
        without = f" without {forbidden!r}" if forbidden else ""
        raise ArgumentError(f"{where}: `name` must be a string{without}. Received: name={brief(name)}")
    if name in ("", ".", ".."):
        raise ArgumentError(
            f"{where}: `name` must not be empty, '.' or '..': files have groups of that name. "
            f"Received: name={brief(name)}"
        )
    if len(name) > _LONGEST_NAME:
        raise ArgumentError(
            f"{where}: `name` must have at most {_LONGEST_NAME} characters. Received: {len(name)}, {name[:20]!r}..."
        )
    if _UNPRINTABLE.search(name):
        raise ArgumentError(f"{where}: `name` must have no control characters. Received: name={brief(name)}")


def printable(text: str) -> str:
    """Returns a text with the control characters escaped, except newlines.

    Example:
        >>> print(printable("red " + chr(27) + "[31m"))
        red \\x1b[31m
    """
    return _UNPRINTABLE.sub(_escaped, text)


def _escaped(match: re.Match) -> str:
    return match[0] if match[0] == "\n" else match[0].encode("unicode_escape").decode("ascii")


def unique_name(stem: str) -> str:
    """Returns the stem, with `_1`, `_2`, ... appended from the second call on."""
    number = _counters[stem]
    _counters[stem] += 1
    return stem if number == 0 else f"{stem}_{number}"


def reset_names() -> None:
    """Restarts the numbering of automatic names; used by `clear_session`."""
    _counters.clear()


class name_scope:
    """Context manager that prefixes the paths of variables and trace entries with a name.

    Args:
        name: A component of the path, such as the name of a layer.
        owner: The object the scope belongs to, so that a layer can tell whether its own scope is open already.

    Example:
        >>> from minikeras.layers import Dense
        >>> with name_scope("encoder"):
        ...     layer = Dense(1, name="code")
        ...     layer.build((None, 2))
        >>> layer.kernel.path
        'encoder/code/kernel'
    """

    def __init__(self, name: str, owner: object = None):
        self.name = name
        self.owner = owner

    def __enter__(self) -> "name_scope":
        outer = current_path()
        _local.open.append((f"{outer}/{self.name}" if outer and self.name else outer or self.name, self.owner))
        return self

    def __exit__(self, *exception: object) -> None:
        _local.open.pop()


class path_scope:
    """Context manager that replaces the whole path: the reverse pass attributes its entries to the forward layer.

    Args:
        path: The path; None for the top.
    """

    def __init__(self, path: str | None):
        self._path = path or ""

    def __enter__(self) -> None:
        _local.open.append((self._path, None))

    def __exit__(self, *exception: object) -> None:
        _local.open.pop()


def current_path() -> str:
    """Returns the names of the open scopes, joined by slashes."""
    return _local.open[-1][0] if _local.open else ""


def scope_owner() -> object:
    """Returns the owner of the innermost open scope, or None."""
    return _local.open[-1][1] if _local.open else None
