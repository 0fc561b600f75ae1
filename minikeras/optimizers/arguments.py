"""Checks of the arguments that all optimizers have: clipping and the learning rate."""

import inspect
from typing import Any

from ..argument_checks import check_number, is_int
from ..errors import ArgumentError, ArgumentTypeError, brief
from ..typing import TensorLike


def check_clipping(where: str, **given: Any) -> None:
    """Raises if more than one kind of clipping is set.

    Raises:
        ArgumentError: If more than one is not None.

    Example:
        >>> check_clipping("SGD", clipnorm=1.0, clipvalue=None)
    """
    if sum(value is not None for value in given.values()) > 1:
        names = " and ".join(f"`{name}`" for name in given)
        listing = ", ".join(f"{name}={value!r}" for name, value in given.items())
        raise ArgumentError(f"{where}: expected at most one of {names}. Received: {listing}")


def check_learning_rate(where: str, learning_rate: TensorLike) -> Any:
    """Returns a learning rate that optimizers accept: a positive float or a callable.

    Raises:
        ArgumentTypeError: For anything else.
        ArgumentError: If it is NaN or infinite.

    Example:
        >>> check_learning_rate("SGD", 0.1)
        0.1
    """
    if callable(learning_rate) and not inspect.isclass(learning_rate):
        return learning_rate
    if isinstance(learning_rate, float):
        return check_number(where, "learning_rate", learning_rate)
    hint = f" Write {learning_rate}.0." if is_int(learning_rate, minimum=1) else ""
    kind = type(learning_rate).__name__
    raise ArgumentTypeError(
        f"{where}: expected `learning_rate` to be a positive float, a LearningRateSchedule or a callable "
        f"without arguments.{hint} "
        f"Received: learning_rate={brief(learning_rate)} of type {kind}"
    )
