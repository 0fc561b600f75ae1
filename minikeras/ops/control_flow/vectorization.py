"""Functions of one element applied to many, as in `keras.ops`: `vectorized_map` and `vectorize`."""

import math
import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from ...engine.primitive import broadcast_shapes
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError, brief
from ...tracebacks import filtered
from ..common.arguments import as_value
from ..common.arguments import static_shape as shape
from ..shaping import broadcast_to, reshape
from .carry import check_function
from .scans import map as map_slices

_CORE = r"\((?:\w+(?:,\w+)*)?\)"
_SIGNATURE = re.compile(f"{_CORE}(?:,{_CORE})*->{_CORE}(?:,{_CORE})*")


@op("core.VectorizedMap", settings="function")
def vectorized_map(function: Callable, elements: Any) -> Any:
    """Applies a function to each slice along the leading axis.

    Args:
        function: Takes a slice, and returns a value or nested values.
        elements: Values of shape (length, ...), possibly nested.

    Returns:
        The results, stacked along a new leading axis.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> import numpy as np
        >>> vectorized_map(lambda x: x * x, np.array([1, 2, 3]))
        array([1, 4, 9])
    """
    check_function("function", function)
    return map_slices(function, elements)


@op(saved_as=None)
def vectorize(pyfunc: Callable, *, excluded: Sequence | None = None, signature: str | None = None) -> Callable:
    """Turns a function of single elements into one of arrays, which broadcast.

    Args:
        pyfunc: Takes values of shape (), or of the core shapes that the signature says.
        excluded: The positions, and the names, of arguments that are passed on as they are.
        signature: The core shapes, as in "(m,n),(n)->(m)"; None: the function takes and returns scalars.

    Returns:
        A function of values with leading axes in front of the core shapes.

    Raises:
        ArgumentError: If `pyfunc` is no function, or the signature is not of that form; when it is called: if there
            are as many arguments as core shapes.
        ShapeError: When it is called: if shapes do not agree with the signature.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> import numpy as np
        >>> vectorize(lambda a, b: a + b)(np.array([1, 2, 3]), 2)
        array([3, 4, 5])
        >>> norms = vectorize(lambda v: (v * v).sum(), signature="(n)->()")
        >>> norms(np.array([[3.0, 4.0], [0.0, 1.0]]))
        array([25.,  1.])
    """
    if not callable(pyfunc):
        raise ArgumentError(f"Expected argument `pyfunc` to be a callable. Received: pyfunc={brief(pyfunc)}")
    cores = None if signature is None else _parsed(signature)
    left_out = set(excluded or ())

    @wraps(pyfunc)
    @filtered
    def vectorized(*args: Any, **kwargs: Any) -> Any:
        names = [name for name in kwargs if name not in left_out]
        keys = [index for index, arg in enumerate(args) if index not in left_out and arg is not None] + names

        def function(values: Sequence) -> Any:
            given, named = list(args), dict(kwargs)
            for key, value in zip(keys, values, strict=True):
                (named if isinstance(key, str) else given)[key] = value
            return pyfunc(*given, **named)

        values = [as_value(kwargs[key] if isinstance(key, str) else args[key]) for key in keys]
        return _applied(function, values, cores, signature)

    return vectorized


def _parsed(signature: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Returns the names of the core axes of the arguments and of the results."""
    text = signature.replace(" ", "") if isinstance(signature, str) else ""
    if not _SIGNATURE.fullmatch(text):
        raise ArgumentError(f'`vectorize` expects a signature such as "(m,n),(n)->(m)". Received: {brief(signature)}')
    sides = [re.findall(_CORE, side) for side in text.split("->")]
    inputs, outputs = [[tuple(filter(None, core[1:-1].split(","))) for core in side] for side in sides]
    return inputs, outputs


def _applied(function: Callable, values: list, cores: tuple | None, signature: str | None) -> Any:
    """Calls a function for each combination of core values."""
    inputs = [()] * len(values) if cores is None else cores[0]
    if len(inputs) != len(values):
        raise ArgumentError(
            f"`vectorize`: the signature {brief(signature)} is one of {len(inputs)} arguments. Received: {len(values)}"
        )
    sizes: dict[str, int] = {}
    leading, inner = [], []
    for value, core in zip(values, inputs, strict=True):
        rank = max(len(shape(value)) - len(core), 0)
        leading.append(shape(value)[:rank])
        inner.append(shape(value)[rank:])
        _check_core(inner[-1], core, sizes, signature)
    outer = broadcast_shapes((), *leading)
    if None in outer:
        raise ShapeError(
            "`vectorize`: all leading sizes must be known, since those that are 1 are broadcast. Use `vectorized_map` "
            f"for a free batch. Received shapes: {[shape(value) for value in values]}"
        )
    count = math.prod(outer)
    filled = [
        reshape(broadcast_to(_with_rank(value, own, core, len(outer)), (*outer, *core)), (count, *core))
        for value, own, core in zip(values, leading, inner, strict=True)
    ]
    results = map_slices(function, tuple(filled)) if filled else function(())
    several = isinstance(results, (tuple, list))
    found = list(results) if several else [results]
    if cores is not None:
        if len(found) != len(cores[1]):
            raise ArgumentError(
                f"`vectorize`: the signature {brief(signature)} has {len(cores[1])} results, not {len(found)}"
            )
        for value, core in zip(found, cores[1], strict=True):
            _check_core(shape(value)[1:], core, sizes, signature)
    found = [reshape(value, (*outer, *shape(value)[1:])) for value in found]
    return tuple(found) if several else found[0]


def _with_rank(value: object, leading: tuple, core: tuple, rank: int) -> object:
    """Returns a value with further leading axes of size 1: numpy aligns the last axes, here those before the core."""
    return reshape(value, (*(1,) * (rank - len(leading)), *leading, *core))


def _check_core(sizes_found: tuple, names: tuple[str, ...], sizes: dict[str, int], signature: str | None) -> None:
    """Compares a core shape with a signature, and notes the sizes of its axes."""
    fits = len(sizes_found) == len(names)
    if fits:
        fits = all(sizes.setdefault(name, size) == size for name, size in zip(names, sizes_found, strict=True))
    if not fits:
        raise ShapeError(
            f"`vectorize`: the core axes ({','.join(names)}) of the signature {brief(signature)} do not fit a value "
            f"of shape {sizes_found} there. Sizes so far: {sizes}"
        )
