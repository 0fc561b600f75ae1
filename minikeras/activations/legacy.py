"""Renamed arguments of older Keras; see `engine.renamed_arguments`."""

from ..engine.renamed_arguments import renamed

__all__ = ["renamed"]
