"""Arguments of convolution layers in Keras 1, which older scripts still use."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from ...activations.legacy import renamed
from ...argument_checks import is_int
from ...errors import ArgumentTypeError, brief, warn_legacy
from ...typing import F
from ..legacy import OLD_WEIGHT_ARGUMENTS, takes_dim_ordering

_RENAMED = {
    **OLD_WEIGHT_ARGUMENTS,
    "atrous_rate": "dilation_rate",
    "border_mode": "padding",
    "nb_filter": "filters",
    "subsample": "strides",
}


def takes_old_arguments(
    *sizes: str, initializers: Sequence[str] = ("kernel_initializer",), **names: str
) -> Callable[[F], F]:
    """Decorator for `__init__` that accepts the arguments of Keras 1, with warnings.

    `(32, 3, 3)` are filters and window in Keras 1, but filters, window and strides today. It is read as in Keras 1 if
    the layer is made by a name of Keras 1 (see `Convolution2D`), or another argument has a name of Keras 1.

    Args:
        *sizes: The arguments for which there is `kernel_size` today, such as "nb_row" and "nb_col".
        initializers: The arguments for which there was `init`.
        **names: The current names of other arguments than those of all convolution layers.
    """
    renames = {**_RENAMED, **names}
    del renames["init"]
    if "kernel_initializer" not in initializers:
        del renames["W_regularizer"], renames["W_constraint"]
    old_names = {*renames, *sizes, "init", "dim_ordering"}

    def decorate(init: F) -> F:
        renaming = renamed(**renames)(takes_dim_ordering(init))

        @functools.wraps(init)
        def translate(self: Any, *args: Any, **kwargs: Any) -> None:
            where, is_old = type(self).__name__, not old_names.isdisjoint(kwargs)
            is_old = is_old or self._has_old_name or len(sizes) == 3  # the fourth is no `padding` of today
            if is_old and len(args) > len(sizes) > 1 and all(map(is_int, args[1 : len(sizes) + 1])):
                args = _sizes_by_position(where, sizes, args)
            _move(where, kwargs, sizes, ("kernel_size",))
            _move(where, kwargs, ("init",), initializers)
            renaming(self, *args, **kwargs)

        return translate

    return decorate


def _sizes_by_position(where: str, sizes: tuple[str, ...], args: tuple) -> tuple:
    count = len(sizes)
    if len(args) > count + 1:
        raise ArgumentTypeError(
            f"{where}: after the arguments of Keras 1 `nb_filter, {', '.join(sizes)}`, all others must be given by "
            f"name. Received: {where}({', '.join(map(brief, args))})"
        )
    warn_legacy(f"{where}({', '.join(map(brief, args))})", f"{where}({args[0]}, {args[1:]})")
    return args[0], args[1:]


def _move(where: str, kwargs: dict, old: Sequence[str], new: Sequence[str]) -> None:
    """Replaces all arguments of older names by those of the current names, in place."""
    given = [name for name in old if name in kwargs]
    if not given:
        return
    if len(given) < len(old):
        missing = next(name for name in old if name not in kwargs)
        raise ArgumentTypeError(f"{where}: `{given[0]}` needs `{missing}` beside it. Today write `kernel_size=...`.")
    twice = [name for name in new if name in kwargs]
    if twice:
        raise ArgumentTypeError(f"{where}: `{given[0]}` is the older name of `{twice[0]}`; give only one of them.")
    values = tuple(kwargs.pop(name) for name in old)
    value = values if len(values) > 1 else values[0]
    kwargs.update(dict.fromkeys(new, value))
    warn_legacy(
        f"{where}({', '.join(f'{name}=...' for name in old)})", f"{where}({', '.join(f'{name}=...' for name in new)})"
    )
