"""Initializers of the namespace `tf`, with their defaults."""

from typing import Any

import numpy as np

from ...engine.dtypes import standardize_dtype
from ...engine.immutable_arrays import as_output
from ...initializers import Ones, RandomNormal, RandomUniform, Zeros

__all__ = [
    "constant_initializer",
    "ones_initializer",
    "random_normal_initializer",
    "random_uniform_initializer",
    "zeros_initializer",
]

ones_initializer, zeros_initializer = Ones, Zeros
random_normal_initializer, random_uniform_initializer = RandomNormal, RandomUniform


class constant_initializer:
    """Generates tensors of constant values.

    Args:
        value: A scalar, or a nested list with as many values as the tensors have elements.
        support_partition: Ignored.

    Source: https://www.tensorflow.org/api_docs/python/tf/constant_initializer

    Example:
        >>> constant_initializer([1, 2])((2, 1), "float32").tolist()
        [[1.0], [2.0]]
    """

    def __init__(self, value: Any = 0, support_partition: bool = False):
        self.value = value

    def __call__(self, shape: Any, dtype: Any = None, **kwargs: Any) -> Any:
        value = np.asarray(self.value)
        if dtype is None:
            dtype = {"i": "int32", "f": "float32"}.get(value.dtype.kind, value.dtype.name)
        value = value.astype(standardize_dtype(dtype))
        shape = tuple(int(size) for size in np.asarray(shape).ravel())
        return as_output(np.full(shape, value) if value.size == 1 else value.reshape(shape))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments to recreate the initializer."""
        return {"value": self.value}
