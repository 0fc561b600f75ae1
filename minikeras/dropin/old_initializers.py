"""Names of initializers in Keras 1 and 2."""

from ..errors import warn_legacy
from ..initializers import Ones, RandomNormal, RandomUniform, Zeros

__all__: list[str] = []

_NAMES = {"normal": RandomNormal, "one": Ones, "uniform": RandomUniform, "zero": Zeros}


def __getattr__(name: str) -> type:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warn_legacy(f"`initializers.{name}`", f"`initializers.{_NAMES[name].__name__}`")
    return _NAMES[name]
