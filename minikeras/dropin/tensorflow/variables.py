"""`tf.Variable`: a variable with the methods of TensorFlow's, also those that change a part of it."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ... import ops
from ...engine import tree
from ...engine.variable import Variable as _Variable
from ...errors import NotSupportedError, ShapeError, brief
from ..eager_tensor import EagerTensor, TensorShape
from . import scatter
from .tensors import tensor

__all__ = ["IndexedSlices", "Variable", "VariableAggregation", "VariableSynchronization"]


class VariableSynchronization:
    """When replicas of a variable are merged; there is one."""

    AUTO, NONE, ON_WRITE, ON_READ = "auto", "none", "on_write", "on_read"


class VariableAggregation:
    """How replicas of a variable are merged; there is one."""

    NONE, SUM, MEAN, ONLY_FIRST_REPLICA = "none", "sum", "mean", "only_first_replica"


class IndexedSlices(NamedTuple):
    """Rows, and which ones of a larger value they are.

    Attributes:
        values: The rows, of shape (n, ...).
        indices: Their numbers, of shape (n,).
        dense_shape: The shape of the larger value, if it is known.
    """

    values: Any
    indices: Any
    dense_shape: Any = None


class _Reference:
    """A variable as the key of a dict: two are equal if they are of the same variable."""

    def __init__(self, variable: Any):
        self._variable = variable

    def deref(self) -> Any:
        """Returns the variable."""
        return self._variable

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reference) and self._variable is other._variable

    def __hash__(self) -> int:
        return id(self._variable)


class _Value(EagerTensor):
    """The present value of a variable: `variable.value` in Keras, `variable.value()` in TensorFlow."""

    def __call__(self) -> EagerTensor:
        return self.view(EagerTensor)


class Variable(_Variable):
    """A variable, made with the arguments of TensorFlow's.

    Args:
        initial_value: The first value, or a function that returns it.
        trainable: Whether training updates it.
        validate_shape: Only True.
        caching_device: Only None.
        name: The last part of its path.
        dtype: The type of the elements; that of the value by default.
        constraint: A function that gives the variable its value after each update by an optimizer.
        synchronization: A `VariableSynchronization`.
        aggregation: A `VariableAggregation`.
        shape: The shape; that of the value by default.

    Source: https://www.tensorflow.org/api_docs/python/tf/Variable

    Example:
        >>> v = Variable([[1.0, 2.0], [3.0, 4.0]])
        >>> v[:, 0].assign([5.0, 6.0]).numpy()
        array([[5., 2.],
               [6., 4.]], dtype=float32)
    """

    def __init__(
        self,
        initial_value: Any,
        trainable: Any = True,
        validate_shape: Any = True,
        caching_device: None = None,
        name: str | None = None,
        *,
        dtype: Any = None,
        constraint: Callable | None = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        shape: Any = None,
    ):
        if validate_shape is not True:
            raise NotSupportedError("tf.Variable: the shape of a variable is fixed. Received: validate_shape=False")
        if caching_device is not None:
            raise NotSupportedError(
                f"tf.Variable: there is one device. Received: caching_device={brief(caching_device)}"
            )
        value = initial_value() if callable(initial_value) else initial_value
        super().__init__(
            tensor(value, dtype),
            shape,
            trainable=True if trainable is None else trainable,
            aggregation=aggregation,
            synchronization=synchronization,
            name=name,
        )
        self.constraint = constraint

    # ---------------------------------------------------------------- reading

    @property
    def shape(self) -> TensorShape:
        """The sizes of the axes."""
        return TensorShape(self._buffer.shape)

    def get_shape(self) -> TensorShape:
        """Returns the shape."""
        return self.shape

    @property
    def device(self) -> str:
        """The name of the processor."""
        return "/job:localhost/replica:0/task:0/device:CPU:0"

    @property
    def value(self) -> Any:
        """The present value: traced inside of a step, else a copy, which returns itself when it is called."""
        value = super().value
        return value.view(_Value) if type(value) is EagerTensor else value

    def read_value(self) -> Any:
        """Returns the present value as a tensor."""
        return super().value

    def is_initialized(self, name: str | None = None) -> bool:
        """Returns True: variables have their value from the start."""
        return True

    def ref(self) -> _Reference:
        """Returns what stands for the variable as the key of a dict."""
        return _Reference(self)

    def gather_nd(self, indices: Any, name: str | None = None) -> Any:
        """Returns the parts at given places, as `tf.gather_nd` does."""
        return scatter.gather_nd(self, indices)

    def sparse_read(self, indices: Any, name: str | None = None) -> Any:
        """Returns rows by their numbers."""
        return ops.take(self, indices, axis=0)

    def __getitem__(self, key: Any) -> Any:
        """Returns a part, which has a method `assign` that changes this part of the variable."""
        part = super().__getitem__(key)
        part = part.view(EagerTensor) if type(part) is np.ndarray else part
        part.assign = partial(self._assign_part, key)
        return part

    # ---------------------------------------------------------------- writing

    def assign(self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True) -> Any:
        """Copies a value into the variable; returns the variable, or None with `read_value=False`."""
        super().assign(value)
        return self if read_value else None

    def assign_add(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Adds a value to the variable; returns the variable, or None with `read_value=False`."""
        return self.assign(self + delta, read_value=read_value)

    def assign_sub(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Subtracts a value from the variable; returns the variable, or None with `read_value=False`."""
        return self.assign(self - delta, read_value=read_value)

    def _assign_part(self, key: Any, value: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """Changes the part of the variable that a key stands for; the value is broadcast to it."""
        key = tree.map_structure(lambda part: np.asarray(part) if hasattr(part, "dtype") else part, key)
        places = np.arange(self.size).reshape(self._buffer.shape)[key]
        value = ops.cast(tensor(value), self._buffer.dtype.name)
        try:
            np.broadcast_shapes(tuple(value.shape), places.shape)
            fits = len(value.shape) <= places.ndim
        except ValueError:
            fits = False
        if not fits:
            raise ShapeError(
                f"Variable '{self.path}': expected a value of shape {places.shape} for this part of it, received one "
                f"of shape {tuple(value.shape)}."
            )
        value = ops.broadcast_to(value, places.shape)
        return self.assign(scatter.replaced(self, places.ravel(), ops.reshape(value, (-1,))))

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Puts values at given places, as `tf.tensor_scatter_nd_update` does; returns the variable."""
        return self.assign(scatter.tensor_scatter_nd_update(self, indices, updates))

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Adds values at given places; returns the variable."""
        return self.assign(scatter.tensor_scatter_nd_add(self, indices, updates))

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Subtracts values at given places; returns the variable."""
        return self.assign(scatter.tensor_scatter_nd_sub(self, indices, updates))

    def scatter_update(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Replaces rows; returns the variable."""
        return self.scatter_nd_update(_rows(sparse_delta), sparse_delta.values)

    def scatter_add(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Adds to rows; returns the variable."""
        return self.scatter_nd_add(_rows(sparse_delta), sparse_delta.values)

    def scatter_sub(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Subtracts from rows; returns the variable."""
        return self.scatter_nd_sub(_rows(sparse_delta), sparse_delta.values)


def _rows(sparse_delta: IndexedSlices) -> np.ndarray:
    return np.asarray(sparse_delta.indices)[..., None]
