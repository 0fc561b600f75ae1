"""JAX-style function transformations: `grad` and `value_and_grad`."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import wraps

from .. import ops
from ..engine import tree
from ..engine.dispatch import IDENTITY, apply, constant, to_array
from ..engine.dtypes import dtype_of, is_inexact
from ..engine.gradients import pull_back
from ..engine.tensor import Tensor
from ..engine.trace import Trace, current_trace
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..tracebacks import filtered
from .values import delivered


@filtered
def grad(fun: Callable, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Callable:
    """Transforms a function into one that computes its gradient.

    Args:
        fun: A function of arrays, or nested arrays, that returns a scalar.
        argnums: Positions of the arguments to differentiate with respect to.
        has_aux: Whether `fun` returns a pair of the scalar and auxiliary data.

    Returns:
        A function with the arguments of `fun` that returns the gradient, with the structure of the argument; a tuple of
        gradients if `argnums` is a sequence; with `has_aux`, a pair of that and the auxiliary data.

    Source: https://docs.jax.dev/en/latest/_autosummary/jax.grad.html

    Example:
        >>> print(grad(lambda x: x**3)(2.0), grad(grad(lambda x: x**3))(2.0))
        12.0 12.0
    """
    differentiated = value_and_grad(fun, argnums, has_aux)

    @wraps(fun)
    @filtered
    def gradient(*args: object, **kwargs: object) -> object:
        value, found = differentiated(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


@filtered
def value_and_grad(fun: Callable, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Callable:
    """Transforms a function into one that computes both its value and its gradient.

    Args:
        fun: A function of arrays, or nested arrays, that returns a scalar.
        argnums: Positions of the arguments to differentiate with respect to.
        has_aux: Whether `fun` returns a pair of the scalar and auxiliary data.

    Returns:
        A function with the arguments of `fun` that returns a pair: the value of `fun`, and the gradient as in `grad`.

    Source: https://docs.jax.dev/en/latest/_autosummary/jax.value_and_grad.html

    Example:
        >>> value, (first, second) = value_and_grad(lambda x, y: ops.sum(x * y), argnums=(0, 1))(
        ...     np.float32([1.0, 2.0]), np.float32([3.0, 4.0])
        ... )
        >>> print(value, first, second)
        11.0 [3. 4.] [1. 2.]
    """
    chosen = list(argnums) if isinstance(argnums, (tuple, list)) else [argnums]
    if not callable(fun) or not chosen or not all(isinstance(number, int) for number in chosen):
        raise ArgumentTypeError(
            f"Expected a function and positions of its arguments. Received: fun={brief(fun)}, argnums={brief(argnums)}"
        )

    @wraps(fun)
    @filtered
    def value_and_gradient(*args: object, **kwargs: object) -> tuple:
        running = current_trace()
        trace = Trace(eager=True) if running is None else running
        start = len(trace.entries)
        with trace if running is None else nullcontext():
            inputs = _traced(trace, args, chosen)
            value = fun(*inputs, **kwargs)
            seeds = _seeds(trace, value[0] if has_aux else value)
        leaves = [leaf for number in chosen for leaf in tree.flatten(inputs[number])]
        found = pull_back(trace, seeds, [[leaf] for leaf in leaves], range(start, len(trace.entries)))
        grads = [ops.zeros_like(leaf) if each is None else each for each, leaf in zip(found, leaves, strict=True)]
        grads = tree.pack_like([inputs[number] for number in chosen], [delivered(each, trace) for each in grads])
        value = tree.map_structure(lambda each: delivered(each, trace), value)
        if running is None:
            trace.clear()
        return value, grads[0] if isinstance(argnums, int) else tuple(grads)

    return value_and_gradient


def _traced(trace: Trace, args: tuple, chosen: list[int]) -> list:
    """Returns the arguments, with new tensors for those to differentiate with respect to."""
    inputs = list(args)
    for number in chosen:
        if not -len(args) <= number < len(args):
            raise ArgumentError(
                f"There is no argument {number} to differentiate with respect to. Received: {len(args)}"
            )
        for leaf in tree.flatten(args[number]):
            if not is_inexact(dtype_of(leaf)):
                raise ArgumentTypeError(
                    f"Gradients exist with respect to floats only. Received: argument {number} is {brief(leaf)}"
                )
        inputs[number] = tree.map_structure(lambda leaf: _new(trace, leaf), args[number])
    return inputs


def _new(trace: Trace, leaf: object) -> Tensor:
    """Returns a new tensor, so that other references to the same value are constants."""
    if hasattr(leaf, "dtype"):
        leaf = apply(IDENTITY, leaf)
    return leaf if isinstance(leaf, Tensor) else constant(trace, to_array(leaf))


def _seeds(trace: Trace, value: object) -> dict:
    if ops.shape(value) != () or "float" not in dtype_of(value):
        raise ShapeError(
            "Only functions that return a scalar float can be differentiated. "
            f"Received: {brief(value)}. Return the scalar first, and use `has_aux=True` for auxiliary data."
        )
    return {value: ops.ones_like(value)} if isinstance(value, Tensor) and value.trace is trace else {}
