"""Counting values: in bins, and of each integer."""

import builtins
import math

import numpy as np

from ..engine.dispatch import apply, operand
from ..engine.dtypes import dtype_of, promote
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .arithmetic import add, subtract
from .common.arguments import as_real, as_size, as_value, promoted, static_shape
from .common.eager import is_eager
from .comparison import equal
from .conversion import cast
from .creation import linspace
from .indexing import take_along_axis
from .reductions import max, min
from .selection import where
from .shaping import ravel


def _histogram_kernel(x: np.ndarray, edges: np.ndarray) -> np.ndarray:
    ordered = x.copy()
    ordered.sort()  # NaNs are last, and in no bin
    if len(ordered) and ordered[-1] != ordered[-1]:
        ordered = ordered[: ordered.searchsorted(np.nan)]
    # All bins but the last are without their upper edge.
    below = ordered.searchsorted(edges)
    below[-1:] = ordered.searchsorted(edges[-1:], "right")
    return (below[1:] - below[:-1]).astype(x.dtype)


def _digitize_kernel(x: np.ndarray, bins: np.ndarray) -> np.ndarray:
    if len(bins) and bins[0] > bins[-1]:
        return (len(bins) - np.searchsorted(bins[::-1], x, "right")).astype(np.int32)
    return np.searchsorted(bins, x, "right").astype(np.int32)


def _bins_of_rows(x: np.ndarray, size: int) -> np.ndarray:
    """Returns each value as a bin; the rows of a matrix have `size` bins each."""
    x = x.astype(np.intp, copy=False)
    return x if x.ndim == 1 else (x + np.arange(len(x))[:, None] * size).reshape(-1)


def _bincount_kernel(x: np.ndarray, size: int) -> np.ndarray:
    if x.ndim == 1:
        return np.bincount(x, None, size).astype(np.int32)
    shape = (*x.shape[:-1], size)
    return np.bincount(_bins_of_rows(x, size), minlength=math.prod(shape)).astype(np.int32).reshape(shape)


