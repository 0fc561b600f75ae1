"""A primitive: one operation with its numpy kernel, gradient and shape rule in one object.

A primitive defines an operation by four functions:

- `kernel(*arrays, **params)` computes it, with numpy;
- `bind(arrays, out, params)` prepares a call without arguments that computes it into `out`, for replay;
- `vjps`, one function per input, maps the gradient of the output to the gradient of that input. They
  are written with ops, so the backward pass is recorded like the forward pass and can be differentiated;
- `shape(*specs, **params)` returns shape and dtype without computing; None is a free size.
"""

import operator
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from itertools import repeat, starmap
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError
from .batch_rules import aligned
from .dtypes import LOW_PRECISION, is_number, low_precision_of

Shape = tuple[int | None, ...]
BoundCall = tuple  # a function, and its arguments


@dataclass(frozen=True)
class Spec:
    """The shape and dtype of a value, without the value."""

    shape: Shape
    dtype: str


class Primitive:
    """One operation of the engine.

    Args:
        name: Its name in errors and printed plans.
        kernel: Computes the result. A numpy ufunc, or a function of arrays and keyword parameters.
        shape: The shape rule: `shape(*specs, **params)` returns `(shape, dtype)`.
        vjps: One function `(gradient, output, *inputs, **params) -> gradient of that input` per input
            (None: no gradient flows there), or one function returning the list of all of them.
        bind: Prepares the call for replay. By default a ufunc writes into `out` itself; a function
            with `has_out` is called with `out=`; any other function's result is copied into `out`.
        specialize: `specialize(*arrays, **params)` returns the kernel for arrays of those shapes, strides and dtypes,
            a function of the arrays; None for the general one. It makes the checks that need not be repeated.
        has_out: The kernel accepts `out=`.
        elementwise: Each output element depends on the input elements at the same index alone, so
            the output may overwrite an input of the same shape and dtype.
        view: The result may share the memory of the first input.
        effect: The primitive changes a variable, so it is never dropped.
        native: The kernel computes in the dtypes of ml_dtypes itself; others get their values in float32.
        computes: The kernel may meet overflows, NaNs and divisions by 0, about which numpy must not warn; False if it
            only moves elements. Views never compute.
        batch: How it treats a batch, see `batch_rules`; by default `aligned` if it is elementwise, else unknown.
        lower: `lower(*inputs, **params)` does the same with other primitives, or returns None; how a plan computes it
            for a block of a batch.
        monotone: No element of the output decreases when one of the inputs increases.
        takes_text: The kernel needs no more than the order or the equality of elements, so that it takes strings as
            well; one that does not compute always does.
    """

    def __init__(
        self,
        name: str,
        kernel: Callable,
        *,
        shape: Callable,
        vjps: Sequence[Callable | None] | Callable | None = None,
        bind: Callable | None = None,
        specialize: Callable | None = None,
        has_out: bool = False,
        elementwise: bool = False,
        view: bool = False,
        effect: bool = False,
        native: bool = False,
        computes: bool = True,
        batch: Callable | None = None,
        lower: Callable | None = None,
        monotone: bool = False,
        takes_text: bool = False,
    ):
        self.name = name
        self.kernel = kernel
        self.shape = shape
        self.vjps = vjps
        self.has_out = has_out or isinstance(kernel, np.ufunc)
        self.elementwise = elementwise
        self.view = view
        self.effect = effect
        self.native = native or view or effect
        self.computes = computes and not view
        self.batch = aligned if batch is None and elementwise else batch
        self.lower = lower
        self.monotone = monotone
        self.takes_text = takes_text or not self.computes
        self._bind = bind
        self._specialize = specialize
        self._widened: Primitive | None = None

    @classmethod
    def bound(cls, name: str, bind: Callable, *, shape: Callable, **options: Any) -> "Primitive":
        """Returns a primitive whose kernel makes the array of the result and makes the call that `bind` prepares.

        Args:
            name: Its name.
            bind: Prepares the call for replay.
            shape: The shape rule.
            **options: All other arguments of a primitive.
        """
        return cls(name, partial(_in_new_array, bind, shape), bind=bind, shape=shape, **options)

    def __repr__(self) -> str:
        return f"<Primitive {self.name}>"

    def renamed(self, name: str) -> "Primitive":
        """Returns the same operation under another name."""
        other = copy(self)
        other.name = name
        other._widened = None
        return other

    def widened(self) -> "Primitive":
        """Returns the same operation for values of ml_dtypes, computed in float32 (or int8) and rounded once."""
        if self._widened is None:
            other = copy(self)
            other.kernel = partial(_in_wider_dtypes, self)
            other.has_out = False
            other._bind = partial(_bind_in_wider_dtypes, self)
            other._specialize = None
            self._widened = other
        return self._widened

    def kernel_for(self, arrays: Sequence[np.ndarray], params: dict) -> Callable[..., np.ndarray]:
        """Returns the kernel, as a function of the arrays alone, for arrays of given shapes, strides and dtypes."""
        found = None if self._specialize is None else self._specialize(*arrays, **params)
        return found or (partial(self.kernel, **params) if params else self.kernel)

    def bind(self, arrays: Sequence[np.ndarray], out: np.ndarray, params: dict) -> Callable[[], object]:
        """Returns a call without arguments that computes the primitive into `out`."""
        return self.binder(out, params)(arrays)

    def binder(self, out: np.ndarray, params: dict) -> Callable[[Sequence[np.ndarray]], Callable[[], object]]:
        """Returns `bind` for a given `out`, as a function of the arrays alone."""
        if self._bind is not None:
            return partial(self._bind, out=out, **params)
        return partial(self._default_bind, out, params)

    def bind_each(
        self, inputs: Sequence[Iterable[np.ndarray]], outs: Iterable[np.ndarray], params: dict
    ) -> list[BoundCall]:
        """Returns the calls of `bind` for many arrays, which `in_sequence` makes.

        Args:
            inputs: For each input, its arrays in all calls.
            outs: The outputs of the calls.
            params: The parameters of all calls.
        """
        if self._bind is not None:
            return [(self._bind(row, out=out, **params),) for out, *row in zip(outs, *inputs, strict=True)]
        if self._calls_directly:
            return list(zip(repeat(self.kernel), *inputs, outs, strict=False))
        if self.has_out:
            return [(partial(self.kernel, *row, out=out, **params),) for out, *row in zip(outs, *inputs, strict=True)]
        return [(_copy_result, out, self.kernel, row, params) for out, *row in zip(outs, *inputs, strict=True)]

    def check_dtypes(self, *dtypes: str) -> None:
        """Raises if numpy has no loop for dtypes of the inputs, or if what is no number would be computed with.

        Other kernels than ufuncs check dtypes of numbers themselves.

        Raises:
            DTypeError: If the operation is not defined for them.
        """
        are_numbers = all(map(is_number, dtypes))
        if not (are_numbers or self.takes_text):
            has_loop = False
        else:
            has_loop = not are_numbers or not isinstance(self.kernel, np.ufunc) or _has_loop(self.kernel, dtypes)
        if not has_loop:
            raise DTypeError(f"`{self.name}` is not defined for {' and '.join(dict.fromkeys(dtypes))}.")

    @property
    def _calls_directly(self) -> bool:
        """Whether the kernel takes the output as its last argument, numpy's cheapest way; two ufuncs deprecate it."""
        return isinstance(self.kernel, np.ufunc) and self.kernel not in (np.maximum, np.minimum)

    def _default_bind(self, out: np.ndarray, params: dict, arrays: Sequence[np.ndarray]) -> Callable[[], object]:
        if self._calls_directly:
            return partial(self.kernel, *arrays, out)
        if self.has_out:
            return partial(self.kernel, *arrays, out=out, **params)
        return partial(_copy_result, out, self.kernel, arrays, params)


