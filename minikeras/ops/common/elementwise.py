"""Constructors for elementwise primitives."""

from collections.abc import Callable

from ...engine.primitive import Primitive, broadcast_shapes
from .broadcasting import unbroadcast


def unary(
    name: str, kernel: Callable, vjp: Callable | None, dtype: str | None = None, bind: Callable | None = None
) -> Primitive:
    """Returns the primitive of a unary function; `dtype` is the result's if it differs from the input's."""
    return Primitive(
        name,
        kernel,
        shape=lambda x: (x.shape, dtype or x.dtype),
        vjps=None if vjp is None else (vjp,),
        bind=bind,
        has_out=True,
        elementwise=True,
    )


def binary(
    name: str,
    kernel: Callable,
    first: Callable | None,
    second: Callable | None,
    dtype: str | None = None,
    native: bool = False,
    monotone: bool = False,
    takes_text: bool = False,
) -> Primitive:
    """Returns the primitive of a binary function with broadcasting; gradients are summed to the inputs' shapes."""

    def fitted(vjp: Callable | None, index: int) -> Callable | None:
        if vjp is None:
            return None
        return lambda g, y, a, b: unbroadcast(vjp(g, y, a, b), (a, b)[index])

    return Primitive(
        name,
        kernel,
        shape=lambda a, b: (broadcast_shapes(a.shape, b.shape), dtype or a.dtype),
        vjps=None if first is None and second is None else (fitted(first, 0), fitted(second, 1)),
        has_out=True,
        elementwise=True,
        native=native,
        monotone=monotone,
        takes_text=takes_text,
    )
