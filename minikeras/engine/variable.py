"""Variables: each owns one buffer for its lifetime. `assign` copies into it, so plans can rely on its address."""

import threading
from collections.abc import Callable, Sequence
from operator import index
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief, unknown_name
from ..lazy import namespace
from ..typing import DTypeLike, InitializerLike, ShapeLike, TensorLike
from . import naming, scopes, tree
from .arena import allocate
from .dispatch import operand, to_array
from .dtypes import dtype_name, dtype_of_numbers, is_float, is_numeric, standardize_dtype
from .html import html_table
from .immutable_arrays import as_output
from .memory_budget import charge_variable
from .numpy_calls import is_operator, op_of, records_numpy
from .operators import Operators
from .primitive import Primitive, copying
from .registry import Symbolic, call
from .tensor import Tensor
from .trace import Trace, current_trace, materialize_pending, paused_tracing
from .watched import Watched

_first_use = threading.RLock()
_AGGREGATIONS = ("none", "mean", "sum", "only_first_replica")
_SYNCHRONIZATIONS = ("auto", "none", "on_read", "on_write")


class Variable(Watched, Operators):
    """A value that persists between steps: a weight, or the state of a metric or an optimizer.

    Args:
        initializer: An array, a function `(shape, dtype=...)` that returns one, such as an `Initializer`, or its name.
        shape: The shape; required if the initializer is a function or a name.
        dtype: The type of the elements; by default that of an array, and `floatx` for a function.
        trainable: Whether training updates it.
        autocast: Whether a layer with another compute dtype reads it in that dtype.
        aggregation: How the values of processes that share a training make one, for metrics: "sum", "mean" or
            "only_first_replica"; "none" if they do not.
        synchronization: When they would be: "auto", "none", "on_read" or "on_write".
        name: The last component of its path.

    Raises:
        ShapeError: If the shape of the initial value is not `shape`.
        UnknownNameError: If the name of an initializer is unknown.
        ArgumentTypeError: If the value or the dtype is not one of numbers.

    Source: https://keras.io/api/utils/

    Example:
        >>> v = Variable([1.0, 2.0], name="v")
        >>> v.assign_add([1.0, 1.0]).numpy()
        array([2., 3.], dtype=float32)
    """

    _bookkeeping = frozenset(
        {"name", "path", "trainable", "made_trainable", "autocast", "aggregation", "_buffer", "_form", "_waiting"}
    )

    def __init__(
        self,
        initializer: InitializerLike | TensorLike,
        shape: ShapeLike | None = None,
        dtype: DTypeLike | None = None,
        trainable: bool = True,
        autocast: bool = True,
        aggregation: str | None = "none",
        synchronization: str | None = "auto",
        name: str | None = None,
    ):
        if aggregation not in (None, *_AGGREGATIONS):
            raise unknown_name("variable aggregation", aggregation, _AGGREGATIONS)
        if synchronization not in (None, *_SYNCHRONIZATIONS):
            raise unknown_name("variable synchronization", synchronization, _SYNCHRONIZATIONS)
        if name:
            naming.check_name(name, "Variable", forbidden="")
        self.name = name or naming.unique_name("variable")
        scope = naming.current_path()
        self.path = f"{scope}/{self.name}" if scope else self.name
        self.trainable = bool(trainable)
        self.made_trainable = self.trainable  # restored when a frozen layer is thawed
        self.autocast = bool(autocast)
        self.aggregation = aggregation or "none"
        self.synchronization = synchronization or "none"
        self.regularizer = None
        self.constraint = None
        self.overwrite_with_gradient = False
        with paused_tracing(), scopes.real_state():
            value = self._initial_value(initializer, shape, dtype)
            if value is None:
                dtype = standardize_dtype(dtype)
                self._waiting = initializer
                self._form = np.broadcast_to(np.zeros((), dtype), tuple(shape))  # allocates nothing
            else:
                self._form = self._buffer = value

    if not TYPE_CHECKING:  # otherwise type checkers would accept any name

        def __getattr__(self, name: str) -> object:
            # Called for missing attributes only: the buffer of a variable that is initialized on first use.
            if name != "_buffer" or "_form" not in vars(self):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            with _first_use, paused_tracing(), scopes.real_state():
                if "_waiting" in vars(self):  # otherwise another thread has initialized it
                    value = self._waiting(self._form.shape, dtype=dtype_name(self._form.dtype))
                    self._take_buffer(np.asarray(operand(value)), is_new=True)
            return vars(self)["_buffer"]

    def _take_buffer(self, value: np.ndarray, is_new: bool = False) -> None:
        buffer = allocate(value.astype(self._form.dtype, copy=False), is_new)
        vars(self).update(_form=buffer, _buffer=buffer)  # not through `__setattr__`, which would invalidate plans
        del vars(self)["_waiting"]

    def _initial_value(self, initializer: object, shape: tuple | None, dtype: object) -> np.ndarray | None:
        """Returns the value in newly allocated memory; None if it is initialized on first use."""
        if shape is not None:
            shape = self._checked_shape(shape)
        if dtype is not None:
            dtype = dtype_of_numbers(dtype, "Variable")
        if isinstance(initializer, str):
            initializer = namespace("initializers").get(initializer)
        is_new = False
        if callable(initializer):
            if shape is None:
                raise ShapeError(f"Variable '{self.path}': an initializer function needs `shape`. Received: shape=None")
            dtype = standardize_dtype(dtype)
            if charge_variable(initializer, tuple(shape), dtype, f"Variable '{self.path}'"):
                return None
            value = initializer(tuple(shape), dtype=dtype)
            # What can be called later as well keeps no reference to its result.
            is_new = hasattr(initializer, "can_wait") and initializer.can_wait(tuple(shape))
        else:
            value = initializer
        # Python floats are not rounded to `floatx` on their way to float64.
        value = np.asarray(operand(value) if dtype is None or hasattr(value, "dtype") else to_array(value, dtype))
        dtype = value.dtype if dtype is None else standardize_dtype(dtype)
        if not is_numeric(value.dtype):
            raise ArgumentTypeError(f"Variable '{self.path}': expected numbers. Received: dtype {value.dtype}")
        if shape is not None and tuple(shape) != value.shape:
            raise ShapeError(
                f"Variable '{self.path}': expected a value of shape {tuple(shape)}, received {value.shape}."
            )
        return allocate(value.astype(dtype, copy=False), is_new)

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("regularizer", "constraint") and value is not None and not callable(value):
            raise ArgumentError(
                f"Variable '{self.path}': `{name}` must be a function or an object of `minikeras.{name}s`, or None. "
                f"Received: {brief(value)}"
            )
        if name == "overwrite_with_gradient" and not isinstance(value, bool):
            raise ArgumentTypeError(f"`overwrite_with_gradient` must be a boolean. Received: {brief(value)}")
        super().__setattr__(name, value)

    def _checked_shape(self, shape: object) -> tuple[int, ...]:
        try:
            sizes = tuple(map(index, shape))
        except TypeError:
            sizes = (-1,)
        if any(size < 0 for size in sizes):
            raise ShapeError(
                f"Variable '{self.path}': expected `shape` as a tuple of sizes. Received: shape={brief(shape)}"
            )
        return sizes

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self._form.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._form.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._form.size

    @property
    def dtype(self) -> str:
        """The dtype of the elements, or the compute dtype of the layer that reads it."""
        own, computed_in = dtype_name(self._form.dtype), scopes.local.compute_dtype
        return own if computed_in is None or not self.autocast or not is_float(own) else computed_in

    @property
    def nbytes(self) -> int:
        """The size in bytes."""
        return self._form.nbytes

    @property
    def buffer(self) -> np.ndarray:
        """The memory itself, for the engine; users get copies."""
        return self._buffer

    @property
    def value(self) -> "np.ndarray | Tensor":
        """The current value: a traced value inside a step, else a copy."""
        value = self.read()
        return as_output(value.copy()) if isinstance(value, np.ndarray) else value

    def numpy(self) -> np.ndarray:
        """Returns a copy of the current value."""
        trace = current_trace()
        if trace is not None:
            trace.block_replay(f"`.numpy()` was called on variable '{self.path}'")
        materialize_pending(self)
        return self._buffer.copy()

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self.numpy() if dtype is None else self.numpy().astype(dtype, copy=False)

    # Inside a step, functions of numpy get the traced value, so that gradients flow through them.
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        is_operation = is_operator(ufunc, method, inputs, kwargs)
        function = op_of(ufunc, inputs) if method == "__call__" and (not kwargs or is_operation) else None
        if function is not None and (is_operation or records_numpy()):
            return function(*inputs)
        kwargs = {} if is_operation else kwargs  # `array &= variable` creates a new array, too
        return getattr(ufunc, method)(*map(_readable, inputs), **tree.map_structure(_readable, kwargs))

    def __array_function__(self, func, types, args, kwargs):
        args, kwargs = tree.map_structure(_readable, (args, kwargs))
        return func(*args, **kwargs)

    def _applied(self, function: Callable, args: tuple, kwargs: dict) -> object:
        value = self.value
        if isinstance(value, Tensor):
            return value._applied(function, args, kwargs)
        return getattr(value, function.__name__)(*args, **kwargs)  # functions of older numpy accept fewer arguments

    def __bool__(self) -> bool:
        return bool(self.numpy())

    def __int__(self) -> int:
        return int(self.numpy())

    def __float__(self) -> float:
        return float(self.numpy())

    def __repr__(self) -> str:
        materialize_pending(self)
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, value={self._buffer}>"

    def _repr_html_(self) -> str:
        """Shows itself in notebooks: what it is, the range of its values, and the values as numpy shortens them."""
        value = self.numpy()
        rows = [("shape", self.shape), ("dtype", self.dtype), ("trainable", self.trainable)]
        if value.size and is_numeric(value.dtype) and value.dtype.kind != "c":
            numbers = value.astype("float64")
            rows += [(name, f"{getattr(numbers, name)():.6g}") for name in ("min", "mean", "max", "std")]
        return html_table(f"Variable {self.path}", ["", ""], [*rows, ("value", value)])

    def read(self) -> "np.ndarray | Tensor":
        """Returns the current value as an operand: a Tensor in an open trace, else the buffer."""
        scope, trace = scopes.local.stateless, current_trace()
        value = None if scope is None else scope.get_current_value(self)
        if value is None and trace is None:
            materialize_pending(self)
            value = self._buffer
        elif value is None:
            value = trace.read_of(self)
            value = self._new_read(trace) if value is None else value
        return value if scopes.local.compute_dtype is None else self._cast(value, self.dtype)

    def _cast(self, value: object, dtype: str) -> object:
        """Casts a value; a traced one is cast to each dtype only once."""
        if not isinstance(value, Tensor):
            return call("cast", value, dtype)
        if value.casts is None:
            value.casts = {}
        if dtype not in value.casts:
            value.casts[dtype] = call("cast", value, dtype)
        return value.casts[dtype]

    def _new_read(self, trace: Trace) -> Tensor:
        tensor = Tensor(self._buffer.copy() if trace.eager else self._buffer, trace, self in trace.assigned)
        trace.reads[self] = tensor
        trace.past_reads.setdefault(self, []).append(tensor)
        if not trace.eager:
            trace.aliases.setdefault(self, []).append(tensor)
            tensor.alias_of = self
        return tensor

    def assign(self, value: TensorLike) -> "Variable":
        """Copies a value into the variable.

        Args:
            value: An array of the variable's shape.

        Returns:
            The variable.

        Raises:
            ShapeError: If the shape differs.
        """
        value = self.checked(value)
        scope, trace = scopes.local.stateless, current_trace()
        if scope is not None:
            scope.add_update((self, call("cast", value, dtype_name(self._form.dtype))))
        elif trace is None:
            if "_waiting" in vars(self):
                self._take_buffer(np.asarray(value))
            else:
                materialize_pending()
                np.copyto(self._buffer, value, casting="unsafe")
        else:
            _record_assign(trace, self, value)
        return self

    def checked(self, value: object) -> "np.ndarray | Tensor":
        """Returns a value to be assigned, as an operand.

        Raises:
            ShapeError: If its shape is not that of the variable.
        """
        in_scope = isinstance(value, Symbolic) and scopes.local.stateless is not None
        if not in_scope:
            value = operand(value) if hasattr(value, "dtype") else to_array(value, self._form.dtype)
        if len(value.shape) != self.ndim or any(
            size not in (own, None) for size, own in zip(value.shape, self.shape, strict=True)
        ):
            raise ShapeError(
                f"Variable '{self.path}': expected a value of shape {self.shape} to assign, "
                f"received one of shape {tuple(value.shape)}."
            )
        return value

    def assign_add(self, value: TensorLike) -> "Variable":
        """Adds a value of the variable's shape to the variable and returns the variable."""
        return self.assign(self + value)

    def assign_sub(self, value: TensorLike) -> "Variable":
        """Subtracts a value of the variable's shape from the variable and returns the variable."""
        return self.assign(self - value)


