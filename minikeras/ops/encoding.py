"""Encoding of class indices."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import index
from typing import Any

import numpy as np

from ..engine.batch_rules import leading
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of_numbers
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, brief
from ..typing import DTypeLike, Tensor, TensorLike
from .common.arguments import as_value, normalize_axis, static_shape
from .conversion import cast
from .reductions import any as any_of
from .reductions import max as max_of
from .shaping import moveaxis


def _classes(dtype: np.dtype, count: int) -> np.ndarray:
    """Returns 0, 1, ..., `count` - 1, as numbers of a dtype if they fit into it."""
    fits = dtype.kind in "iu" and count - 1 <= np.iinfo(dtype).max
    return np.arange(count, dtype=dtype if fits else None)


def _one_hot_kernel(x: np.ndarray, num_classes: int, dtype: str) -> np.ndarray:
    return np.equal(x[..., None], _classes(x.dtype, num_classes)).astype(dtype)


def _bind_one_hot(arrays: Sequence[np.ndarray], out: np.ndarray, num_classes: int, dtype: str) -> Callable[[], object]:
    return partial(np.equal, arrays[0][..., None], _classes(arrays[0].dtype, num_classes), out)


_ONE_HOT = Primitive(
    "one_hot",
    _one_hot_kernel,
    shape=lambda x, num_classes, dtype: ((*x.shape, num_classes), dtype),
    bind=_bind_one_hot,
    batch=leading,
)


@op("nn.OneHot", settings="num_classes axis dtype sparse")
def one_hot(
    x: TensorLike, num_classes: int, axis: int = -1, dtype: DTypeLike | None = None, sparse: bool = False
) -> Tensor:
    """One-hot encodes class indices.

    Args:
        x: Integers of any shape; values outside [0, num_classes) are encoded as zeros.
        num_classes: The number of classes.
        axis: Position of the new axis; an integer.
        dtype: The dtype of the result; `floatx` by default.
        sparse: Must be False: sparse tensors are not supported.

    Raises:
        ArgumentError: If `num_classes` is negative or not an integer, or there is no such axis.
        ArgumentTypeError: If `axis` is not an integer.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> one_hot([1, 0], 2)
        array([[0., 1.],
               [1., 0.]], dtype=float32)
    """
    if sparse:
        raise NotSupportedError(f"`one_hot` does not support sparse tensors. Received: sparse={brief(sparse)}")
    try:
        count = index(num_classes)
    except TypeError:
        count = -1
    if count < 0:
        raise ArgumentError(f"`one_hot`: `num_classes` must be an integer, at least 0. Received: {brief(num_classes)}")
    x = as_value(x)
    last = len(static_shape(x))
    axis = normalize_axis(axis, last + 1)
    y = apply(_ONE_HOT, x, num_classes=count, dtype=dtype_of_numbers(dtype, "one_hot"))
    return y if axis == last else moveaxis(y, -1, axis)


def _multi_hot_in_keras(num_classes: int | None, kwargs: dict, **others: object) -> dict:
    return {"num_classes": _number_of_classes(num_classes, dict(kwargs)), "kwargs": {}}


@op("nn.MultiHot", settings="num_classes axis dtype sparse", as_in_keras=_multi_hot_in_keras)
def multi_hot(
    inputs: TensorLike,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: DTypeLike | None = None,
    sparse: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Multi-hot encodes class indices: 1 for each class that occurs.

    It is the maximum of `one_hot` along its second axis, or its only axis for a vector of indices.

    Args:
        inputs: Integers of shape (classes,) or (batch, classes, ...); values outside [0, num_classes) are left out.
        num_classes: The number of classes.
        axis: Position of the new axis before the maximum is taken.
        dtype: The dtype of the result; `floatx` by default.
        sparse: Must be False: sparse tensors are not supported.
        **kwargs: `num_tokens`, an older name of `num_classes`.

    Returns:
        Shape (num_classes,) or (batch, ..., num_classes), if the new axis is the last one.

    Raises:
        ArgumentError: If `num_classes` is missing, negative or not an integer, or there is no such axis.
        ArgumentTypeError: If `axis` is not an integer.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> multi_hot([[0, 2], [1, 1]], 3)
        array([[1., 0., 1.],
               [0., 1., 0.]], dtype=float32)
    """
    count = _number_of_classes(num_classes, kwargs)
    if sparse:
        raise NotSupportedError(f"`multi_hot` does not support sparse tensors. Received: sparse={brief(sparse)}")
    inputs, dtype = cast(as_value(inputs), "int32"), dtype_of_numbers(dtype, "multi_hot")
    encoded = one_hot(inputs, count, axis, dtype)
    along = 1 if len(static_shape(inputs)) > 1 else 0
    return any_of(encoded, along) if dtype == "bool" else max_of(encoded, along)


def _number_of_classes(num_classes: int | None, kwargs: dict) -> int:
    count = kwargs.pop("num_tokens", None) if num_classes is None else num_classes
    if kwargs:
        raise ArgumentTypeError(f"`multi_hot` has no arguments {', '.join(sorted(kwargs))}.")
    if count is None:
        raise ArgumentError("`multi_hot`: the argument `num_classes` must be given. Received: num_classes=None")
    return count
