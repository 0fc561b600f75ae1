"""Names of optimizers in Keras 1 and 2 that Keras 3 dropped."""

from .. import optimizers
from ..errors import warn_legacy

__all__: list[str] = []

_NAMES = {name.lower(): name for name in "Adadelta Adagrad Adam Adamax Ftrl Nadam RMSprop SGD".split()}


def __getattr__(name: str) -> object:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warn_legacy(f"`optimizers.{name}`", f"`optimizers.{_NAMES[name]}`")
    return getattr(optimizers, _NAMES[name])
