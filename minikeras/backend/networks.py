"""Functions that networks and losses are made of."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import losses, ops
from .. import random as random_room
from ..argument_checks import check_data_format
from ..config import image_data_format
from ..engine import tree
from ..errors import ShapeError
from ..tracebacks import filtered

__all__ = [
    "arange",
    "batch_normalization",
    "bias_add",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "dropout",
    "foldl",
    "foldr",
    "in_top_k",
    "l2_normalize",
    "map_fn",
    "one_hot",
    "sparse_categorical_crossentropy",
    "switch",
]


@filtered
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Returns numbers from `start`, or 0, up to, not including, `stop`."""
    return ops.arange(start, stop, step, dtype=dtype)


@filtered
def l2_normalize(x: Any, axis: Any = None) -> Any:
    """Returns a value divided by its length, which counts as 1e-6 at least.

    Example:
        >>> l2_normalize([3.0, 4.0])
        array([0.6, 0.8], dtype=float32)
    """
    x = ops.convert_to_tensor(x)
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis=axis, keepdims=True), 1e-12))


@filtered
def one_hot(indices: Any, num_classes: int) -> Any:
    """Returns vectors with a 1 at the index, else 0."""
    return ops.one_hot(indices, num_classes)


@filtered
def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Tells for each example whether its class is among the `k` with the highest scores."""
    return ops.in_top_k(targets, predictions, k)


@filtered
def dropout(x: Any, level: float, noise_shape: Any = None, seed: int | None = None) -> Any:
    """Returns a value with a share of its elements set to 0 and the others scaled up."""
    return random_room.dropout(x, level, noise_shape, seed)


@filtered
def batch_normalization(
    x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: int = -1, epsilon: float = 1e-3
) -> Any:
    """Returns `(x - mean) / sqrt(var + epsilon) * gamma + beta`; None for `gamma` and `beta` is none.

    Args:
        x: The value.
        mean: The mean, of a shape that broadcasts with it.
        var: The variance, likewise.
        beta: What is added, likewise.
        gamma: What is multiplied with, likewise.
        axis: Not used, as in Keras: the shapes say it.
        epsilon: What keeps the division finite.
    """
    scale = ops.rsqrt(ops.add(var, epsilon))
    found = (x - mean) * (scale if gamma is None else scale * gamma)
    return found if beta is None else found + beta


@filtered
def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """Returns a value with a bias added: a vector along the channels, or one of the shape of an example.

    Raises:
        ShapeError: If the bias has another number of axes.
    """
    data_format = check_data_format("K.bias_add", data_format or image_data_format())
    axes, sizes = len(ops.shape(x)), tuple(ops.shape(bias))
    if len(sizes) not in (1, axes - 1):
        raise ShapeError(f"`K.bias_add`: expected a bias of 1 or {axes - 1} axes. Received: one of shape {sizes}")
    if data_format == "channels_first" and axes > 2:
        new = (*sizes, *(1,) * (axes - 2)) if len(sizes) == 1 else (sizes[-1], *sizes[:-1])
        bias = ops.reshape(bias, new)
    return ops.add(x, bias)


@filtered
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """Returns the crossentropy of each element."""
    return ops.binary_crossentropy(target, output, from_logits)


@filtered
def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """Returns the crossentropy of each example with probabilities."""
    return ops.categorical_crossentropy(target, output, from_logits, axis)


@filtered
def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1, ignore_class: int | None = None
) -> Any:
    """Returns the crossentropy of each example with a class number; that of one class may count as 0."""
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
    """Returns the focal crossentropy of each element: hard examples count more."""
    chance = ops.sigmoid(output) if from_logits else output
    hit = target * chance + (1 - target) * (1 - chance)
    found = ops.power(1.0 - hit, gamma) * ops.binary_crossentropy(target, output, from_logits)
    return found * (target * alpha + (1 - target) * (1 - alpha)) if apply_class_balancing else found


@filtered
def categorical_focal_crossentropy(
    target: Any, output: Any, alpha: float = 0.25, gamma: float = 2.0, from_logits: bool = False, axis: int = -1
) -> Any:
    """Returns the focal crossentropy of each example with probabilities."""
    return losses.categorical_focal_crossentropy(target, output, alpha, gamma, from_logits, axis=axis)


@filtered
def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """Returns one value where a condition is true, else another one; functions are called for theirs.

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
    """Returns what a function makes of the rows of a value, or of values together."""
    rows = _rows(elems)
    made = [fn(row) for row in rows]
    columns = zip(*map(tree.flatten, made), strict=True)
    stacked = [ops.stack(list(column)) for column in columns]
    found = tree.pack_like(made[0], stacked)
    return found if dtype is None else tree.map_structure(lambda part: ops.cast(part, dtype), found)


@filtered
def foldl(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """Combines the rows of a value from the first on: `fn(fn(x[0], x[1]), x[2])`.

    Example:
        >>> print(foldl(lambda a, b: a - b, np.float32([9, 2, 3])))
        4.0
    """
    return _folded(fn, _rows(elems), initializer)


@filtered
def foldr(fn: Callable, elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """Combines the rows of a value from the last on."""
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
        return flat  # a list of numbers
    parts = [ops.unstack(value) for value in flat]
    return [tree.pack_like(elems, list(row)) for row in zip(*parts, strict=True)]
