"""A value inside a trace. It has a concrete array, so shapes and printing work while tracing."""

from collections.abc import Callable

import numpy as np

from . import tree
from .numpy_calls import call_function, is_operator, records_numpy
from .operators import Operators
from .trace import Trace, check_open, current_trace


class Tensor(Operators):
    """A traced value.

    Attributes:
        form: An array of its shape, dtype and strides: the concrete value in the traced run, or without content.
        is_deferred: Whether `form` has no content yet, see `Trace.deferred`.
        trace: The trace it belongs to.
        moved: The tensor that keeps this value after its variable was assigned to; None if it was not.
        alias_of: The variable whose buffer it is a view of; None if it has its own memory.
        casts: By dtype, the casts of a tensor that was read from a variable; None if there are none.
    """

    __slots__ = ("form", "is_deferred", "moved", "trace")

    alias_of: object = None
    casts: "dict[str, Tensor] | None" = None
    _keras_mask: object = None

    def __init__(self, form: np.ndarray, trace: Trace, is_deferred: bool = False):
        self.form = form
        self.is_deferred = is_deferred
        self.trace = trace
        self.moved: Tensor | None = None

    @property
    def array(self) -> np.ndarray:
        """The concrete value in the traced run; if it is deferred, all values of the trace are computed."""
        if self.is_deferred:
            self.trace.materialize()
            assert not self.is_deferred, "a deferred value was used after its trace"
        return self.form

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self.form.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.form.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.form.size

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements."""
        return self.form.dtype

    @property
    def nbytes(self) -> int:
        """The size in bytes."""
        return self.form.nbytes

    def current(self) -> "Tensor":
        """Returns the tensor that holds this value now (see `moved`)."""
        tensor = self
        while tensor.moved is not None:
            tensor = tensor.moved
        return tensor

    def numpy(self) -> np.ndarray:
        """Returns a copy of the concrete value. It prevents the replay of the step."""
        return self._look("`.numpy()` was called on a traced value").copy()

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        array = self._look("a traced value was turned into an array")
        return np.array(array, dtype=dtype)

    def __bool__(self) -> bool:
        return bool(self._look("a traced value was used as a condition"))

    def __int__(self) -> int:
        return int(self._look("`int()` was called on a traced value"))

    def __float__(self) -> float:
        return float(self._look("`float()` was called on a traced value"))

    def __index__(self) -> int:
        return self._look("a traced value was used as an index").__index__()

    def item(self) -> object:
        """Returns the only element as a Python number. It prevents the replay of the step."""
        return self._look("`.item()` was called on a traced value").item()

    def tolist(self) -> list:
        """Returns nested lists of Python numbers. It prevents the replay of the step."""
        return self._look("`.tolist()` was called on a traced value").tolist()

    def __format__(self, spec: str) -> str:
        return format(self._look("a traced value was formatted"), spec) if spec else repr(self)

    def __repr__(self) -> str:
        return f"<Tensor shape={self.shape}, dtype={self.dtype}, value={self.current().array}>"

    # After its trace, a tensor is an array to numpy.
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if is_operator(ufunc, method, inputs, kwargs) or (self.trace is current_trace() and records_numpy()):
            return super().__array_ufunc__(ufunc, method, *inputs, **kwargs)
        return getattr(ufunc, method)(*map(_settled, inputs), **kwargs)

    def __array_function__(self, func, types, args, kwargs):
        if self.trace is current_trace() and records_numpy():
            return call_function(func, args, kwargs)
        args, kwargs = tree.map_structure(_settled, (args, kwargs))
        return func(*args, **kwargs)

    # While the trace is open, methods are ops even if functions of numpy are not recorded.
    def _applied(self, function: Callable, args: tuple, kwargs: dict) -> object:
        if self.trace is current_trace():
            return super()._applied(function, args, kwargs)
        return getattr(_settled(self), function.__name__)(*args, **kwargs)

    def _look(self, what: str) -> np.ndarray:
        check_open(self)
        self.trace.block_replay(what)
        return self.current().array


def _settled(value: object) -> object:
    """Returns a traced value as a read-only array if tracing is paused, and any other value unchanged."""
    if not isinstance(value, Tensor) or (value.trace is current_trace() and records_numpy()):
        return value
    array = value._look("a traced value was used while tracing was paused").view()
    array.flags.writeable = False  # numpy may return a view of it, and writing there would change the recorded value
    return array
