"""Names of layers, metrics and tensors, made as Keras makes them: `dense`, `dense_1`, `dense_2`."""

import re
import threading
from collections import defaultdict

_counters: dict[str, int] = defaultdict(int)
_scopes = threading.local()


def to_snake_case(name: str) -> str:
    """Turns a class name into the stem of an automatic name.

    Example:
        >>> to_snake_case("InputLayer"), to_snake_case("ReLU"), to_snake_case("Conv2DTranspose")
        ('input_layer', 're_lu', 'conv2d_transpose')
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def unique_name(stem: str) -> str:
    """Returns the stem the first time, then the stem with `_1`, `_2`, ..."""
    number = _counters[stem]
    _counters[stem] += 1
    return stem if number == 0 else f"{stem}_{number}"


def reset_names() -> None:
    """Starts the numbering of automatic names anew, as `clear_session` does."""
    _counters.clear()


class name_scope:
    """Prefixes the paths of the variables made inside with a name.

    Args:
        name: The part of the path, e.g. a layer's name.
        owner: Whose scope it is, so that a layer can tell whether its own scope is open already.
    """

    def __init__(self, name: str, owner: object = None):
        self.name = name
        self.owner = owner

    def __enter__(self) -> "name_scope":
        _stack().append(self)
        return self

    def __exit__(self, *exception: object) -> None:
        _stack().pop()


def current_path() -> str:
    """Returns the names of the open scopes, joined by slashes."""
    return "/".join(scope.name for scope in _stack() if scope.name)


def scope_owner() -> object:
    """Returns whose scope the innermost open one is, or None."""
    return _stack()[-1].owner if _stack() else None


def _stack() -> list[name_scope]:
    if not hasattr(_scopes, "open"):
        _scopes.open = []
    return _scopes.open
