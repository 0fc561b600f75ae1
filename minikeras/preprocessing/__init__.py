"""The preprocessing utilities of Keras 2, for text, sequences and images."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import image as image
    from . import sequence as sequence
    from . import text as text
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "image": ".",
            "sequence": ".",
            "text": ".",
        },
    )
