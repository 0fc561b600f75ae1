"""Arguments by the names of older Keras; see `engine.renaming`."""

from ..engine.renaming import renamed

__all__ = ["renamed"]
