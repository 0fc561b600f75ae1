"""What Keras keeps from its older versions."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import saving as saving
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "saving": ".",
        },
    )
