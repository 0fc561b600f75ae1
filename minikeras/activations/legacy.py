"""Arguments by the names of older Keras; see `engine.renaming`."""

from ..engine.renamed_arguments import renamed

__all__ = ["renamed"]
