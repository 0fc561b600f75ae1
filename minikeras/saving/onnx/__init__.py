"""Export of models to ONNX, for inference without minikeras."""

from .export import export_onnx

__all__ = ["export_onnx"]
