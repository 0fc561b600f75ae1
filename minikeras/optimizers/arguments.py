"""Checks of the numbers that optimizers and schedules are made with, so that all refuse them alike."""

import inspect
import math
from numbers import Integral, Real
from typing import Any

import numpy as np

from ..errors import ArgumentError, ArgumentTypeError, brief
from ..typing import TensorLike

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
        where: What the message starts with, e.g. the class.
        name: The name of the argument.
        value: What was given.
        above: The number must be larger than this.
        minimum: The smallest number that is allowed.
        maximum: The largest number that is allowed.

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
    # A numpy number has a dtype of its own and would promote what it meets; a Python number does not.
    return int(value) if isinstance(value, Integral) else float(value)


def check_count(where: str, name: str, value: object, minimum: int) -> int | None:
    """Returns a whole number that is at least `minimum`; None and 0, which mean "off", pass as they are.

    Raises:
        ArgumentError: If it is anything else.

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
    """Returns a boolean, also for 0 and 1, or raises for anything else.

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
    """Returns what `check_number` does, and None for None.

    Example:
        >>> check_optional("SGD", "clipnorm", None, minimum=0) is None
        True
    """
    return None if value is None else check_number(where, name, value, **bounds)


def check_clipping(where: str, **given: Any) -> None:
    """Refuses more than one kind of clipping.

    Raises:
        ArgumentError: If two are not None.

    Example:
        >>> check_clipping("SGD", clipnorm=1.0, clipvalue=None)
    """
    if sum(value is not None for value in given.values()) > 1:
        names = " and ".join(f"`{name}`" for name in given)
        listing = ", ".join(f"{name}={value!r}" for name, value in given.items())
        raise ArgumentError(f"{where}: expected at most one of {names}. Received: {listing}")


def check_learning_rate(where: str, learning_rate: TensorLike) -> Any:
    """Returns a learning rate that optimizers can use: a float, or something to call.

    Raises:
        ArgumentTypeError: If it is anything else.
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
        f"{where}: expected `learning_rate` to be a positive float, a LearningRateSchedule or a function "
        f"without arguments.{hint} "
        f"Received: learning_rate={brief(learning_rate)} of type {kind}"
    )
