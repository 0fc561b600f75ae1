"""What is known of the elements of a dataset: the shapes and dtypes of their tensors, as `tf.TensorSpec`."""

from typing import Any

import numpy as np

from ..engine import tree
from ..engine.dtypes import TEXT, dtype_name, standardize_dtype

__all__ = ["DatasetSpec", "TensorShape", "TensorSpec", "TypeSpec"]


class TensorShape(tuple):
    """A tuple with the methods of `tf.TensorShape`.

    Example:
        >>> TensorShape((2, 3)).as_list()
        [2, 3]
    """

    __slots__ = ()

    def as_list(self) -> list[int]:
        """Returns the sizes as a list."""
        return list(self)

    def num_elements(self) -> int:
        """Returns the product of the sizes."""
        return int(np.prod(self, dtype=np.int64))

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self)

    @property
    def ndims(self) -> int:
        """The number of axes."""
        return len(self)


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
        self._dtype = _numpy_dtype(dtype)
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
        return self.dtype == _numpy_dtype(spec_or_tensor.dtype) and fits(spec_or_tensor.shape, self.shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorSpec):
            return False
        return (self.shape, self.dtype, self.name) == (other.shape, other.dtype, other.name)

    def __hash__(self) -> int:
        return hash((self.shape, self.dtype))

    def __repr__(self) -> str:
        shape = "<unknown>" if self.shape is None else tuple(self.shape)
        return f"TensorSpec(shape={shape}, dtype=tf.{dtype_name(self.dtype)}, name={self.name!r})"


class DatasetSpec(TypeSpec):
    """The spec of an element that is itself a dataset, as those of `Dataset.window`.

    Args:
        element_spec: The spec of its elements.

    Example:
        >>> DatasetSpec(TensorSpec((None, 2), "float32")).element_spec.shape
        (None, 2)
    """

    def __init__(self, element_spec: Any):
        self.element_spec = element_spec

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatasetSpec) and self.element_spec == other.element_spec

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"DatasetSpec({self.element_spec!r})"


def _numpy_dtype(dtype: Any) -> np.dtype:
    """Returns the dtype of numpy; that of strings has no length."""
    if isinstance(dtype, np.dtype) and dtype.kind in "USTO":
        return np.dtype(str)
    name = standardize_dtype(dtype)
    return np.dtype(str if name == TEXT else name)


def with_axis(size: int | None, spec: Any) -> Any:
    """Returns a nested spec with a new first axis.

    Example:
        >>> with_axis(None, (TensorSpec([2]), TensorSpec([], "int32")))[0]
        TensorSpec(shape=(None, 2), dtype=tf.float32, name=None)
    """
    return tree.map_structure(
        lambda part: TensorSpec(None if part.shape is None else (size, *part.shape), part.dtype), spec
    )


def common_spec(first: Any, second: Any) -> Any:
    """Returns the nested spec both specs fit, with None for sizes in which they differ; None if there is none."""
    if tree.structure_key(first) != tree.structure_key(second):
        return None
    pairs = list(zip(tree.flatten(first), tree.flatten(second), strict=True))
    if any(type(a) is not type(b) or (isinstance(a, TensorSpec) and a.dtype != b.dtype) for a, b in pairs):
        return None
    return tree.pack_like(first, [_common(a, b) for a, b in pairs])


def _common(first: Any, second: Any) -> Any:
    if first == second or not isinstance(first, TensorSpec):
        return first
    if first.shape is None or second.shape is None or len(first.shape) != len(second.shape):
        return TensorSpec(None, first.dtype)
    sizes = [one if one == two else None for one, two in zip(first.shape, second.shape, strict=True)]
    return TensorSpec(sizes, first.dtype)


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
