"""Sums over the processes that share a training, recorded in the step: one collective call each.

They have an effect, on the other processes: so they are never merged, dropped or reordered.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of, result_type
from ...engine.primitive import Primitive, Spec
from ...engine.replicas import Replicas, sharing
from ...typing import Tensor
from ..arithmetic import multiply
from ..conversion import cast
from ..extrema import maximum, minimum
from ..shaping import reshape


def share(dtype: str) -> Tensor:
    """Returns the share of this process in the rows of the batch, shape (), inside of a shared step.

    Args:
        dtype: The dtype of the result.
    """
    return cast(_replicas().share, dtype)


def scale(dtype: str) -> Tensor:
    """Returns the rows of the batch by those of this process, shape (), inside of a shared step; 0 without rows.

    Args:
        dtype: The dtype of the result.
    """
    return cast(_replicas().scale, dtype)


def has_rows(dtype: str) -> Tensor:
    """Returns 1 if this process has rows of the batch, else 0, shape (), inside of a shared step.

    Args:
        dtype: The dtype of the result.
    """
    return minimum(scale(dtype), 1)


def allreduce(x: Tensor) -> Tensor:
    """Returns the sum of a value over the processes that share the step.

    The gradients of processes are averaged with their shares as weights, so that of the sum is what all of them, thus
    weighted, depend on it.

    Args:
        x: The value of this process, of any shape.
    """
    return apply(_ALLREDUCE, _computed_in_step(x), replicas=_replicas())


def mean_of_processes(x: Tensor) -> Tensor:
    """Returns the mean of a value over the processes that share the step, weighted by their rows.

    Args:
        x: The mean over the rows of this process, of any shape.
    """
    return allreduce(multiply(x, share(dtype_of(x))))


def sum_of_processes(x: Tensor) -> Tensor:
    """Returns the sum of a value over those of the processes that share the step that have rows.

    Args:
        x: The sum over the rows of this process, of any shape.
    """
    return allreduce(multiply(x, has_rows(dtype_of(x))))


def mean_of_gradients(grads: Sequence, replicas: Replicas) -> list:
    """Returns the gradients of the whole batch: the mean of those of the processes, weighted by their shares.

    They are multiplied by the share straight into one buffer, which is reduced in-place: one collective call for all
    gradients of a dtype.

    Args:
        grads: The gradients of this process.
        replicas: The processes.
    """
    found: list = list(grads)
    groups: dict[str, list[int]] = {}
    for index, gradient in enumerate(grads):
        groups.setdefault(result_type(dtype_of(gradient), "float32"), []).append(index)
    for dtype, indices in groups.items():
        weight = _computed_in_step(cast(replicas.share, np.zeros((), dtype).real.dtype.name))
        flat = apply(_REDUCE_GRADIENTS, weight, *[grads[index] for index in indices], dtype=dtype, replicas=replicas)
        start = 0
        for index in indices:
            shape = tuple(grads[index].shape)
            stop = start + int(np.prod(shape))
            found[index] = cast(reshape(flat[start:stop], shape), dtype_of(grads[index]))
            start = stop
    return found


def _computed_in_step(x: Tensor) -> Tensor:
    """Returns a copy that is not known before the step runs.

    What depends on constants, on inputs or on variables alone is computed while the step is traced, and then again: the
    call would be made twice, but once in processes that have traced the step before.
    """
    one = minimum(maximum(cast(_replicas().scale, dtype_of(x)), 1), 1)
    return multiply(x, one)


def _replicas() -> Replicas:
    replicas = sharing()
    assert replicas is not None, "only steps that are shared ask for this"
    return replicas


def _bind_allreduce(arrays: Sequence[np.ndarray], out: np.ndarray, replicas: Replicas) -> Callable[[], None]:
    (x,), reduce = arrays, replicas.group.allreduce

    def run() -> None:
        np.copyto(out, x)
        reduce(out)

    return run


def _allreduce_vjp(g: Tensor, y: Tensor, x: Tensor, replicas: Replicas) -> Tensor:
    dtype = dtype_of(g)
    return multiply(allreduce(multiply(g, cast(replicas.share, dtype))), cast(replicas.scale, dtype))


_ALLREDUCE = Primitive.bound(
    "allreduce",
    _bind_allreduce,
    shape=lambda x, replicas: (x.shape, x.dtype),
    vjps=(_allreduce_vjp,),
    effect=True,
)


def _bind_gradients(
    arrays: Sequence[np.ndarray], out: np.ndarray, dtype: str, replicas: Replicas
) -> Callable[[], None]:
    weight, *grads = arrays
    reduce = replicas.group.allreduce
    calls: list[tuple] = []
    start = 0
    for gradient in grads:
        calls.append((gradient, weight, out[start : start + gradient.size].reshape(gradient.shape)))
        start += gradient.size

    def run() -> None:
        if weight:
            for call in calls:
                np.multiply(*call)
        else:
            out.fill(0)  # the product with what is not finite would be NaN
        reduce(out)

    return run


def _gradients_shape(weight: Spec, *grads: Spec, dtype: str, replicas: Any) -> tuple:
    return (sum(int(np.prod(each.shape)) for each in grads),), dtype


_REDUCE_GRADIENTS = Primitive.bound("allreduce_gradients", _bind_gradients, shape=_gradients_shape, effect=True)
