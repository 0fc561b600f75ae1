"""Names of constraints in Keras 1."""

from ..constraints import MaxNorm, NonNeg, UnitNorm
from ..errors import warn_legacy

_NAMES = {"maxnorm": MaxNorm, "nonneg": NonNeg, "unitnorm": UnitNorm, "unit_norm": UnitNorm}

__all__: list[str] = []


def __getattr__(name: str) -> type:
    if name not in _NAMES:
        raise AttributeError(name)
    warn_legacy(f"`constraints.{name}`", f"`constraints.{_NAMES[name].__name__}`")
    return _NAMES[name]
