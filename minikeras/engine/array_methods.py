"""The methods of numpy arrays for tensors, so that a `call` written for arrays works on them as well."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import ArgumentTypeError, brief
from ..tracebacks import Filtered
from ..typing import DTypeLike, Tensor, TensorLike
from .numpy_calls import call_function
from .registry import call


class ArrayMethods(Filtered):
    """Maps `x.sum(axis=0)`, `x.reshape(2, -1)`, ... to the numpy functions of the same name."""

    def _applied(self, function: Callable, args: tuple, kwargs: dict) -> Any:
        return call_function(function, (self, *args), kwargs)

    @property
    def T(self) -> Tensor:
        """The tensor with its axes reversed."""
        return call("transpose", self)

    @property
    def mT(self) -> Tensor:
        """The tensor with its last two axes swapped."""
        return call("swapaxes", self, -1, -2)

    def all(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.all`."""
        return self._applied(np.all, args, kwargs)

    def any(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.any`."""
        return self._applied(np.any, args, kwargs)

    def argmax(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.argmax`."""
        return self._applied(np.argmax, args, kwargs)

    def argmin(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.argmin`."""
        return self._applied(np.argmin, args, kwargs)

    def argsort(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.argsort`."""
        return self._applied(np.argsort, args, kwargs)

    def astype(self, dtype: DTypeLike, copy: bool = True) -> Tensor:
        """Casts to another dtype."""
        return call("cast", self, dtype)

    def clip(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.clip`."""
        return self._applied(np.clip, args, kwargs)

    def copy(self) -> Tensor:
        """As `numpy.copy`."""
        return call("copy", self)

    def cumsum(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.cumsum`."""
        return self._applied(np.cumsum, args, kwargs)

    def diagonal(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.diagonal`."""
        return self._applied(np.diagonal, args, kwargs)

    def dot(self, other: TensorLike) -> Tensor:
        """As `numpy.dot`."""
        return call("dot", self, other)

    def flatten(self) -> Tensor:
        """As `numpy.ravel`."""
        return call("ravel", self)

    def max(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.max`."""
        return self._applied(np.max, args, kwargs)

    def mean(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.mean`."""
        return self._applied(np.mean, args, kwargs)

    def min(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.min`."""
        return self._applied(np.min, args, kwargs)

    def prod(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.prod`."""
        return self._applied(np.prod, args, kwargs)

    def ravel(self) -> Tensor:
        """As `numpy.ravel`."""
        return call("ravel", self)

    def repeat(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.repeat`."""
        return self._applied(np.repeat, args, kwargs)

    def reshape(self, *shape: Any, newshape: Any = None) -> Tensor:
        """As `numpy.reshape`; the sizes may be given one by one, or as `newshape`, as in Keras."""
        if newshape is None:
            newshape = shape[0] if len(shape) == 1 else shape
        elif shape:
            raise ArgumentTypeError(
                f"`reshape`: expected one shape. Received: {brief(shape)} and newshape={brief(newshape)}"
            )
        return call("reshape", self, newshape)

    def round(self, decimals: int = 0) -> Tensor:
        """As `numpy.round`."""
        return call("round", self, decimals)

    def squeeze(self, axis: Any = None) -> Tensor:
        """As `numpy.squeeze`."""
        return call("squeeze", self, axis)

    def std(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.std`."""
        return self._applied(np.std, args, kwargs)

    def sum(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.sum`."""
        return self._applied(np.sum, args, kwargs)

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """As `numpy.swapaxes`."""
        return call("swapaxes", self, axis1, axis2)

    def take(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.take`."""
        return self._applied(np.take, args, kwargs)

    def transpose(self, *axes: Any) -> Tensor:
        """As `numpy.transpose`; the axes may be given one by one."""
        return call("transpose", self, axes[0] if len(axes) == 1 else axes or None)

    def var(self, *args: Any, **kwargs: Any) -> Tensor:
        """As `numpy.var`."""
        return self._applied(np.var, args, kwargs)
