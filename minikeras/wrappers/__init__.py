"""Models as scikit-learn estimators."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import scikit_learn as scikit_learn
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "scikit_learn": ".",
        },
    )
