"""Checks of the arguments of optimizers and schedules."""

import inspect
import math
from numbers import Integral, Real

import numpy as np

from ..errors import ArgumentError, ArgumentTypeError, brief

Number = int | float


def check_number(
    where: str,
    name: str,
    value: object,
    *,
    above: Number | None = None,
    minimum: Number | None = None,
    maximum: Number | None = None,
) -> Number:
    """Returns a finite number within bounds as a plain Python number.

    Args:
        where: Prefix of the message, such as the class name.
        name: The name of the argument.
        value: The value to check.
        above: Exclusive lower bound.
        minimum: Inclusive lower bound.
        maximum: Inclusive upper bound.

    Raises:
        ArgumentTypeError: If it is not a number.
        ArgumentError: If it is NaN, infinite or out of bounds.

    Example:
        >>> check_number("SGD", "clipnorm", np.float32(0.5), minimum=0)
        0.5
    """
    bounds = [
        f"{sign} {bound}" for sign, bound in ((">", above), (">=", minimum), ("<=", maximum)) if bound is not None
    ]
    expected = " ".join(["a finite number", " and ".join(bounds)]).strip()
    message = f"{where}: expected `{name}` to be {expected}. Received: {name}={brief(value)}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ArgumentTypeError(f"{message} of type {type(value).__name__}")
    try:
        fits = math.isfinite(value)
    except OverflowError:  # an integer beyond the largest float
        fits = False
    fits = fits and (above is None or value > above)
    fits = fits and (minimum is None or value >= minimum) and (maximum is None or value <= maximum)
    if not fits:
        raise ArgumentError(message)
    # A numpy scalar would take part in dtype promotion; a Python number is weakly typed.
    return int(value) if isinstance(value, Integral) else float(value)


def check_count(where: str, name: str, value: object, minimum: int) -> int | None:
    """Returns an integer that is at least `minimum`; None and 0, which mean "disabled", pass unchanged.

    Raises:
        ArgumentError: For anything else.

    Example:
        >>> check_count("SGD", "gradient_accumulation_steps", 4, minimum=2)
        4
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if value is None or (is_number and value == 0):
        return value
    if not is_number or not isinstance(value, Integral) or value < minimum:
        raise ArgumentError(
            f"{where}: expected `{name}` to be an integer >= {minimum}, or None. Received: {name}={brief(value)}"
        )
    return int(value)


def check_flag(where: str, name: str, value: object) -> bool:
    """Returns a boolean; 0 and 1 are converted.

    Raises:
        ArgumentTypeError: If it is not a boolean.

    Example:
        >>> check_flag("SGD", "nesterov", 1)
        True
    """
    if not isinstance(value, (bool, np.bool_, Integral)) or value not in (0, 1):
        raise ArgumentTypeError(f"{where}: expected `{name}` to be True or False. Received: {name}={brief(value)}")
    return bool(value)


def check_optional(where: str, name: str, value: object, **bounds: Number) -> Number | None:
    """Like `check_number`, but lets None pass.

    Example:
        >>> check_optional("SGD", "clipnorm", None, minimum=0) is None
        True
    """
    return None if value is None else check_number(where, name, value, **bounds)


def check_clipping(where: str, **given: object) -> None:
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


def check_learning_rate(where: str, learning_rate: object) -> object:
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
    is_integer = isinstance(learning_rate, Integral) and not isinstance(learning_rate, bool)
    hint = f" Write {learning_rate}.0." if is_integer and learning_rate > 0 else ""
    kind = type(learning_rate).__name__
    raise ArgumentTypeError(
        f"{where}: expected `learning_rate` to be a positive float, a LearningRateSchedule or a callable "
        f"without arguments.{hint} "
        f"Received: learning_rate={brief(learning_rate)} of type {kind}"
    )
