"""What `tensorflow` itself has, beside `tf.keras`, of what Keras scripts use."""

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
    """The tape, under which numpy's functions return arrays that no gradient flows through, as in TensorFlow.

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
    """What a tape returns for a source on which no target depends."""

    NONE, ZERO = "none", "zero"


def function(func: Callable | None = None, **options: Any) -> Callable:
    """Returns a function as it is: minikeras needs no graph of it, and `fit` replays its steps anyway.

    Args:
        func: The function; if None, a decorator is returned.
        **options: `jit_compile`, `input_signature`, ...: how TensorFlow would make the graph.

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
    """Computes what is inside of the block on the processor, as everything."""
    yield


@contextlib.contextmanager
def init_scope() -> Iterator[None]:
    """Leaves a graph for the block; there is none."""
    yield


def get_logger() -> logging.Logger:
    """Returns the logger that messages of TensorFlow go to."""
    return logging.getLogger("tensorflow")


def executing_eagerly() -> Any:
    """Returns True: outside of `fit`, everything is computed at once."""
    return True


def print(*inputs: Any, output_stream: Any = None, sep: str = " ", end: str = "\n", **options: Any) -> None:
    """Prints values, to the error stream as TensorFlow does; tensors without shape and type.

    Args:
        *inputs: The values.
        output_stream: Where to; `sys.stderr` by default.
        sep: What comes between them.
        end: What comes after them.
        **options: `summarize` and `name`, which concern large and named graphs.
    """
    texts = [str(value.numpy() if isinstance(value, EagerTensor) else value) for value in inputs]
    (output_stream or sys.stderr).write(sep.join(texts) + end)


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Returns a value with its elements limited to a range."""
    return ops.minimum(ops.maximum(t, clip_value_min), clip_value_max)


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """Returns a value scaled so that its length is at most `clip_norm`."""
    length = ops.sqrt(ops.sum(ops.square(t), axis=axes, keepdims=True))
    return t * (clip_norm / ops.maximum(length, clip_norm))


def cond(pred: Any, true_fn: Callable, false_fn: Callable, name: str | None = None) -> Any:
    """Returns what one of two functions returns. A step in which it decides is run in Python each time."""
    return true_fn() if bool(pred) else false_fn()


def while_loop(cond: Callable, body: Callable, loop_vars: Any, **options: Any) -> Any:
    """Applies a function to values as long as another one returns a true value of them."""
    values = loop_vars
    while cond(*values):
        values = body(*values)
    return values


def map_fn(fn: Callable, elems: Any, **options: Any) -> Any:
    """Returns what a function makes of the rows of nested values, put together again."""
    flat = tree.flatten(elems)
    rows = [fn(tree.pack_like(elems, [value[row] for value in flat])) for row in range(len(flat[0]))]
    columns = zip(*map(tree.flatten, rows), strict=True)
    return tree.pack_like(rows[0], [ops.stack(list(column)) for column in columns])


vectorized_map = map_fn


def py_function(func: Callable, inp: list, Tout: Any = None, name: str | None = None) -> Any:  # noqa: N803
    """Returns what a Python function returns for tensors."""
    return tree.map_structure(lambda value: convert_to_tensor(value), func(*inp))


def numpy_function(func: Callable, inp: list, Tout: Any = None, name: str | None = None) -> Any:  # noqa: N803
    """Returns what a function of arrays returns."""
    import numpy as np

    return tree.map_structure(lambda value: convert_to_tensor(value), func(*map(np.asarray, inp)))


def no_op(name: str | None = None) -> None:
    """Does nothing."""


def group(*inputs: Any, name: str | None = None) -> None:
    """Does nothing: what the values stand for has been computed."""


class autograph:
    """What decorates functions that TensorFlow would otherwise translate to a graph."""

    class experimental:
        """Names of the inside."""

        @staticmethod
        def do_not_convert(func: Callable | None = None) -> Callable:
            """Returns a function as it is."""
            return func if func is not None else lambda func: func
