"""Reductions along axes: sums, products, means, extrema and truth values."""

import math
from collections.abc import Callable
from functools import lru_cache, partial
from operator import methodcaller

import numpy as np

from ..engine.batch_rules import reduced
from ..engine.dispatch import apply, with_gradient
from ..engine.dtypes import dtype_of, dtype_of_numbers
from ..engine.immutable_arrays import copied
from ..engine.primitive import Primitive, Spec, copying
from ..engine.registry import call, op
from ..engine.specialization import specialized
from ..errors import ShapeError
from ..typing import Axis, DTypeLike, Tensor, TensorLike
from .arithmetic import multiply, subtract
from .common.arguments import as_bool, as_float, as_value, normalize_axes, static_shape
from .conversion import cast
from .creation import ones
from .indexing import get_item
from .joining import append
from .shaping import broadcast_to, moveaxis, reshape


def _rule(x: Spec, axis: tuple, keepdims: bool) -> tuple:
    if len(axis) == len(x.shape):
        return (1,) * len(axis) if keepdims else (), x.dtype
    sizes = [1 if index in axis else size for index, size in enumerate(x.shape) if keepdims or index not in axis]
    return tuple(sizes), x.dtype


def _bind_reduce(
    ufunc: np.ufunc, x: np.ndarray, axis: tuple, dtype: object, out: np.ndarray, keepdims: bool
) -> Callable:
    # Before 2.2, numpy's reductions of arrays with negative strides into `out` are wrong for maximum and minimum.
    if ufunc in (np.maximum, np.minimum) and [stride for stride in x.strides if stride < 0]:
        return lambda: np.copyto(out, ufunc.reduce(x, axis, dtype, None, keepdims))
    return partial(ufunc.reduce, x, axis, dtype, out, keepdims)


def _reduction(name: str, ufunc: np.ufunc, vjp: Callable, dtype: str | None = None) -> Primitive:
    return Primitive(
        name,
        lambda x, axis, keepdims: ufunc.reduce(x, axis, dtype or x.dtype, None, keepdims),
        bind=lambda arrays, out, axis, keepdims: _bind_reduce(
            ufunc, arrays[0], axis, dtype or arrays[0].dtype, out, keepdims
        ),
        shape=lambda x, axis, keepdims: (_rule(x, axis, keepdims)[0], dtype or x.dtype),
        vjps=(vjp,),
        has_out=True,
        batch=partial(reduced, False),
    )


def _broadcast_back(gradient: object, x: object, axis: tuple) -> object:
    """Returns a gradient, or a result, of a reduction in the shape of what was reduced."""
    kept = tuple(1 if index in axis else size for index, size in enumerate(x.shape))
    return broadcast_to(reshape(gradient, kept), x.shape)


def _extreme_gradient(g: object, y: object, x: object, axis: tuple, keepdims: bool) -> object:
    # Ties share the gradient equally, as in TensorFlow.
    hits = cast(x == _broadcast_back(y, x, axis), dtype_of(g))
    return _broadcast_back(g, x, axis) * hits / _broadcast_back(sum(hits, axis=axis, keepdims=True), x, axis)


def sum_kernel(x: np.ndarray, axis: tuple, keepdims: bool, out: np.ndarray | None = None) -> np.ndarray:
    """Returns the sum of an array along axes, which are sorted and not negative, or writes it into `out`.

    Example:
        >>> sum_kernel(np.float32([[1, 2], [3, 4]]), (0,), False)
        array([4., 6.], dtype=float32)
    """
    if out is not None:
        _bind_sum([x], out, axis, keepdims)()
        return out
    x = _in_order(x)
    if not _sums_by_product(x, axis):
        # Into an array in C order, as in a plan: numpy's own may have another, and then sums in another order.
        out = np.empty(_rule(x, axis, keepdims)[0], x.dtype)
        _bind_sum([x], out, axis, keepdims)()
        return out
    ones = _ones(x.shape[axis[0]], x.dtype)
    sums = ones.dot(x) if axis == (0,) else x.dot(ones)
    return sums.reshape(_rule(x, axis, keepdims)[0]) if keepdims else sums


