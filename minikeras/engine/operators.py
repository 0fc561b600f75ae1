"""Python operators for Variable, Tensor and KerasTensor."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..typing import Shape, Tensor, TensorLike
from .array_methods import ArrayMethods
from .numpy_calls import call_function, call_ufunc
from .registry import Symbolic, call

_NARROWER = ("bfloat16", "float16", "float32")


def beside(value: object, other: object) -> object:
    """Casts a float64 operand to the narrower float dtype of the other, as TensorFlow does for `x * np.sqrt(2.0)`."""
    is_wider = isinstance(other, (np.ndarray, np.generic)) and other.dtype == np.float64
    return other.astype(str(value.dtype)) if is_wider and str(value.dtype) in _NARROWER else other


class Operators(ArrayMethods):
    """Maps `+`, `@`, `[...]`, ... to the corresponding ops."""

    if TYPE_CHECKING:  # defined by each class

        @property
        def shape(self) -> Shape: ...
        @property
        def ndim(self) -> int: ...
        @property
        def dtype(self) -> Any: ...
        def __array__(self) -> np.ndarray: ...
        def __bool__(self) -> bool: ...
        def __int__(self) -> int: ...
        def __float__(self) -> float: ...

    # Without this, `ndarray + tensor` would loop over the array's elements instead of deferring to the tensor.
    __array_priority__ = 100

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        # Arrays keep their dtype here: an explicit call of a numpy function may mean it.
        inputs = [beside(self, each) if isinstance(each, np.generic) else each for each in inputs]
        return call_ufunc(ufunc, method, tuple(inputs), kwargs)

    def __array_function__(self, func, types, args, kwargs):
        return call_function(func, args, kwargs)

    def __add__(self, other: TensorLike) -> Tensor:
        return call("add", self, beside(self, other))

    def __radd__(self, other: TensorLike) -> Tensor:
        return call("add", beside(self, other), self)

    def __sub__(self, other: TensorLike) -> Tensor:
        return call("subtract", self, beside(self, other))

    def __rsub__(self, other: TensorLike) -> Tensor:
        return call("subtract", beside(self, other), self)

    def __mul__(self, other: TensorLike) -> Tensor:
        return call("multiply", self, beside(self, other))

    def __rmul__(self, other: TensorLike) -> Tensor:
        return call("multiply", beside(self, other), self)

    def __truediv__(self, other: TensorLike) -> Tensor:
        return call("true_divide", self, beside(self, other))

    def __rtruediv__(self, other: TensorLike) -> Tensor:
        return call("true_divide", beside(self, other), self)

    def __floordiv__(self, other: TensorLike) -> Tensor:
        return call("floor_divide", self, beside(self, other))

    def __rfloordiv__(self, other: TensorLike) -> Tensor:
        return call("floor_divide", beside(self, other), self)

    def __mod__(self, other: TensorLike) -> Tensor:
        return call("mod", self, beside(self, other))

    def __rmod__(self, other: TensorLike) -> Tensor:
        return call("mod", beside(self, other), self)

    def __pow__(self, other: TensorLike) -> Tensor:
        return call("power", self, beside(self, other))

    def __rpow__(self, other: TensorLike) -> Tensor:
        return call("power", beside(self, other), self)

    def __matmul__(self, other: TensorLike) -> Tensor:
        return call("matmul", self, beside(self, other))

    def __rmatmul__(self, other: TensorLike) -> Tensor:
        return call("matmul", beside(self, other), self)

    def __neg__(self) -> Tensor:
        return call("negative", self)

    def __pos__(self) -> Tensor:
        return call("convert_to_tensor", self)

    def __abs__(self) -> Tensor:
        return call("absolute", self)

    def __round__(self, ndigits: int | None = None) -> Tensor:
        return call("round", self, decimals=ndigits or 0)

    def __invert__(self) -> Tensor:
        has_bits = "int" in str(self.dtype) and not isinstance(self, Symbolic)  # as in Keras, whose symbols have none
        return call("bitwise_invert" if has_bits else "logical_not", self)

    def __lt__(self, other: TensorLike) -> Tensor:
        return call("less", self, other)

    def __le__(self, other: TensorLike) -> Tensor:
        return call("less_equal", self, other)

    def __gt__(self, other: TensorLike) -> Tensor:
        return call("greater", self, other)

    def __ge__(self, other: TensorLike) -> Tensor:
        return call("greater_equal", self, other)

    def __eq__(self, other: Any) -> Any:
        return call("equal", self, other)

    def __ne__(self, other: Any) -> Any:
        return call("not_equal", self, other)

    def __and__(self, other: TensorLike) -> Tensor:
        return call("logical_and", self, other)

    def __rand__(self, other: TensorLike) -> Tensor:
        return call("logical_and", other, self)

    def __or__(self, other: TensorLike) -> Tensor:
        return call("logical_or", self, other)

    def __ror__(self, other: TensorLike) -> Tensor:
        return call("logical_or", other, self)

    def __xor__(self, other: TensorLike) -> Tensor:
        return call("logical_xor", self, other)

    def __rxor__(self, other: TensorLike) -> Tensor:
        return call("logical_xor", other, self)

    # Hashable by identity, although `==` compares elements.
    __hash__ = object.__hash__

    def __getitem__(self, key: Any) -> Any:
        return call("get_item", self, key)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))
