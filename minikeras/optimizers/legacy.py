"""The namespace `optimizers.legacy` of Keras 2, which Keras 3 refuses; accepted with a warning.

Its optimizers are the current ones; some of the legacy ones added epsilon elsewhere in the formula.
"""

from typing import Any

from ..errors import NotSupportedError, warn_legacy
from ..tracebacks import Filtered, filtered
from .adagrad import Adagrad as _Adagrad
from .adam import Adam as _Adam
from .ftrl import Ftrl as _Ftrl
from .rmsprop import RMSprop as _RMSprop
from .sgd import SGD as _SGD

__all__ = ["Adagrad", "Adam", "Ftrl", "Optimizer", "RMSprop", "SGD"]


def _made(cls: type, args: tuple, kwargs: dict) -> Any:
    warn_legacy(f"`optimizers.legacy.{cls.__name__}`", f"`optimizers.{cls.__name__}`")
    return cls(*args, **kwargs)


@filtered
def Adagrad(*args: Any, **kwargs: Any) -> _Adagrad:
    """Returns `optimizers.Adagrad` with these arguments.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):  # it names `optimizers.Adagrad`
        ...     optimizer = Adagrad(learning_rate=0.5)
        >>> optimizer.learning_rate.numpy().item()
        0.5
    """
    return _made(_Adagrad, args, kwargs)


@filtered
def Adam(*args: Any, **kwargs: Any) -> _Adam:
    """Returns `optimizers.Adam` with these arguments.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):  # it names `optimizers.Adam`
        ...     optimizer = Adam(learning_rate=0.5)
        >>> optimizer.learning_rate.numpy().item()
        0.5
    """
    return _made(_Adam, args, kwargs)


@filtered
def Ftrl(*args: Any, **kwargs: Any) -> _Ftrl:
    """Returns `optimizers.Ftrl` with these arguments.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):  # it names `optimizers.Ftrl`
        ...     optimizer = Ftrl(learning_rate=0.5)
        >>> optimizer.learning_rate.numpy().item()
        0.5
    """
    return _made(_Ftrl, args, kwargs)


@filtered
def RMSprop(*args: Any, **kwargs: Any) -> _RMSprop:
    """Returns `optimizers.RMSprop` with these arguments.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):  # it names `optimizers.RMSprop`
        ...     optimizer = RMSprop(learning_rate=0.5)
        >>> optimizer.learning_rate.numpy().item()
        0.5
    """
    return _made(_RMSprop, args, kwargs)


@filtered
def SGD(*args: Any, **kwargs: Any) -> _SGD:
    """Returns `optimizers.SGD` with these arguments.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):  # it names `optimizers.SGD`
        ...     optimizer = SGD(learning_rate=0.5)
        >>> optimizer.learning_rate.numpy().item()
        0.5
    """
    return _made(_SGD, args, kwargs)


class Optimizer(Filtered):
    """The base class of Keras 2, whose protocol (`_resource_apply_dense`, slots) is not supported.

    Raises:
        NotSupportedError: Always.

    Example:
        >>> try:
        ...     Optimizer()
        ... except NotSupportedError as error:
        ...     print(str(error)[:51])
        `optimizers.legacy.Optimizer` cannot be subclassed.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        raise NotSupportedError(
            "`optimizers.legacy.Optimizer` cannot be subclassed. Subclass `optimizers.Optimizer`, with "
            "`build(variables)` and `update_step(gradient, variable, learning_rate)`."
        )