def _bind_sum(arrays: list, out: np.ndarray, axis: tuple, keepdims: bool) -> Callable[[], object]:
    x = _in_order(arrays[0])
    add = _adder(x, out, axis, keepdims)
    if x is arrays[0]:
        return add
    copy = copying(x, arrays[0])

    def call() -> None:
        copy()
        add()

    return call


def _adder(x: np.ndarray, out: np.ndarray, axis: tuple, keepdims: bool) -> Callable[[], object]:
    if not _sums_by_product(x, axis):
        if _sums_rows(x, axis):
            return _sum_of_rows(x, axis, out)
        return partial(np.add.reduce, x, axis, x.dtype, out, keepdims)
    ones = _ones(x.shape[axis[0]], x.dtype)
    flat = out.reshape(-1 if x.ndim == 2 else ())
    return partial(ones.dot, x, flat) if axis == (0,) else partial(x.dot, ones, flat)


def _sums_rows(x: np.ndarray, axis: tuple) -> bool:
    # Neighbouring axes, not the last one, as in gradients of biases of convolutions and in global pooling.
    fits = x.ndim > 2 and axis and axis == tuple(range(axis[0], axis[-1] + 1)) and axis[-1] < x.ndim - 1
    if not fits or x.dtype.char not in "fd" or not x.flags.c_contiguous or not 1 < x.shape[axis[-1]] <= 1024:
        return False
    return x.size > 0 and (axis[0] == 0 or math.prod(x.shape[axis[0] :]) >= 1024)  # a product of less takes longer


def _sum_of_rows(x: np.ndarray, axis: tuple, out: np.ndarray) -> Callable[[], object]:
    # numpy adds short rows one by one, which takes ten times as long as products of up to 1,024 of them with ones.
    first, end = axis[0], axis[-1] + 1
    split = end - 1
    while split > (first or 1) and math.prod(x.shape[split - 1 : end]) <= 1024:
        split -= 1
    outer, width = math.prod(x.shape[:first]), math.prod(x.shape[end:])
    x = x.reshape(outer, math.prod(x.shape[first:split]), math.prod(x.shape[split:end]), width)
    ones = _ones(x.shape[2], x.dtype)[None]
    if x.shape[1] == 1:
        return partial(np.matmul, ones, x, out.reshape(outer, 1, 1, width))
    sums, total = np.empty((*x.shape[:2], 1, width), x.dtype), out.reshape(outer, width)

    def add() -> None:
        np.matmul(ones, x, sums)
        np.add.reduce(sums, (1, 2), None, total)

    return add


def _in_order(x: np.ndarray) -> np.ndarray:
    """Returns floating-point numbers as a dense array, as outside of steps: views are summed in another order."""
    if x.flags.c_contiguous or x.dtype.kind not in "fc":
        return x
    last = 0  # the bytes from the first element to the last one
    for size, stride in zip(x.shape, x.strides, strict=True):
        last += (size - 1) * stride
    return x if min(x.strides) > 0 and last == (x.size - 1) * x.itemsize else copied(x)


@lru_cache(maxsize=64)
def _ones(size: int, dtype: np.dtype) -> np.ndarray:
    ones = np.ones(size, dtype)
    ones.flags.writeable = False  # all plans share it
    return ones


def _sums_by_product(x: np.ndarray, axis: tuple) -> bool:
    # BLAS sums the rows or columns of a matrix in half of numpy's time. Long sums are left to numpy, whose pairwise
    # summation is more accurate.
    fits = x.ndim in (1, 2) and len(axis) == 1 and x.dtype.char in "fd" and x.flags.c_contiguous
    return fits and x.size > 0 and x.shape[axis[0]] <= 1024


