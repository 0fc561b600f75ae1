"""Arrays with the methods of TensorFlow's eager tensors, for scripts written for TensorFlow."""

from typing import Any

import numpy as np

from ..data.specs import TensorShape, fits
from ..engine import tree
from ..engine.dtypes import TEXT, dtype_name, holds_text
from ..engine.immutable_arrays import ImmutableArray, read_only
from ..engine.masks import get_mask, set_mask
from ..engine.numpy_calls import call_function, is_operator, op_of, records_numpy
from ..engine.operators import Operators
from ..engine.registry import call
from ..engine.trace import current_trace
from ..errors import ArgumentError, ArgumentTypeError, brief


class EagerTensor(ImmutableArray):
    """An array whose Python operators are minikeras ops, so that a gradient tape records them.

    Source: https://www.tensorflow.org/api_docs/python/tf/Tensor

    Example:
        >>> x = np.float32([1.0, 2.0]).view(EagerTensor)
        >>> print(x)
        tf.Tensor([1. 2.], shape=(2,), dtype=float32)
        >>> x.numpy()
        array([1., 2.], dtype=float32)
    """

    __array_priority__ = 100

    def numpy(self) -> Any:
        """Returns the values as a numpy array, or as a scalar if there are no axes; strings are bytes in UTF-8."""
        if dtype_name(self.dtype) == TEXT:
            return np.array(_encoded(np.asarray(self).tolist()), object)[()]
        return np.array(self)[()]

    def set_shape(self, shape: Any) -> None:
        """Checks the shape.

        Args:
            shape: The sizes; None where any is right.

        Raises:
            ArgumentError: If it is another one.
        """
        if not fits(tuple(self.shape), shape):
            raise ArgumentError(f"set_shape: {tuple(shape)} does not fit a tensor of shape {tuple(self.shape)}")

    def get_shape(self) -> TensorShape:
        """Returns the shape."""
        return self.shape

    @property
    def shape(self) -> TensorShape:
        """The sizes of the axes."""
        return TensorShape(np.ndarray.shape.__get__(self))

    @property
    def _keras_mask(self) -> Any:
        mask = get_mask(self)
        if mask is None:
            raise AttributeError("This tensor has no mask: no layer such as `Masking` computed one.")
        return mask

    @_keras_mask.setter
    def _keras_mask(self, mask: Any) -> None:
        set_mask(self, mask)

    # ---------------------------------------------------------------- operators

    __sub__, __rsub__ = Operators.__sub__, Operators.__rsub__
    __mul__, __rmul__ = Operators.__mul__, Operators.__rmul__
    __truediv__, __rtruediv__ = Operators.__truediv__, Operators.__rtruediv__
    __floordiv__, __rfloordiv__ = Operators.__floordiv__, Operators.__rfloordiv__
    __mod__, __rmod__ = Operators.__mod__, Operators.__rmod__
    __pow__, __rpow__ = Operators.__pow__, Operators.__rpow__
    __matmul__, __rmatmul__ = Operators.__matmul__, Operators.__rmatmul__
    __neg__, __pos__, __abs__ = Operators.__neg__, Operators.__pos__, Operators.__abs__
    __lt__, __le__, __gt__, __ge__ = Operators.__lt__, Operators.__le__, Operators.__gt__, Operators.__ge__
    __hash__ = None

    def __add__(self, other: Any) -> Any:
        return texts_combined(np.char.add, self, other) if is_text(self) else Operators.__add__(self, other)

    def __radd__(self, other: Any) -> Any:
        return texts_combined(np.char.add, other, self) if is_text(self) else Operators.__radd__(self, other)

    def __eq__(self, other: Any) -> Any:
        if is_text(self):
            return other is not None and texts_combined(np.equal, self, other)
        return Operators.__eq__(self, other)

    def __ne__(self, other: Any) -> Any:
        if is_text(self):
            return other is None or texts_combined(np.not_equal, self, other)
        return Operators.__ne__(self, other)

    def __and__(self, other: Any) -> Any:
        return self._bitwise(np.bitwise_and, self, other)

    def __rand__(self, other: Any) -> Any:
        return self._bitwise(np.bitwise_and, other, self)

    def __or__(self, other: Any) -> Any:
        return self._bitwise(np.bitwise_or, self, other)

    def __ror__(self, other: Any) -> Any:
        return self._bitwise(np.bitwise_or, other, self)

    def __xor__(self, other: Any) -> Any:
        return self._bitwise(np.bitwise_xor, self, other)

    def __rxor__(self, other: Any) -> Any:
        return self._bitwise(np.bitwise_xor, other, self)

    def __invert__(self) -> Any:
        return self._bitwise(np.invert, self)

    def _bitwise(self, ufunc: np.ufunc, *values: Any) -> Any:
        return _like(ufunc(*tree.map_structure(_plain, values)))  # of integers or booleans: tapes do not record them

    def __getitem__(self, key: Any) -> Any:
        key = tree.map_structure(_plain, key)
        return call("get_item", self, key) if _is_watched(self) else _like(np.asarray(self)[key])

    def __iter__(self) -> Any:
        return (self[index] for index in range(len(self)))

    # ---------------------------------------------------------------- numpy's functions

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if ufunc in (np.equal, np.not_equal) and method == "__call__" and any(map(is_text, inputs)):
            return texts_combined(ufunc, *inputs)  # `array == tensor`
        is_operation = is_operator(ufunc, method, inputs, kwargs)
        if is_operation and op_of(ufunc, inputs) is None:  # integers: `array &= tensor`
            return self._bitwise(ufunc, *inputs)
        if is_operation or (_is_watched(inputs) and records_numpy()):
            return Operators.__array_ufunc__(self, ufunc, method, *inputs, **kwargs)
        inputs, kwargs = tree.map_structure(_plain, (inputs, kwargs))
        return getattr(ufunc, method)(*inputs, **kwargs)

    def __array_function__(self, func: Any, types: Any, args: tuple, kwargs: dict) -> Any:
        if _is_watched((args, kwargs)) and records_numpy():
            return call_function(func, args, kwargs)
        args, kwargs = tree.map_structure(_plain, (args, kwargs))
        return func(*args, **kwargs)

    # ---------------------------------------------------------------- text

    def __repr__(self) -> str:
        numbers = repr(self.numpy()) if self.ndim else str(self.numpy())
        return f"<tf.Tensor: shape={tuple(self.shape)}, dtype={dtype_name(self.dtype)}, numpy={numbers}>"

    def __str__(self) -> str:
        return f"tf.Tensor({self.numpy()}, shape={tuple(self.shape)}, dtype={dtype_name(self.dtype)})"

    def __format__(self, spec: str) -> str:
        return format(self.numpy(), spec)


