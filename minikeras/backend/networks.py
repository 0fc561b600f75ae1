"""Building blocks of layers and losses, and functions that map over rows."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import losses, ops
from .. import random as random_module
from ..config import resolved_data_format
from ..engine import tree
from ..errors import ShapeError
from ..tracebacks import filtered


@filtered
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Evenly spaced values in [start, stop); `arange(n)` starts at 0.

    Example:
        >>> arange(3)
        array([0, 1, 2], dtype=int32)
    """
    return ops.arange(start, stop, step, dtype=dtype)


@filtered
def l2_normalize(x: Any, axis: Any = None) -> Any:
    """Normalizes to unit L2 norm along an axis; norms below 1e-6 count as 1e-6.

    Example:
        >>> l2_normalize([3.0, 4.0])
        array([0.6, 0.8], dtype=float32)
    """
    x = ops.convert_to_tensor(x)
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis=axis, keepdims=True), 1e-12))


@filtered
def one_hot(indices: Any, num_classes: int) -> Any:
    """One-hot encodes integer indices.

    Example:
        >>> one_hot([0, 2], 3)
        array([[1., 0., 0.],
               [0., 0., 1.]], dtype=float32)
    """
    return ops.one_hot(indices, num_classes)


@filtered
def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Returns for each example whether its target class is among the `k` highest predictions.

    Example:
        >>> in_top_k([[0.1, 0.7, 0.2], [0.1, 0.7, 0.2]], [2, 0], k=2)
        array([ True, False])
    """
    return ops.in_top_k(targets, predictions, k)


@filtered
def dropout(x: Any, level: float, noise_shape: Any = None, seed: int | None = None) -> Any:
    """Sets the fraction `level` of the elements to 0 and scales up the others.

    Example:
        >>> sorted(set(dropout(np.ones(100, "float32"), 0.5, seed=1).tolist()))
        [0.0, 2.0]
    """
    return random_module.dropout(x, level, noise_shape, seed)


@filtered
def batch_normalization(
    x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1, epsilon: float = 1e-3
) -> Any:
    """Batch normalization: `(x - mean) / sqrt(var + epsilon) * gamma + beta`.

    Args:
        x: Input tensor.
        mean: Mean, broadcastable to `x`.
        var: Variance, broadcastable to `x`.
        beta: Offset, broadcastable to `x`, or None.
        gamma: Scale, broadcastable to `x`, or None.
        axis: Unused, as in Keras: the shapes determine it.
        epsilon: Small constant added to the variance.

    Example:
        >>> batch_normalization(np.float32([1, 5]), 3.0, 4.0, beta=1.0, gamma=2.0, epsilon=0.0)
        array([-1.,  3.], dtype=float32)
    """
    scale = ops.rsqrt(ops.add(var, epsilon))
    found = (x - mean) * (scale if gamma is None else scale * gamma)
    return found if beta is None else found + beta


@filtered
def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """Adds a bias: a vector along the channel axis, or a tensor of the shape of one example.

    Raises:
        ShapeError: If the bias has another number of axes.

    Example:
        >>> bias_add(np.zeros((1, 2, 2), "float32"), [1.0, 2.0])
        array([[[1., 2.],
                [1., 2.]]], dtype=float32)
    """
    data_format = resolved_data_format("K.bias_add", data_format)
    axes, sizes = len(ops.shape(x)), tuple(ops.shape(bias))
    if len(sizes) not in (1, axes - 1):
        raise ShapeError(f"`K.bias_add`: expected a bias of 1 or {axes - 1} axes. Received: one of shape {sizes}")
    if data_format == "channels_first" and axes > 2:
        new = (*sizes, *(1,) * (axes - 2)) if len(sizes) == 1 else (sizes[-1], *sizes[:-1])
        bias = ops.reshape(bias, new)
    return ops.add(x, bias)


@filtered
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """Binary cross-entropy of each element.

    Example:
        >>> binary_crossentropy([1.0, 0.0], [0.5, 0.5]).round(3)  # log 2
        array([0.693, 0.693], dtype=float32)
    """
    return ops.binary_crossentropy(target, output, from_logits)


@filtered
def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """Categorical cross-entropy of each example with one-hot targets.

    Example:
        >>> categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]]).round(3)  # log 2
        array([0.693], dtype=float32)
    """
    return ops.categorical_crossentropy(target, output, from_logits, axis)


@filtered
def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1, ignore_class: int | None = None
) -> Any:
    """Categorical cross-entropy of each example with integer targets; 0 where the target is `ignore_class`.

    Example:
        >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]]).round(3)  # log 2
        array([0.693], dtype=float32)
    """
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(target, output, from_logits, axis)
    return losses.sparse_categorical_crossentropy(target, output, from_logits, ignore_class, axis)


@filtered
def binary_focal_crossentropy(
    target: Any,
    output: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
) -> Any:
    """Binary focal cross-entropy of each element, which down-weights easy examples.

    Example:
        >>> binary_focal_crossentropy(np.float32([1]), np.float32([0.5])).round(3)  # 0.5² log 2
        array([0.173], dtype=float32)
    """
    probability = ops.sigmoid(output) if from_logits else output
    p_t = target * probability + (1 - target) * (1 - probability)
    found = ops.power(1.0 - p_t, gamma) * ops.binary_crossentropy(target, output, from_logits)
    return found * (target * alpha + (1 - target) * (1 - alpha)) if apply_class_balancing else found


@filtered
def categorical_focal_crossentropy(
    target: Any, output: Any, alpha: float = 0.25, gamma: float = 2.0, from_logits: bool = False, axis: int = -1
) -> Any:
    """Categorical focal cross-entropy of each example with one-hot targets.

    Example:
        >>> x = categorical_focal_crossentropy(np.float32([[0, 1]]), np.float32([[0.5, 0.5]]))
        >>> x.round(3)  # 0.25 · 0.5² log 2
        array([0.043], dtype=float32)
    """
    return losses.categorical_focal_crossentropy(target, output, alpha, gamma, from_logits, axis=axis)


@filtered
def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """Selects elements by a condition; an expression may be a function that returns its value.

    Example:
        >>> switch(np.array([True, False]), np.float32([1, 2]), lambda: np.float32([3, 4]))
        array([1., 4.], dtype=float32)
    """
    then = then_expression() if callable(then_expression) else then_expression
    other = else_expression() if callable(else_expression) else else_expression
    missing = len(ops.shape(then)) - len(ops.shape(condition))
    if missing > 0 and len(ops.shape(condition)):
        condition = ops.reshape(condition, (*ops.shape(condition), *(1,) * missing))
    return ops.where(ops.cast(condition, "bool"), then, other)


@filtered
def map_fn(fn: Callable, elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """Applies `fn` to each row of a tensor, or of a structure of tensors, and stacks the results.

    Example:
        >>> map_fn(lambda row: row * 2, np.float32([1, 2]))
        array([2., 4.], dtype=float32)
    """
    rows = _rows(elems)
    made = [fn(row) for row in rows]
    columns = zip(*map(tree.flatten, made), strict=True)
    stacked = [ops.stack(list(column)) for column in columns]
    found = tree.pack_like(made[0], stacked)
    return found if dtype is None else tree.map_structure(lambda part: ops.cast(part, dtype), found)


@filtered
def foldl(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """Reduces the rows of a tensor from the first to the last: `fn(fn(x[0], x[1]), x[2])`.

    Example:
        >>> print(foldl(lambda a, b: a - b, np.float32([9, 2, 3])))
        4.0
    """
    return _folded(fn, _rows(elems), initializer)


@filtered
def foldr(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """Reduces the rows of a tensor from the last to the first.

    Example:
        >>> print(foldr(lambda a, b: a - b, np.float32([2, 3, 9])))  # 9 - 3 - 2
        4.0
    """
    return _folded(fn, _rows(elems)[::-1], initializer)


def _folded(fn: Callable, rows: list, state: Any) -> Any:
    if state is None:
        state, *rows = rows
    for row in rows:
        state = fn(state, row)
    return state


def _rows(elems: Any) -> list:
    flat = tree.flatten(elems)
    if len(flat) > 1 and all(np.ndim(value) == 0 for value in flat):
        return flat  # a list of scalars
    parts = [ops.unstack(value) for value in flat]
    return [tree.pack_like(elems, list(row)) for row in zip(*parts, strict=True)]