def _specialize_sum(x: np.ndarray, axis: tuple, keepdims: bool) -> Callable[[np.ndarray], np.ndarray]:
    shape, dtype = _rule(x, axis, keepdims)
    if _in_order(x) is not x:
        add_ordered = _specialize_sum(_in_order(x), axis, keepdims)
        return lambda x: add_ordered(x.copy())
    if _sums_rows(x, axis):
        return partial(sum_kernel, axis=axis, keepdims=keepdims)
    if not _sums_by_product(x, axis):

        def add(x: np.ndarray) -> np.ndarray:
            out = np.empty(shape, dtype)
            np.add.reduce(x, axis, dtype, out, keepdims)
            return out

        return add
    ones = _ones(x.shape[axis[0]], dtype)
    product = ones.dot if axis == (0,) else methodcaller("dot", ones)
    return (lambda x: product(x).reshape(shape)) if keepdims else product


_SUM = Primitive(
    "sum",
    sum_kernel,
    bind=_bind_sum,
    specialize=_specialize_sum,
    shape=_rule,
    vjps=(lambda g, y, x, axis, keepdims: _broadcast_back(g, x, axis),),
    has_out=True,
    batch=partial(reduced, True),
)


def _max_kernel(x: np.ndarray, axis: tuple, keepdims: bool) -> np.ndarray:
    if not _has_short_rows(x, axis):
        return np.maximum.reduce(x, axis, x.dtype, None, keepdims)
    out = np.empty(_rule(Spec(x.shape, ""), axis, keepdims)[0], x.dtype)
    _bind_max([x], out, axis, keepdims)()
    return out


def _bind_max(arrays: list, out: np.ndarray, axis: tuple, keepdims: bool) -> Callable[[], object]:
    x = arrays[0]
    if not _has_short_rows(x, axis):
        return _bind_reduce(np.maximum, x, axis, x.dtype, out, keepdims)
    flat = out.reshape(-1)
    return (_max_by_columns if x.shape[1] <= 32 else _max_by_argmax)(x, flat)


def _has_short_rows(x: np.ndarray, axis: tuple) -> bool:
    # numpy loops over short rows, which takes two to five times as long as the kernels below if there are many.
    fits = x.ndim == 2 and axis == (1,) and x.size > 256 and x.flags.c_contiguous
    return fits and len(x) > 1 and 1 < x.shape[1] <= 512 and x.dtype.kind == "f"


def _max_by_columns(x: np.ndarray, out: np.ndarray) -> Callable[[], None]:
    columns, transposed = np.empty(x.shape[::-1], x.dtype), x.T
    copy, largest = copying(columns, transposed), np.maximum.reduce

    def find() -> None:
        copy()
        largest(columns, 0, None, out)

    return find


def _max_by_argmax(x: np.ndarray, out: np.ndarray) -> Callable[[], None]:
    indices, first = np.empty(len(x), np.intp), np.arange(len(x)) * x.shape[1]
    argmax, take, add = x.argmax, x.reshape(-1).take, np.add

    def find() -> None:
        argmax(1, indices)
        add(indices, first, indices)
        take(indices, None, out, "clip")  # all are in range; without "clip" numpy would write through a temporary

    return find


_MAX = Primitive(
    "max",
    _max_kernel,
    bind=_bind_max,
    shape=lambda x, axis, keepdims: (_rule(x, axis, keepdims)[0], x.dtype),
    vjps=(_extreme_gradient,),
    batch=partial(reduced, False),
)
_MIN = _reduction("min", np.minimum, _extreme_gradient)
_ALL = _reduction("all", np.logical_and, None, "bool")
_ANY = _reduction("any", np.logical_or, None, "bool")


def product_kernel(x: np.ndarray, axis: tuple, keepdims: bool) -> np.ndarray:
    """Returns the product of an array along axes.

    Example:
        >>> product_kernel(np.float32([[1, 2], [3, 4]]), (1,), False)
        array([ 2., 12.], dtype=float32)
    """
    # Into an array in C order, as in a plan.
    out = None if len(axis) == x.ndim else np.empty(_rule(x, axis, keepdims)[0], x.dtype)
    return np.multiply.reduce(x, axis, x.dtype, out, keepdims)


