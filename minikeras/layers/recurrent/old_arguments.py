"""Arguments of recurrent layers in Keras 1 and 2, which older scripts still use."""

import functools
from collections.abc import Callable
from typing import Any

from ...activations.legacy import renamed
from ...errors import ArgumentTypeError, unknown_name, warn_legacy
from ...typing import F
from ..convolution.old_arguments import takes_old_arguments as of_convolutions
from ..legacy import OLD_WEIGHT_ARGUMENTS

_OF_LOOPS = {
    "U_constraint": "recurrent_constraint",
    "U_regularizer": "recurrent_regularizer",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
}
_RENAMED = {**OLD_WEIGHT_ARGUMENTS, **_OF_LOOPS, "output_dim": "units"}

# Arguments whose values have other names today: by old name the new one, and the values.
_CONVERTED: dict[str, tuple[str, dict[str, Any]]] = {
    "consume_less": ("implementation", {"cpu": 0, "mem": 1, "gpu": 2}),
    "forget_bias_init": ("unit_forget_bias", {"one": True, "ones": True, "zero": False, "zeros": False}),
}


def takes_old_arguments(init: F) -> F:
    """Decorator for `__init__` that accepts the arguments of Keras 1, with warnings."""
    return _with_old_values(renamed(**_RENAMED)(init))


def takes_old_convolution_arguments(*sizes: str) -> Callable[[F], F]:
    """Decorator for `__init__` of recurrent layers with convolutions that accepts the arguments of Keras 1.

    Args:
        *sizes: The arguments for which there is `kernel_size` today, such as "nb_row" and "nb_col".
    """
    return lambda init: _with_old_values(of_convolutions(*sizes, **_OF_LOOPS)(init))


def _with_old_values(init: F) -> F:
    @functools.wraps(init)
    def translate(self: Any, *args: Any, **kwargs: Any) -> None:
        where = type(self).__name__
        for old, (new, values) in _CONVERTED.items():
            if old not in kwargs:
                continue
            value = kwargs.pop(old)
            if new in kwargs:
                raise ArgumentTypeError(f"{where}: `{old}` is the older name of `{new}`; give only one of them.")
            if not isinstance(value, str) or value not in values:
                raise unknown_name(f"{old} of {where}", value, values)
            kwargs[new] = values[value]
            warn_legacy(f"{where}({old}={value!r})", f"{where}({new}={values[value]!r})")
        init(self, *args, **kwargs)

    return translate
