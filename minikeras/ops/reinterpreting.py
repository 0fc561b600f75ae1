"""The same data in another dtype: by bits, or saturated at the limits of the dtype."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import COMPLEX, dtype_of, dtype_of_numbers, limits_of, part_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import DTypeError, ShapeError
from ..typing import DTypeLike, Tensor, TensorLike
from .common.arguments import as_value
from .conversion import cast, convert_to_tensor
from .extrema import clip
from .logic import isnan
from .selection import where


def _view_kernel(x: np.ndarray, dtype: str) -> np.ndarray:
    x = np.ascontiguousarray(x) if x.ndim else x
    return x.view(np.uint8).astype(bool) if dtype == "bool" else x.view(dtype).copy()


def _view_rule(x: Spec, dtype: str) -> tuple:
    old, new = np.dtype(x.dtype).itemsize, np.dtype(dtype).itemsize
    if old == new:
        return x.shape, dtype
    if not x.shape:
        raise ShapeError(
            f"`view` of a scalar expects a dtype of the same size, {old} bytes. Received: dtype={dtype}, {new} bytes"
        )
    size = x.shape[-1]
    if size is not None and size * old % new:
        raise ShapeError(
            f"`view` expects the last axis to consist of whole elements of {dtype}, {new} bytes each. "
            f"Received: shape {x.shape} of {x.dtype}, {size * old} bytes along the last axis"
        )
    return (*x.shape[:-1], None if size is None else size * old // new), dtype


_VIEW = Primitive("view", _view_kernel, shape=_view_rule, native=True)


@op("numpy.View", settings="dtype")
def view(x: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the same bits as elements of another dtype.

    Args:
        x: Input tensor.
        dtype: The dtype; None leaves the tensor as it is. If the sizes of the elements differ, the last axis gets
            shorter or longer.

    Returns:
        A tensor of that dtype, through which no gradient flows.

    Raises:
        ShapeError: If the last axis does not consist of whole elements of that dtype.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> view([1.0, -2.0], "int32")
        array([ 1065353216, -1073741824], dtype=int32)
    """
    x = as_value(x)
    dtype = dtype_of(x) if dtype is None else dtype_of_numbers(dtype, "view")
    if dtype == dtype_of(x):
        return convert_to_tensor(x)
    _view_rule(Spec(tuple(x.shape), dtype_of(x)), dtype)
    return apply(_VIEW, x, dtype=dtype)


def _limits(dtype: str) -> tuple:
    """Returns the smallest and the largest finite value as Python numbers, which compare exactly."""
    if dtype == "bool":
        return 0, 1
    number = int if "int" in dtype else float
    return number(limits_of(dtype).min), number(limits_of(dtype).max)


def _representable(limit: float, bounds: tuple, dtype: str) -> np.ndarray:
    """Returns the value of a dtype nearest to a limit that is not beyond the bounds."""
    value = np.asarray(limit).astype(dtype)
    beyond = not bounds[0] <= value.item() <= bounds[1]
    return np.nextafter(value, np.zeros((), dtype)) if beyond else value


@op("core.SaturateCast", settings="dtype")
def saturate_cast(x: TensorLike, dtype: DTypeLike) -> Tensor:
    """Casts a tensor to a dtype; what is beyond its limits becomes its smallest or largest finite value.

    Args:
        x: Numbers that are not complex.
        dtype: The target dtype.

    Returns:
        A tensor of that dtype; NaN becomes 0 in an integer dtype.

    Raises:
        DTypeError: If `x` is complex.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> saturate_cast([-1.0, 256.0, 7.0], "uint8")
        array([  0, 255,   7], dtype=uint8)
    """
    x, dtype = as_value(x), dtype_of_numbers(dtype, "saturate_cast")
    own = dtype_of(x)
    if own in COMPLEX:
        raise DTypeError(f"`saturate_cast` expects real numbers, which have an order. Received: a tensor of {own}")
    inside, outside = _limits(own), _limits(part_of(dtype))
    low, high = max(inside[0], outside[0]), min(inside[1], outside[1])
    if "float" in own or (low, high) != inside:
        x = clip(x, _representable(low, outside, own), _representable(high, outside, own))
    if "float" in own and "int" in dtype:
        x = where(isnan(x), np.zeros((), own), x)
    return cast(x, dtype)