def _readable(value: object) -> object:
    if not isinstance(value, Variable):
        return value
    value = value.value if records_numpy() else value.numpy()
    if isinstance(value, np.ndarray):
        value.flags.writeable = False  # writing to the copy would not change the variable
    return value


COPY = Primitive(
    "copy",
    lambda x: x.copy(),
    bind=lambda arrays, out: copying(out, arrays[0]),
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: g,),
    native=True,
)


def _assign_kernel(value: np.ndarray, variable: Variable) -> None:
    np.copyto(variable.buffer, value, casting="unsafe")


ASSIGN = Primitive("assign", _assign_kernel, shape=lambda value, variable: (value.shape, value.dtype), effect=True)


def _record_assign(trace: Trace, variable: Variable, value: "np.ndarray | Tensor") -> None:
    # Tensors that were read from the variable keep their values, so these move to copies first. Planning drops the
    # copies that are not used afterwards.
    is_deferred = trace.note_assignment(variable)
    for alias in trace.aliases.pop(variable, ()):
        form = np.empty(alias.shape, alias.dtype) if is_deferred else alias.array.copy()
        alias.alias_of, alias.moved = None, Tensor(form, trace, is_deferred)
        trace.record(COPY, (alias,), {}, alias.moved)
    trace.reads.pop(variable, None)
    trace.record(ASSIGN, (value,), {"variable": variable}, None)
    if not is_deferred:
        perform_assign(trace, variable, value)


