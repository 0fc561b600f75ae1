"""Operations with several outputs, such as decompositions.

A primitive has one output, so it computes all parts into one flat array, one after the other. The parts are views of
that array, each with a gradient of its own.
"""

from collections.abc import Callable, Sequence
from math import prod

import numpy as np

from ...engine.dispatch import apply
from ...engine.memory_budget import is_loading
from ...engine.primitive import Primitive, Spec
from ...engine.shapes_only import is_shapes_only
from ...engine.specialization import SpecializingTrace
from ...engine.trace import current_trace
from ...typing import Shape, Tensor, TensorLike
from .arguments import static_shape


class Packed:
    """An operation with several outputs of the dtype of its first input.

    Args:
        name: Its name in errors and printed plans.
        kernel: `kernel(*arrays, **params)` returns the outputs, as a sequence of arrays.
        shapes: `shapes(*shapes, **params)` returns the shapes of the outputs for those of the inputs.
        vjp: `vjp(gradients, outputs, *inputs, **params)` returns the gradients of the inputs, as a list; None if no
            gradient flows.

    Example:
        >>> halves = Packed("halves", lambda x: (np.floor(x / 2), x % 2), lambda x: (x, x))
        >>> whole, rest = halves(np.float32([5, 8]))
        >>> print(whole, rest)
        [2. 4.] [1. 0.]
    """

    def __init__(self, name: str, kernel: Callable, shapes: Callable, vjp: Callable | None = None):
        self._kernel, self._shapes, self._vjp = kernel, shapes, vjp
        self._primitive = Primitive(
            name, self._compute, shape=self._rule, vjps=None if vjp is None else self._gradients, has_out=True
        )

    def __call__(self, *inputs: TensorLike, **params: object) -> list[Tensor]:
        """Returns the outputs."""
        if all(type(x) is np.ndarray for x in inputs) and not (current_trace() or is_shapes_only() or is_loading()):
            with np.errstate(all="ignore"):  # nothing is recorded: the outputs need not be packed
                return [np.asarray(part, order="C") for part in self._kernel(*inputs, **params)]
        if isinstance(current_trace(), SpecializingTrace):
            return current_trace().parts_of(self._primitive.name, self._kernel, inputs, params)
        packed = apply(self._primitive, *inputs, **params)
        return _unpacked(packed, self._shapes(*map(static_shape, inputs), **params))

    def _compute(self, *arrays: np.ndarray, out: np.ndarray | None = None, **params: object) -> np.ndarray:
        parts = self._kernel(*arrays, **params)
        if out is None:
            return np.concatenate([np.ravel(part) for part in parts])
        start = 0
        for part in parts:
            out[start : start + part.size].reshape(part.shape)[...] = part
            start += part.size
        return out

    def _rule(self, *specs: Spec, **params: object) -> tuple:
        sizes = [_size(shape) for shape in self._shapes(*[spec.shape for spec in specs], **params)]
        return (None if None in sizes else sum(sizes),), specs[0].dtype

    def _gradients(self, g: object, y: object, *inputs: object, **params: object) -> Sequence:
        shapes = self._shapes(*map(static_shape, inputs), **params)
        return self._vjp(_unpacked(g, shapes), _unpacked(y, shapes), *inputs, **params)


def _size(shape: Shape) -> int | None:
    return None if None in shape else prod(shape)


def _unpacked(packed: object, shapes: Sequence[Shape]) -> list:
    parts, start = [], 0
    for shape in shapes:
        parts.append(apply(_PART, packed, start=start, shape=tuple(shape)))
        size = _size(shape)
        start = None if start is None or size is None else start + size
    return parts


def _put_part_kernel(g: np.ndarray, start: int, size: int, out: np.ndarray | None = None) -> np.ndarray:
    out = np.empty(size, g.dtype) if out is None else out
    out[:start] = 0
    out[start : start + g.size] = g.reshape(-1)
    out[start + g.size :] = 0
    return out


_PART = Primitive(
    "part",
    lambda packed, start, shape: packed[start : start + prod(shape)].reshape(shape),
    shape=lambda packed, start, shape: (shape, packed.dtype),
    vjps=(lambda g, y, packed, start, shape: apply(_PUT_PART, g, start=start, size=packed.shape[0]),),
    view=True,
)
_PUT_PART = Primitive(
    "put_part",
    _put_part_kernel,
    shape=lambda g, start, size: ((size,), g.dtype),
    vjps=(lambda g, y, x, start, size: apply(_PART, g, start=start, shape=tuple(x.shape)),),
    has_out=True,
)
