"""The methods of numpy arrays for values that are no arrays, so that a `call` written for arrays works on them, too."""

from typing import Any

import numpy as np

from ..tracebacks import Filtered
from .registry import call


class ArrayMethods(Filtered):
    """Maps `x.sum(axis=0)`, `x.reshape(2, -1)`, ... to the functions of numpy of the same name."""

    @property
    def T(self) -> Any:
        """The value with its axes reversed."""
        return call("transpose", self)

    @property
    def mT(self) -> Any:
        """The value with its last two axes exchanged."""
        return call("swapaxes", self, -1, -2)

    def all(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.all`."""
        return np.all(self, *args, **kwargs)

    def any(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.any`."""
        return np.any(self, *args, **kwargs)

    def argmax(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.argmax`."""
        return np.argmax(self, *args, **kwargs)

    def argmin(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.argmin`."""
        return np.argmin(self, *args, **kwargs)

    def argsort(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.argsort`."""
        return np.argsort(self, *args, **kwargs)

    def astype(self, dtype: object, copy: bool = True) -> Any:
        """Returns the value in another type."""
        return call("cast", self, dtype)

    def clip(self, min: Any = None, max: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As the method of arrays; `numpy.clip` takes the limits under these names only from 2.1 on."""
        return np.clip(self, min, max, *args, **kwargs)

    def copy(self) -> Any:
        """As `numpy.copy`."""
        return call("copy", self)

    def cumsum(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.cumsum`."""
        return np.cumsum(self, *args, **kwargs)

    def diagonal(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.diagonal`."""
        return np.diagonal(self, *args, **kwargs)

    def dot(self, other: object) -> Any:
        """As `numpy.dot`."""
        return call("dot", self, other)

    def flatten(self) -> Any:
        """As `numpy.ravel`."""
        return call("ravel", self)

    def max(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.max`."""
        return np.max(self, *args, **kwargs)

    def mean(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.mean`."""
        return np.mean(self, *args, **kwargs)

    def min(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.min`."""
        return np.min(self, *args, **kwargs)

    def prod(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.prod`."""
        return np.prod(self, *args, **kwargs)

    def ravel(self) -> Any:
        """As `numpy.ravel`."""
        return call("ravel", self)

    def repeat(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.repeat`."""
        return np.repeat(self, *args, **kwargs)

    def reshape(self, *shape: Any) -> Any:
        """As `numpy.reshape`; the sizes may be given one by one."""
        return call("reshape", self, shape[0] if len(shape) == 1 else shape)

    def round(self, decimals: int = 0) -> Any:
        """As `numpy.round`."""
        return call("round", self, decimals)

    def squeeze(self, axis: Any = None) -> Any:
        """As `numpy.squeeze`."""
        return call("squeeze", self, axis)

    def std(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.std`."""
        return np.std(self, *args, **kwargs)

    def sum(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.sum`."""
        return np.sum(self, *args, **kwargs)

    def swapaxes(self, axis1: int, axis2: int) -> Any:
        """As `numpy.swapaxes`."""
        return call("swapaxes", self, axis1, axis2)

    def take(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.take`."""
        return np.take(self, *args, **kwargs)

    def transpose(self, *axes: Any) -> Any:
        """As `numpy.transpose`; the axes may be given one by one."""
        return call("transpose", self, axes[0] if len(axes) == 1 else axes or None)

    def var(self, *args: Any, **kwargs: Any) -> Any:
        """As `numpy.var`."""
        return np.var(self, *args, **kwargs)