def perform_assign(trace: Trace, variable: Variable, value: "np.ndarray | Tensor") -> None:
    """Makes an assignment that was recorded in a trace, which keeps the previous value for `undo`.

    Args:
        trace: The trace.
        variable: What is assigned to.
        value: What is assigned.
    """
    if not trace.eager and variable not in trace.overwritten:
        trace.overwritten[variable] = variable.buffer.copy()
    _assign_kernel(value.array if isinstance(value, Tensor) else value, variable)


def check_assignable(variable: Variable, value: object, where: str) -> np.ndarray:
    """Returns a value as an array that can be assigned to the variable, or raises without side effects."""
    array = to_array(value)
    is_complex = array.dtype.kind == "c" and np.dtype(variable.dtype).kind != "c"
    if is_complex or not is_numeric(array.dtype):
        kind = "real numbers" if is_complex else "numbers"
        raise ArgumentTypeError(f"{where}: expected {kind} for '{variable.path}', received dtype {array.dtype}.")
    if array.shape != variable.shape:
        raise ShapeError(
            f"{where}: weight '{variable.path}' has shape {variable.shape}, received an array of shape {array.shape}."
        )
    return array


def check_stored(variable: Variable, value: np.ndarray, where: str) -> np.ndarray:
    """Returns an array from a file that can be assigned to the variable, or raises without side effects.

    Raises:
        ShapeError: If the shape differs.
        ArgumentTypeError: If the elements are of another kind: floats, integers, or booleans.
        ArgumentError: If an integer is out of range for the dtype of the variable.
    """
    array = check_assignable(variable, value, where)
    own = variable._form.dtype
    if array.dtype.kind != own.kind and not {array.dtype.kind, own.kind} <= {"i", "u"}:
        raise ArgumentTypeError(
            f"{where}: expected elements of dtype {own} for '{variable.path}', received dtype {array.dtype}."
        )
    if own.kind in "iu" and not np.array_equal(array.astype(own), array):
        raise ArgumentError(f"{where}: values for '{variable.path}' are out of range for its dtype {own}.")
    return array


def assign_all(variables: Sequence[Variable], values: Sequence, where: str, check: Callable) -> None:
    """Assigns a value to each variable after checking all of them.

    Args:
        variables: The variables.
        values: One value for each variable.
        where: The context, in errors.
        check: `check_assignable` or `check_stored`.
    """
    arrays = [check(variable, value, where) for variable, value in zip(variables, values, strict=True)]
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
