"""`tf.TensorSpec`: the shape and dtype of tensors."""

from typing import Any

import numpy as np

from ...engine.dtypes import standardize_dtype
from ..eager_tensor import TensorShape

__all__ = ["TensorSpec", "TypeSpec"]


class TypeSpec:
    """The base class of type specifications."""


class TensorSpec(TypeSpec):
    """A shape, in which None is a free size, and a dtype.

    Args:
        shape: The sizes; None if even the rank is unknown.
        dtype: The dtype of the elements.
        name: A name for messages.

    Source: https://www.tensorflow.org/api_docs/python/tf/TensorSpec

    Example:
        >>> TensorSpec([None, 2], "int32")
        TensorSpec(shape=(None, 2), dtype=tf.int32, name=None)
    """

    def __init__(self, shape: Any, dtype: Any = "float32", name: str | None = None):
        self._shape = None if shape is None else TensorShape(None if size is None else int(size) for size in shape)
        self._dtype = np.dtype(standardize_dtype(dtype))
        self._name = name

    @property
    def shape(self) -> TensorShape | None:
        """The sizes; None if even the rank is unknown."""
        return self._shape

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the elements."""
        return self._dtype

    @property
    def name(self) -> str | None:
        """The name."""
        return self._name

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> "TensorSpec":
        """Returns the spec of a tensor."""
        return cls(tensor.shape, tensor.dtype, name)

    @classmethod
    def from_spec(cls, spec: "TensorSpec", name: str | None = None) -> "TensorSpec":
        """Returns a copy of a spec."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Returns whether a tensor, or every tensor of another spec, matches this one."""
        return self.dtype == np.dtype(standardize_dtype(spec_or_tensor.dtype)) and fits(
            spec_or_tensor.shape, self.shape
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorSpec):
            return False
        return (self.shape, self.dtype, self.name) == (other.shape, other.dtype, other.name)

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype))

    def __repr__(self) -> str:
        shape = "<unknown>" if self.shape is None else tuple(self.shape)
        return f"TensorSpec(shape={shape}, dtype=tf.{self.dtype.name}, name={self.name!r})"


def fits(shape: Any, wanted: Any) -> bool:
    """Returns whether a shape matches another one with free sizes.

    Example:
        >>> fits((2, 3), (None, 3)), fits((2, 3), (3,)), fits((2,), None)
        (True, False, True)
    """
    if shape is None or wanted is None:
        return True
    return len(shape) == len(wanted) and all(
        own is None or want is None or own == want for own, want in zip(shape, wanted, strict=True)
    )
