"""Functions of the namespace `tf`, as far as Keras scripts use them."""

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

from ... import ops
from ...autodiff import GradientTape as _GradientTape
from ...engine import tree
from ...engine.naming import name_scope
from ...ops import custom_gradient
from ..eager_tensor import EagerTensor
from .tensors import convert_to_tensor
from .version import VERSION

__all__ = [
    "GradientTape",
    "UnconnectedGradients",
    "__version__",
    "autograph",
    "clip_by_norm",
    "clip_by_value",
    "cond",
    "custom_gradient",
    "device",
    "executing_eagerly",
    "get_logger",
    "function",
    "group",
    "init_scope",
    "map_fn",
    "name_scope",
    "no_op",
    "numpy_function",
    "print",
    "py_function",
    "vectorized_map",
    "while_loop",
]


__version__ = VERSION


class GradientTape(_GradientTape):
    """Gradient tape under which numpy functions return plain arrays, through which no gradient flows, as in TensorFlow.

    Source: https://www.tensorflow.org/api_docs/python/tf/GradientTape

    Example:
        >>> from minikeras import Variable
        >>> v = Variable([4.0])
        >>> with GradientTape() as tape:
        ...     y = v * np.sqrt(v)
        >>> tape.gradient(y, v)
        array([2.], dtype=float32)
    """

    _records_numpy = False


class UnconnectedGradients:
    """Gradient for sources that are not connected to the target."""

    NONE, ZERO = "none", "zero"


def function(func: Callable | None = None, **options: Any) -> Callable:
    """Returns the function unchanged: it is not compiled to a graph, and `fit` replays its steps anyway.

    Args:
        func: The function; if None, a decorator is returned.
        **options: `jit_compile`, `input_signature`, ...: options of the graph, ignored.

    Example:
        >>> @function(jit_compile=True)
        ... def double(x):
        ...     return x * 2
        >>> double(3)
        6
    """
    return func if func is not None else lambda func: func


@contextlib.contextmanager
def device(device_name: Any) -> Iterator[None]:
    """Context manager without effect: everything runs on the CPU."""
    yield


@contextlib.contextmanager
def init_scope() -> Iterator[None]:
    """Context manager without effect: there is no graph to lift ops out of."""
    yield


def get_logger() -> logging.Logger:
    """Returns the logger of TensorFlow."""
    return logging.getLogger("tensorflow")


def executing_eagerly() -> Any:
    """Returns True: outside `fit`, everything runs eagerly."""
    return True


def print(*inputs: Any, output_stream: Any = None, sep: str = " ", end: str = "\n", **options: Any) -> None:
    """Prints values to standard error as TensorFlow does, tensors without shape and dtype.

    Args:
        *inputs: The values.
        output_stream: The stream; `sys.stderr` by default.
        sep: Separator.
        end: Terminator.
        **options: `summarize` and `name`, ignored.
    """
    texts = [str(value.numpy() if isinstance(value, EagerTensor) else value) for value in inputs]
    (output_stream or sys.stderr).write(sep.join(texts) + end)


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Clips a tensor to a range."""
    return ops.minimum(ops.maximum(t, clip_value_min), clip_value_max)


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """Scales a tensor down to an L2 norm of at most `clip_norm`."""
    norm = ops.sqrt(ops.sum(ops.square(t), axis=axes, keepdims=True))
    return ops.multiply(t, clip_norm / ops.maximum(norm, clip_norm))


def cond(pred: Any, true_fn: Callable, false_fn: Callable, name: str | None = None) -> Any:
    """Calls one of two functions by a condition. A training step with it runs eagerly."""
    return true_fn() if bool(pred) else false_fn()


def while_loop(
    cond: Callable,
    body: Callable,
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: Any = 10,
    back_prop: Any = True,
    swap_memory: Any = False,
    maximum_iterations: Any = None,
    name: str | None = None,
) -> Any:
    """Repeats `body` while `cond` is true, at most `maximum_iterations` times."""
    values, turns = loop_vars, 0
    while (maximum_iterations is None or turns < maximum_iterations) and cond(*values):
        values = body(*values)
        values = values if isinstance(values, (list, tuple)) else [values]
        turns += 1
    return values


def map_fn(fn: Callable, elems: Any, **options: Any) -> Any:
    """Applies `fn` to each row of nested tensors and stacks the results."""
    flat = tree.flatten(elems)
    rows = [fn(tree.pack_like(elems, [value[row] for value in flat])) for row in range(len(flat[0]))]
    columns = zip(*map(tree.flatten, rows), strict=True)
    return tree.pack_like(rows[0], [ops.stack(list(column)) for column in columns])


vectorized_map = map_fn


def py_function(func: Callable, inp: list, Tout: Any = None, name: str | None = None) -> Any:  # noqa: N803
    """Calls a Python function on tensors."""
    return tree.map_structure(lambda value: convert_to_tensor(value), func(*inp))


def numpy_function(func: Callable, inp: list, Tout: Any = None, name: str | None = None) -> Any:  # noqa: N803
    """Calls a Python function on arrays."""
    import numpy as np

    return tree.map_structure(lambda value: convert_to_tensor(value), func(*map(np.asarray, inp)))


def no_op(name: str | None = None) -> None:
    """Does nothing."""


def group(*inputs: Any, name: str | None = None) -> None:
    """Does nothing: the inputs are computed already."""


class autograph:
    """`tf.autograph`."""

    class experimental:
        """`tf.autograph.experimental`."""

        @staticmethod
        def do_not_convert(func: Callable | None = None) -> Callable:
            """Returns the function unchanged."""
            return func if func is not None else lambda func: func