def _product_gradient(g: object, y: object, x: object, axis: tuple, keepdims: bool) -> object:
    # Nothing is divided by elements, which may be 0: each has the product of those before and after it as its slope.
    sizes = tuple(x.shape)
    kept = [size for index, size in enumerate(sizes) if index not in axis]
    count = math.prod(sizes[index] for index in axis)
    moved = moveaxis(x, axis, tuple(range(len(axis))))
    rows = reshape(moved, (count, *kept))
    others = multiply(_products_before(rows), get_item(_products_before(get_item(rows, _BACKWARDS)), _BACKWARDS))
    slopes = moveaxis(reshape(others, tuple(moved.shape)), tuple(range(len(axis))), axis)
    return multiply(_broadcast_back(g, x, axis), slopes)


_BACKWARDS = slice(None, None, -1)


def _products_before(rows: object) -> object:
    """Returns the product of all rows before each one."""
    if not rows.shape[0]:
        return rows
    first = ones((1, *rows.shape[1:]), dtype_of(rows))
    return call("cumprod", append(first, get_item(rows, slice(None, -1)), axis=0), axis=0)


_PROD = Primitive(
    "prod",
    product_kernel,
    bind=lambda arrays, out, axis, keepdims: _bind_reduce(np.multiply, arrays[0], axis, out.dtype, out, keepdims),
    shape=_rule,
    vjps=(_product_gradient,),
    batch=partial(reduced, False),
)


def _reduce(primitive: Primitive, x: object, axis: Axis, keepdims: bool) -> object:
    return apply(primitive, x, axis=normalize_axes(axis, len(static_shape(x))), keepdims=bool(keepdims))


_SUMMED_AS = {**dict.fromkeys(("bool", "int8", "int16"), "int32"), "uint8": "uint32", "uint16": "uint32"}


