"""Names of regularizers in Keras 1."""

from functools import partial
from typing import Any

from ..errors import warn_legacy
from ..regularizers import L1, L1L2, L2

__all__: list[str] = []

# The defaults are those of Keras 1.
_NAMES: dict[str, tuple[Any, str]] = {
    "ActivityRegularizer": (L1L2, "L1L2"),
    "WeightRegularizer": (L1L2, "L1L2"),
    "activity_l1": (L1, "L1"),
    "activity_l1l2": (partial(L1L2, l1=0.01, l2=0.01), "L1L2"),
    "activity_l2": (L2, "L2"),
    "l1l2": (partial(L1L2, l1=0.01, l2=0.01), "L1L2"),
}


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found, today = _NAMES[name]
    warn_legacy(f"`regularizers.{name}`", f"`regularizers.{today}`")
    return found
