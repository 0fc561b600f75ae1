"""`tf.TensorSpec`: the shape and dtype of tensors."""

from ...data.specs import TensorSpec, TypeSpec

__all__ = ["TensorSpec", "TypeSpec"]