@specialized
@op("numpy.Sum", settings="axis keepdims")
def sum(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Sums elements along the given axes, by default along all.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
        array([4., 6.], dtype=float32)
    """
    x = as_value(x)
    dtype = _SUMMED_AS.get(dtype_of(x))
    return _reduce(_SUM, x if dtype is None else cast(x, dtype), axis, keepdims)


@specialized
@op("numpy.Mean", settings="axis keepdims")
def mean(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the mean along the given axes, by default along all.

    `sum(x) / n`, in float32 for float16, of which sums overflow.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> mean([[1.0, 2.0], [3.0, 6.0]], axis=1)
        array([1.5, 4.5], dtype=float32)
    """
    x = as_float(x)
    if dtype_of(x) == "float16":
        return cast(mean(cast(x, "float32"), axis, keepdims), "float16")
    axes, keepdims = normalize_axes(axis, len(static_shape(x))), bool(keepdims)
    count = _count(x, axes)
    return call("true_divide", sum(x, axes, keepdims), count if count else float("nan"))


def _count(x: object, axes: tuple) -> int:
    """Returns the number of elements along axes; free sizes, of which only the shape matters, count as 1."""
    sizes = x.shape
    return math.prod([1 if sizes[index] is None else sizes[index] for index in axes])


@specialized
@op("numpy.Max", settings="axis keepdims initial")
def max(x: TensorLike, axis: Axis = None, keepdims: bool = False, initial: float | None = None) -> Tensor:
    """Returns the maximum along the given axes, by default along all.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.
        initial: Lower bound of the result; required if there are no elements.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(max([1.0, 3.0, 2.0]))
        3.0
    """
    return _extreme(_MAX, "maximum", x, axis, keepdims, initial)


@specialized
@op("numpy.Min", settings="axis keepdims initial")
def min(x: TensorLike, axis: Axis = None, keepdims: bool = False, initial: float | None = None) -> Tensor:
    """Returns the minimum along the given axes, by default along all.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.
        initial: Upper bound of the result; required if there are no elements.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(min([1.0, 3.0, 2.0]))
        1.0
    """
    return _extreme(_MIN, "minimum", x, axis, keepdims, initial)


def _extreme(primitive: Primitive, pairwise: str, x: object, axis: Axis, keepdims: bool, initial: object) -> object:
    x = as_value(x)
    axes, sizes = normalize_axes(axis, len(x.shape)), x.shape
    if 0 in sizes and 0 in [sizes[index] for index in axes]:
        if initial is None:
            raise ShapeError(
                f"`{primitive.name}` needs elements, or `initial`. Received: shape={tuple(x.shape)}, axis={axis}"
            )
        return call("full", _rule(x, axes, keepdims)[0], initial, dtype_of(x))
    found = apply(primitive, x, axis=axes, keepdims=bool(keepdims))
    return found if initial is None else cast(call(pairwise, found, initial), dtype_of(x))


@specialized
@op("math.Logsumexp", settings="axis keepdims")
def logsumexp(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the logarithm of the sum of exponentials along the given axes, by default along all, without overflow.

    `ln sum_i e^x_i`

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(logsumexp([1000.0, 1000.0]))
        1000.6932
    """
    x = as_float(x)
    axes = normalize_axes(axis, len(static_shape(x)))

    def forward(x: object) -> object:
        # If all elements are -inf, or one is inf, subtracting the maximum would give NaN.
        largest = _finite_or_zero(max(x, axis=axes, keepdims=True, initial=float("-inf")))
        total = sum(call("exp", call("subtract", x, largest)), axis=axes, keepdims=True)
        result = call("add", call("log", total), largest)
        return result if keepdims else reshape(result, _rule(result, axes, False)[0])

    def vjp(g: object, y: object, x: object) -> list:
        g, y = _broadcast_back(g, x, axes), _broadcast_back(_finite_or_zero(y), x, axes)
        return [call("multiply", g, call("exp", call("subtract", x, y)))]

    return with_gradient((x,), forward, vjp)


def _finite_or_zero(x: object) -> object:
    return call("where", call("isfinite", x), x, cast(0, dtype_of(x)))


@specialized
@op("numpy.All", settings="axis keepdims")
def all(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Tests whether all elements along the given axes are true.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(all([True, False]))
        False
    """
    return _reduce(_ALL, as_bool(x), axis, keepdims)


@specialized
@op("numpy.Any", settings="axis keepdims")
def any(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Tests whether any element along the given axes is true.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(any([True, False]))
        True
    """
    return _reduce(_ANY, as_bool(x), axis, keepdims)


@specialized
@op("numpy.Prod", settings="axis keepdims dtype")
def prod(x: TensorLike, axis: Axis = None, keepdims: bool = False, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the product of elements along the given axes, by default along all.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.
        dtype: The dtype of the product; by default that of the input, at least int32 for integers.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(prod([2.0, 3.0, 4.0]))
        24.0
    """
    x = as_value(x)
    given = dtype_of_numbers(dtype_of(x) if dtype is None else dtype, "prod")
    if dtype is None and given in ("bool", "int8", "int16", "uint8", "uint16"):
        given = "uint32" if given in ("uint8", "uint16") else "int32"
    return _reduce(_PROD, x if dtype_of(x) == given else cast(x, given), axis, keepdims)


@specialized
@op("numpy.Amax", settings="axis keepdims")
def amax(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the maximum along the given axes; alias of `max`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(amax([1.0, 3.0, 2.0]))
        3.0
    """
    return _extreme(_MAX, "maximum", x, axis, keepdims, None)


@specialized
@op("numpy.Amin", settings="axis keepdims")
def amin(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the minimum along the given axes; alias of `min`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(amin([1.0, 3.0, 2.0]))
        1.0
    """
    return _extreme(_MIN, "minimum", x, axis, keepdims, None)


@specialized
@op("numpy.Ptp", settings="axis keepdims")
def ptp(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the range of values, maximum minus minimum, along the given axes, by default along all.

    `max(x) - min(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(ptp([1.0, 3.0, 2.0]))
        2.0
    """
    return subtract(max(x, axis, keepdims), min(x, axis, keepdims))