def _weighted_kernel(x: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray:
    if x.ndim == 1 and weights.dtype.kind == "f":
        return np.bincount(x, weights, size).astype(weights.dtype)
    shape = (*x.shape[:-1], size)
    bins, flat = _bins_of_rows(x, size), weights.reshape(-1)
    if weights.dtype.kind == "f":  # accumulates in float64, so that long sums are accurate
        return np.bincount(bins, flat, math.prod(shape)).astype(weights.dtype).reshape(shape)
    order = np.argsort(bins, kind="stable")
    first = np.flatnonzero(np.diff(bins[order], prepend=-1))  # where each bin begins
    sums = np.zeros(math.prod(shape), weights.dtype)
    if len(first):
        sums[bins[order][first]] = np.add.reduceat(flat[order], first)
    return sums.reshape(shape)


_HISTOGRAM = Primitive(
    "histogram",
    _histogram_kernel,
    shape=lambda x, edges: ((None if edges.shape[0] is None else edges.shape[0] - 1,), x.dtype),
)
_DIGITIZE = Primitive("digitize", _digitize_kernel, shape=lambda x, bins: (x.shape, "int32"))
_BINCOUNT = Primitive("bincount", _bincount_kernel, shape=lambda x, size: ((*x.shape[:-1], size), "int32"))
_WEIGHTED = Primitive(
    "weighted_bincount",
    _weighted_kernel,
    shape=lambda x, weights, size: ((*x.shape[:-1], size), weights.dtype),
    vjps=(None, lambda g, y, x, weights, size: take_along_axis(g, x, -1)),
)


def _check_range(range: tuple) -> None:
    # A list, too, which is what a saved tuple is.
    if not isinstance(range, (tuple, list)) or len(range) != 2 or range[1] < range[0]:
        raise ArgumentError(
            f"`histogram` expects `range` as a pair of the lowest and the highest value. Received: range={brief(range)}"
        )


def _limits(x: Tensor, range: tuple | None) -> tuple:
    if range:
        _check_range(range)
        low, high = range
    else:
        low, high = (min(x), max(x)) if static_shape(x)[0] != 0 else (0.0, 1.0)
    low, high = cast(low, dtype_of(x)), cast(high, dtype_of(x))
    is_point = equal(low, high)
    return where(is_point, subtract(low, 0.5), low), where(is_point, add(high, 0.5), high)


@specialized
@op("numpy.Histogram", settings="bins range")
def histogram(x: TensorLike, bins: int = 10, range: tuple[float, float] | None = None) -> tuple[Tensor, Tensor]:
    """Counts the values in bins of equal width.

    Args:
        x: Values, shape (n,).
        bins: The number of bins.
        range: The lower edge of the first bin and the upper edge of the last; by default the smallest and the largest
            value. Values outside are not counted.

    Returns:
        The counts, shape (bins,), and the edges, shape (bins + 1,), both in the dtype of `x`, or `floatx` if that is
        not a floating-point dtype. A value on an edge is in the upper bin; on the last edge, in the last bin.

    Raises:
        ArgumentTypeError: If the number of bins is not an integer, or `x` is complex.
        ArgumentError: If it is negative, or the range is not a pair in ascending order.
        ShapeError: If `x` has several axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> counts, edges = histogram([1.0, 2.0, 2.0, 3.0, 5.0], bins=4)
        >>> print(counts, edges)
        [1. 2. 1. 1.] [1. 2. 3. 4. 5.]
    """
    count = as_size(bins, "histogram", "bins")
    if count < 0:
        raise ArgumentError(f"`histogram` expects a non-negative number of bins. Received: bins={brief(bins)}")
    x = as_real(x, "histogram")
    if len(static_shape(x)) > 1:
        raise ShapeError(f"`histogram` expects values along one axis. Received: shape {static_shape(x)}")
    x = x if static_shape(x) else ravel(x)
    edges = linspace(*_limits(x, range), count + 1)
    if isinstance(x, KerasTensor) and not isinstance(edges, KerasTensor):
        edges = KerasTensor(edges.shape, dtype_of(edges))  # known, but the results of a layer are all symbolic
    return apply(_HISTOGRAM, x, edges), edges


@specialized
@op("numpy.Digitize")
def digitize(x: TensorLike, bins: TensorLike) -> Tensor:
    """Returns the index of the bin that each value is in.

    `bins[i - 1] <= x < bins[i]` for bins in ascending order, `bins[i - 1] > x >= bins[i]` in descending order

    Args:
        x: Values, of any shape.
        bins: The edges of the bins in order, shape (n,).

    Returns:
        Indices from 0 to n, of the shape of `x`.

    Raises:
        ShapeError: If the edges do not have a single axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> digitize([0.2, 6.4, 3.0], [0.0, 1.0, 3.0, 6.0])
        array([1, 4, 3], dtype=int32)
    """
    x, bins = promoted(as_value(x), as_value(bins))
    if len(static_shape(bins)) != 1:
        raise ShapeError(f"`digitize` expects `bins` with one axis. Received: bins of shape {static_shape(bins)}")
    return apply(_DIGITIZE, x, bins)


@op("numpy.Bincount", settings="weights minlength sparse")
def bincount(x: TensorLike, weights: TensorLike | None = None, minlength: int = 0, sparse: bool = False) -> Tensor:
    """Counts how often each integer occurs.

    Args:
        x: Non-negative integers, shape (n,), or (rows, n) to count in each row.
        weights: What each of them adds to the count, in the shape of `x`; 1 by default.
        minlength: The smallest number of counts.
        sparse: Only False: minikeras has no sparse tensors.

    Returns:
        The counts, for each integer from 0 to the largest one at least; int32, or the common dtype of `x` and
        `weights`. Their number depends on data, so that a step is not replayed.

    Raises:
        ArgumentTypeError: If `x` is not of an integer dtype, or `weights` is symbolic.
        ArgumentError: If an integer or `minlength` is negative.
        ShapeError: If `x` has other than one or two axes, or `weights` another shape.
        NotSupportedError: For sparse results.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bincount([1, 2, 2, 5])
        array([0, 1, 2, 0, 0, 1], dtype=int32)
    """
    if sparse:
        raise NotSupportedError(f"`bincount`: sparse tensors are not supported. Received: sparse={brief(sparse)}")
    smallest = as_size(minlength, "bincount", "minlength")
    if smallest < 0:
        raise ArgumentError(f"`bincount` expects a non-negative `minlength`. Received: minlength={brief(minlength)}")
    x = as_value(x)
    if "int" not in dtype_of(x) and dtype_of(x) != "bool":
        raise ArgumentTypeError(f"`bincount` expects integers. Received: x of dtype {dtype_of(x)}")
    if len(static_shape(x)) not in (1, 2):
        raise ShapeError(f"`bincount` expects `x` with one or two axes. Received: x of shape {static_shape(x)}")
    if is_eager(x) and x.ndim == 1 and (weights is None or (is_eager(weights) and weights.dtype.kind == "f")):
        try:
            found = np.bincount(x, weights, smallest)
        except (TypeError, ValueError):  # below, they are refused by a better error, or other dtypes are converted
            pass
        else:
            return found.astype(np.int32 if weights is None else weights.dtype)
    if weights is not None:
        weights = _checked_weights(x, as_value(weights))
    size = None
    if not isinstance(x, KerasTensor):
        numbers = np.asarray(operand(x))
        lowest, highest = (int(numbers.min()), int(numbers.max())) if numbers.size else (0, -1)
        if lowest < 0:
            raise ArgumentError(f"`bincount` expects non-negative integers. Received: x down to {lowest}")
        size = highest + 1 if highest >= smallest else smallest
    return apply(_BINCOUNT, x, size=size) if weights is None else apply(_WEIGHTED, x, weights, size=size)


def _checked_weights(x: Tensor, weights: Tensor) -> Tensor:
    if isinstance(weights, KerasTensor):
        raise ArgumentTypeError(f"`bincount` expects weights that are known. Received: weights={brief(weights)}")
    sizes = static_shape(x)
    if isinstance(x, KerasTensor):
        fits = len(sizes) == len(weights.shape) and builtins.all(
            size in (None, own) for size, own in zip(sizes, weights.shape, strict=True)
        )
    else:
        fits = sizes == static_shape(weights)
    if not fits:
        raise ShapeError(
            "`bincount` expects weights of the shape of `x`. "
            f"Received: x of shape {sizes}, weights of shape {static_shape(weights)}"
        )
    if type(weights) is np.ndarray and weights.dtype.kind == "f":
        return weights  # the common dtype with integers
    dtype = promote([dtype_of(x), dtype_of(weights)])
    return cast(weights, "int32" if dtype == "bool" else dtype)
