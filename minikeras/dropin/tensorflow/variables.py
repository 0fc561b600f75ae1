"""`tf.Variable`: a variable with TensorFlow's methods, including those for sliced and scattered updates."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ... import ops
from ...data.specs import TensorShape
from ...engine import tree
from ...engine.variable import Variable as _Variable
from ...errors import NotSupportedError, ShapeError, brief
from ..eager_tensor import EagerTensor
from . import scatter
from .tensors import tensor

__all__ = ["IndexedSlices", "Variable", "VariableAggregation", "VariableSynchronization"]


class VariableSynchronization:
    """When replicas of a variable are aggregated; there is only one."""

    AUTO, NONE, ON_WRITE, ON_READ = "auto", "none", "on_write", "on_read"


class VariableAggregation:
    """How replicas of a variable are aggregated; there is only one."""

    NONE, SUM, MEAN, ONLY_FIRST_REPLICA = "none", "sum", "mean", "only_first_replica"


class IndexedSlices(NamedTuple):
    """Slices of a larger tensor, and their indices.

    Attributes:
        values: The slices, of shape (n, ...).
        indices: Their indices along the first axis, of shape (n,).
        dense_shape: The shape of the larger tensor, if known.
    """

    values: Any
    indices: Any
    dense_shape: Any = None


class _Reference:
    """A hashable reference to a variable: two are equal if they refer to the same variable."""

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
    """The current value of a variable: `variable.value` in Keras, `variable.value()` in TensorFlow."""

    def __call__(self) -> EagerTensor:
        return self.view(EagerTensor)


class Variable(_Variable):
    """A variable with the constructor arguments of TensorFlow's.

    Args:
        initial_value: The initial value, or a function that returns it.
        trainable: Whether training updates it.
        validate_shape: Must be True.
        caching_device: Must be None.
        name: The last component of its path.
        dtype: The type of the elements; that of the value by default.
        constraint: Constraint applied to the variable after each update by an optimizer.
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
        """The name of the CPU device."""
        return "/job:localhost/replica:0/task:0/device:CPU:0"

    @property
    def value(self) -> Any:
        """The current value: traced inside a step, else a copy; calling it returns itself."""
        value = super().value
        return value.view(_Value) if type(value) is EagerTensor else value

    def read_value(self) -> Any:
        """Returns the current value as a tensor."""
        return super().value

    def is_initialized(self, name: str | None = None) -> bool:
        """Returns True: variables are initialized on creation."""
        return True

    def ref(self) -> _Reference:
        """Returns a hashable reference to the variable."""
        return _Reference(self)

    def gather_nd(self, indices: Any, name: str | None = None) -> Any:
        """Gathers slices, as `tf.gather_nd` does."""
        return scatter.gather_nd(self, indices)

    def sparse_read(self, indices: Any, name: str | None = None) -> Any:
        """Gathers rows by index."""
        return ops.take(self, indices, axis=0)

    def __getitem__(self, key: Any) -> Any:
        """Returns a slice with a method `assign` that updates this slice of the variable."""
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
        """Assigns to the slice of the variable that a key selects; the value is broadcast to it."""
        key = tree.map_structure(lambda part: np.asarray(part) if hasattr(part, "dtype") else part, key)
        positions = np.arange(self.size).reshape(self._buffer.shape)[key]
        value = ops.cast(tensor(value), self._buffer.dtype.name)
        try:
            np.broadcast_shapes(tuple(value.shape), positions.shape)
            fits = len(value.shape) <= positions.ndim
        except ValueError:
            fits = False
        if not fits:
            raise ShapeError(
                f"Variable '{self.path}': expected a value of shape {positions.shape} for this slice, received one "
                f"of shape {tuple(value.shape)}."
            )
        value = ops.broadcast_to(value, positions.shape)
        return self.assign(scatter.replaced(self, positions.ravel(), ops.reshape(value, (-1,))))

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Replaces elements at given indices, as `tf.tensor_scatter_nd_update` does; returns the variable."""
        return self.assign(scatter.tensor_scatter_nd_update(self, indices, updates))

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Adds updates at given indices; returns the variable."""
        return self.assign(scatter.tensor_scatter_nd_add(self, indices, updates))

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Subtracts updates at given indices; returns the variable."""
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
