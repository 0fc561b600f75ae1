"""Export of models for inference elsewhere, as ONNX files."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .archive import ExportArchive as ExportArchive
else:
    __getattr__, __dir__, __all__ = attach(__name__, {"ExportArchive": ".archive"})
