"""Models as ONNX files, which other programs run without minikeras."""

from .export import export_onnx

__all__ = ["export_onnx"]