@cache
def _has_loop(ufunc: np.ufunc, dtypes: tuple[str, ...]) -> bool:
    try:
        ufunc.resolve_dtypes((*(np.dtype(LOW_PRECISION.get(name, name)) for name in dtypes), *[None] * ufunc.nout))
    except TypeError:
        return False
    return True


def _widen(arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    wider = [low_precision_of(array.dtype) for array in arrays]
    return [array if dtype is None else array.astype(dtype) for array, dtype in zip(arrays, wider, strict=True)]


def _in_wider_dtypes(primitive: Primitive, *arrays: np.ndarray, **params: object) -> np.ndarray:
    _, dtype = primitive.shape(*[Spec(array.shape, array.dtype.name) for array in arrays], **params)
    return np.asarray(primitive.kernel(*_widen(arrays), **params)).astype(dtype, copy=False)


def _bind_in_wider_dtypes(
    primitive: Primitive, arrays: Sequence[np.ndarray], out: np.ndarray, **params: object
) -> Callable[[], None]:
    def run() -> None:
        out[...] = primitive.kernel(*_widen(arrays), **params)

    return run


def copying(out: np.ndarray, array: np.ndarray) -> Callable[[], None]:
    """Returns a call that copies an array into another one, with casting and broadcasting.

    `np.copyto` does the same, but first checks for array protocols, which takes longer than copying 30 elements.
    """
    return partial(out.__setitem__, (), array)


def in_sequence(calls: Sequence[BoundCall]) -> Callable[[], None]:
    """Returns a call that makes many calls, one after the other.

    Unlike a partial function, a tuple of a function and its arguments is made in a tenth of a microsecond.

    Args:
        calls: A function and its arguments, each.

    Example:
        >>> out = np.zeros(2)
        >>> in_sequence([(np.add, 1, [2, 3], out), (np.negative, out, out)])()
        >>> out
        array([-3., -4.])
    """

    def run() -> None:
        deque(starmap(operator.call, calls), maxlen=0)

    return run


def in_turn(calls: Sequence[Callable[[], object]]) -> Callable[[], None]:
    """Returns a call that makes several calls, one after the other."""

    def run() -> None:
        for call in calls:
            call()

    return run


def _in_new_array(bind: Callable, rule: Callable, /, *arrays: np.ndarray, **params: Any) -> np.ndarray:
    out = np.empty(*rule(*arrays, **params))
    bind(arrays, out, **params)()
    return out


def _copy_result(out: np.ndarray, kernel: Callable, arrays: Sequence[np.ndarray], params: dict) -> None:
    np.copyto(out, kernel(*arrays, **params), casting="no")


def broadcast_shapes(*shapes: Shape) -> Shape:
    """Returns the shape that the given shapes broadcast to; None is a free size.

    Raises:
        ShapeError: If they cannot be broadcast together.

    Example:
        >>> broadcast_shapes((None, 3), (1,))
        (None, 3)
    """
    rank = max(len(shape) for shape in shapes)
    result = []
    for sizes in zip(*[(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes], strict=True):
        fixed = {size for size in sizes if size is not None and size != 1}
        if len(fixed) > 1:
            listing = " and ".join(str(tuple(shape)) for shape in shapes)
            raise ShapeError(
                f"Shapes {listing} cannot be broadcast together: the sizes of an axis must be equal, or one of them 1."
            )
        result.append(fixed.pop() if fixed else (None if None in sizes else 1))
    return tuple(result)