def is_text(value: Any) -> bool:
    """Returns whether a value is a string, bytes, or an array of them."""
    return isinstance(value, (str, bytes)) or (isinstance(value, np.ndarray) and dtype_name(value.dtype) == TEXT)


def texts_combined(function: Any, *values: Any) -> EagerTensor:
    """Returns what a function of numpy makes of strings, element by element; bytes are decoded.

    Raises:
        ArgumentTypeError: If a value holds anything else.
    """
    arrays = []
    for value in values:
        array = np.asarray(value)
        if not holds_text(array):
            raise ArgumentTypeError(f"Expected strings with strings. Received: {brief(value)}")
        texts = [
            text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text
            for text in array.ravel().tolist()
        ]
        arrays.append(np.array(texts, str).reshape(array.shape))
    return _like(np.asarray(function(*arrays)))


def _is_watched(values: Any) -> bool:
    """Returns whether a tape records one of the values, so that only ops may be applied to it."""
    trace = current_trace()
    return trace is not None and any(id(value) in trace.watched for value in tree.flatten(values))


def _encoded(texts: Any) -> Any:
    if isinstance(texts, list):
        return [_encoded(text) for text in texts]
    return texts.encode("utf-8", "surrogateescape") if isinstance(texts, str) else texts


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, EagerTensor) else value


def _like(value: Any) -> EagerTensor:
    return read_only(np.asarray(value), EagerTensor)
