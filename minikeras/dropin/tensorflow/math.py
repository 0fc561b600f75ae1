"""`tf.math`: arithmetic, comparison and reductions."""

from typing import Any

import numpy as np

from ... import ops
from ...engine.dtypes import dtype_of
from ..eager_tensor import is_text, texts_combined
from .tensors import as_in_tensorflow, int64

__all__ = [
    "abs",
    "accumulate_n",
    "acos",
    "add",
    "add_n",
    "argmax",
    "argmin",
    "asin",
    "atan",
    "atan2",
    "ceil",
    "confusion_matrix",
    "cos",
    "cosh",
    "count_nonzero",
    "cumsum",
    "divide",
    "divide_no_nan",
    "equal",
    "erf",
    "exp",
    "expm1",
    "floor",
    "floordiv",
    "floormod",
    "greater",
    "greater_equal",
    "in_top_k",
    "is_finite",
    "is_inf",
    "is_nan",
    "l2_normalize",
    "less",
    "less_equal",
    "log",
    "log1p",
    "log_sigmoid",
    "log_softmax",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "mod",
    "multiply",
    "multiply_no_nan",
    "negative",
    "not_equal",
    "pow",
    "reciprocal",
    "reduce_all",
    "reduce_any",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_std",
    "reduce_sum",
    "reduce_variance",
    "round",
    "rsqrt",
    "scalar_mul",
    "segment_sum",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "softsign",
    "sqrt",
    "square",
    "squared_difference",
    "subtract",
    "tan",
    "tanh",
    "top_k",
    "truediv",
]

_xy = {"x": "x1", "y": "x2"}

add, subtract = as_in_tensorflow(ops.add, **_xy), as_in_tensorflow(ops.subtract, **_xy)
multiply, divide = as_in_tensorflow(ops.multiply, **_xy), as_in_tensorflow(ops.true_divide, **_xy)
truediv, floordiv = divide, as_in_tensorflow(ops.floor_divide, **_xy)
mod = floormod = as_in_tensorflow(ops.mod, **_xy)
pow, divide_no_nan = as_in_tensorflow(ops.power, **_xy), as_in_tensorflow(ops.divide_no_nan, **_xy)
maximum, minimum = as_in_tensorflow(ops.maximum, **_xy), as_in_tensorflow(ops.minimum, **_xy)
_equal, _not_equal = as_in_tensorflow(ops.equal, **_xy), as_in_tensorflow(ops.not_equal, **_xy)
less, less_equal = as_in_tensorflow(ops.less, **_xy), as_in_tensorflow(ops.less_equal, **_xy)
greater, greater_equal = as_in_tensorflow(ops.greater, **_xy), as_in_tensorflow(ops.greater_equal, **_xy)
logical_and, logical_or = as_in_tensorflow(ops.logical_and, **_xy), as_in_tensorflow(ops.logical_or, **_xy)
logical_xor, logical_not = as_in_tensorflow(ops.logical_xor, **_xy), as_in_tensorflow(ops.logical_not)
atan2 = as_in_tensorflow(ops.arctan2, y="x1", x="x2")
abs, negative, sign = as_in_tensorflow(ops.absolute), as_in_tensorflow(ops.negative), as_in_tensorflow(ops.sign)
square, sqrt, rsqrt = as_in_tensorflow(ops.square), as_in_tensorflow(ops.sqrt), as_in_tensorflow(ops.rsqrt)
reciprocal, round = as_in_tensorflow(ops.reciprocal), as_in_tensorflow(ops.round)
exp, expm1 = as_in_tensorflow(ops.exp), as_in_tensorflow(ops.expm1)
log, log1p = as_in_tensorflow(ops.log), as_in_tensorflow(ops.log1p)
sin, cos, tan = as_in_tensorflow(ops.sin), as_in_tensorflow(ops.cos), as_in_tensorflow(ops.tan)
asin, acos, atan = as_in_tensorflow(ops.arcsin), as_in_tensorflow(ops.arccos), as_in_tensorflow(ops.arctan)
sinh, cosh, tanh = as_in_tensorflow(ops.sinh), as_in_tensorflow(ops.cosh), as_in_tensorflow(ops.tanh)
floor, ceil, erf = as_in_tensorflow(ops.floor), as_in_tensorflow(ops.ceil), as_in_tensorflow(ops.erf)
sigmoid, log_sigmoid = as_in_tensorflow(ops.sigmoid), as_in_tensorflow(ops.log_sigmoid)
softplus = as_in_tensorflow(ops.softplus, features="x")
softsign = as_in_tensorflow(ops.softsign, features="x")
softmax = as_in_tensorflow(ops.softmax, logits="x")
log_softmax = as_in_tensorflow(ops.log_softmax, logits="x")
is_nan, is_inf = as_in_tensorflow(ops.isnan), as_in_tensorflow(ops.isinf)
is_finite, segment_sum = as_in_tensorflow(ops.isfinite), as_in_tensorflow(ops.segment_sum)
reduce_sum = as_in_tensorflow(ops.sum, input_tensor="x")
reduce_prod = as_in_tensorflow(ops.prod, input_tensor="x")
reduce_max = as_in_tensorflow(ops.max, input_tensor="x")
reduce_min = as_in_tensorflow(ops.min, input_tensor="x")
reduce_any = as_in_tensorflow(ops.any, input_tensor="x")
reduce_all = as_in_tensorflow(ops.all, input_tensor="x")
reduce_std = as_in_tensorflow(ops.std, input_tensor="x")
reduce_variance = as_in_tensorflow(ops.var, input_tensor="x")
reduce_logsumexp = as_in_tensorflow(ops.logsumexp, input_tensor="x")


def equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Returns where numbers or strings are equal."""
    return texts_combined(np.equal, x, y) if is_text(x) or is_text(y) else _equal(x, y)


def not_equal(x: Any, y: Any, name: str | None = None) -> Any:
    """Returns where numbers or strings are not equal."""
    return texts_combined(np.not_equal, x, y) if is_text(x) or is_text(y) else _not_equal(x, y)


def reduce_mean(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Mean over axes; of integers rounded toward 0, as in TensorFlow."""
    found, dtype = ops.mean(input_tensor, axis, keepdims), dtype_of(input_tensor)
    return ops.cast(found, dtype) if hasattr(input_tensor, "dtype") and "int" in dtype else found


def argmax(input: Any, axis: int | None = None, output_type: Any = int64, name: str | None = None) -> Any:
    """Indices of the maximum along an axis, by default the first."""
    return ops.cast(ops.argmax(input, axis=axis or 0), output_type)


def argmin(input: Any, axis: int | None = None, output_type: Any = int64, name: str | None = None) -> Any:
    """Indices of the minimum along an axis, by default the first."""
    return ops.cast(ops.argmin(input, axis=axis or 0), output_type)


def count_nonzero(
    input: Any, axis: Any = None, keepdims: bool = False, dtype: Any = int64, name: str | None = None
) -> Any:
    """Number of nonzero elements over axes."""
    return ops.cast(ops.sum(ops.cast(ops.not_equal(input, 0), "int32"), axis, keepdims), dtype)


def add_n(inputs: list, name: str | None = None) -> Any:
    """Sum of a list of tensors."""
    total = inputs[0]
    for value in inputs[1:]:
        total = ops.add(total, value)
    return total


accumulate_n = add_n


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """Product of a scalar and a tensor."""
    return ops.multiply(scalar, x)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """Product that is 0 where the second factor is 0, even if the first is NaN or infinite."""
    return ops.where(ops.equal(y, 0), 0, ops.multiply(x, y))


def squared_difference(x: Any, y: Any, name: str | None = None) -> Any:
    """Squared difference `(x - y) ** 2`."""
    return ops.square(ops.subtract(x, y))


def cumsum(x: Any, axis: int = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Any:
    """Cumulative sum along an axis; `exclusive` leaves out the element itself."""
    found = ops.cumsum(ops.flip(x, axis) if reverse else x, axis=axis)
    found = ops.flip(found, axis) if reverse else found
    return ops.subtract(found, x) if exclusive else found


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None) -> Any:
    """Normalizes to unit L2 norm along an axis; norms are clipped to at least `sqrt(epsilon)`."""
    return ops.multiply(x, ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis=axis, keepdims=True), epsilon)))


def in_top_k(targets: Any, predictions: Any, k: int, name: str | None = None) -> Any:
    """Returns for each example whether its target class is among the `k` highest predictions."""
    return ops.in_top_k(targets, predictions, k)


def top_k(input: Any, k: int = 1, sorted: bool = True, name: str | None = None) -> Any:
    """Returns the `k` largest values along the last axis and their indices."""
    return ops.top_k(input, k, sorted=sorted)


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: int | None = None,
    weights: Any = None,
    dtype: Any = "int32",
    name: str | None = None,
) -> Any:
    """Confusion matrix: counts of labels (rows) against predictions (columns)."""
    import numpy as np

    rows, columns = np.asarray(labels).ravel(), np.asarray(predictions).ravel()
    count = int(max(rows.max(), columns.max())) + 1 if num_classes is None else num_classes
    matrix = np.zeros((count, count), dtype)
    np.add.at(matrix, (rows, columns), 1 if weights is None else np.asarray(weights).ravel())
    return ops.convert_to_tensor(matrix)
