"""Checks of single arguments, the same for every package.

Each returns the argument as a plain Python value, or raises an error that says where it was given, what was expected
and what was received. The first parameter is always `where`: the class or function, as the message names it.
"""

import math
from numbers import Integral, Real
from typing import Any

import numpy as np

from .errors import ArgumentError, ArgumentTypeError, brief, unknown_name

Number = int | float
DATA_FORMATS = ("channels_first", "channels_last")


def bad_argument(
    where: str, name: str, value: object, expected: str, error: type[Exception] = ArgumentError
) -> Exception:
    """Builds the error for an invalid argument.

    Args:
        where: The class or function, or an empty string.
        name: The name of the argument.
        value: What was received.
        expected: What it must be, such as "a positive integer".
        error: The class of the error.

    Returns:
        The error, ready to be raised.

    Example:
        >>> print(bad_argument("Dense", "units", -1, "a positive integer"))
        Dense: `units` must be a positive integer. Received: units=-1
    """
    prefix = f"{where}: " if where else ""
    return error(f"{prefix}`{name}` must be {expected}. Received: {name}={brief(value)}")


def is_int(value: object, minimum: int | None = None) -> bool:
    """Returns whether a value is an integer, possibly of numpy; booleans are not.

    Args:
        value: Any value.
        minimum: Inclusive lower bound.

    Example:
        >>> is_int(np.int64(3)), is_int(True), is_int(3.0), is_int(0, minimum=1)
        (True, False, False, False)
    """
    return isinstance(value, Integral) and not isinstance(value, bool) and (minimum is None or value >= minimum)


def is_number(value: object) -> bool:
    """Returns whether a value is a real number, possibly of numpy; booleans are not.

    Example:
        >>> is_number(np.float32(0.5)), is_number(True), is_number("1")
        (True, False, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool)


def check_int(
    where: str,
    name: str,
    value: object,
    minimum: int | None = None,
    *,
    alternative: str = "",
    error: type[Exception] = ArgumentError,
) -> int:
    """Returns an integer.

    Args:
        where: The class or function, for the message.
        name: The name of the argument.
        value: Its value.
        minimum: Inclusive lower bound.
        alternative: What else the caller accepts, for the message.
        error: The class of the error if it is not an integer.

    Raises:
        ArgumentError: If it is not an integer, or too small.

    Example:
        >>> check_int("Dense", "units", np.int64(3), minimum=1)
        3
    """
    if is_int(value, minimum):
        return int(value)
    kind = {None: "an integer", 1: "a positive integer"}.get(minimum, f"an integer >= {minimum}")
    expected = f"{kind}, or {alternative}" if alternative else kind
    raise bad_argument(where, name, value, expected, ArgumentError if is_int(value) else error)


def check_optional_int(where: str, name: str, value: object, minimum: int | None = None) -> int | None:
    """Like `check_int`, but lets None pass.

    Example:
        >>> check_optional_int("fit", "batch_size", None, minimum=1) is None
        True
    """
    return None if value is None else check_int(where, name, value, minimum, alternative="None")


def check_count(where: str, name: str, value: object, minimum: int) -> int | None:
    """Returns an integer of at least `minimum`; None and 0, which mean "disabled", pass unchanged.

    Raises:
        ArgumentError: For anything else.

    Example:
        >>> check_count("SGD", "gradient_accumulation_steps", 4, minimum=2)
        4
    """
    if value is None or (is_number(value) and value == 0):
        return value
    return check_optional_int(where, name, value, minimum)


def check_number(
    where: str,
    name: str,
    value: object,
    *,
    above: Number | None = None,
    minimum: Number | None = None,
    below: Number | None = None,
    maximum: Number | None = None,
    finite: bool = True,
    error: type[Exception] = ArgumentTypeError,
) -> Number:
    """Returns a number within bounds as a Python number, which is weakly typed in dtype promotion.

    Args:
        where: The class or function, for the message.
        name: The name of the argument.
        value: Its value.
        above: Exclusive lower bound.
        minimum: Inclusive lower bound.
        below: Exclusive upper bound.
        maximum: Inclusive upper bound.
        finite: Whether infinity is refused; NaN always is.
        error: The class of the error if it is not a number.

    Raises:
        ArgumentTypeError: If it is not a number.
        ArgumentError: If it is NaN, infinite or out of bounds.

    Example:
        >>> check_number("SGD", "clipnorm", np.float32(0.5), minimum=0)
        0.5
    """
    if is_number(value):
        fits = (above is None or value > above) and (minimum is None or value >= minimum)
        fits = fits and (below is None or value < below) and (maximum is None or value <= maximum)
        if fits and (_is_finite(value) if finite else value == value):
            return int(value) if isinstance(value, Integral) else float(value)
        error = ArgumentError
    kind = "a finite number" if finite else "a number"
    raise bad_argument(where, name, value, kind + _bounds(above, minimum, below, maximum), error)


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond the largest float
        return False


def _bounds(above: Number | None, minimum: Number | None, below: Number | None, maximum: Number | None) -> str:
    """Returns bounds in words: " > 0", " in [0, 1)"."""
    low = above if minimum is None else minimum
    high = below if maximum is None else maximum
    if low is not None and high is not None:
        return f" in {'(' if minimum is None else '['}{low}, {high}{')' if maximum is None else ']'}"
    if low is not None:
        return f" {'>' if minimum is None else '>='} {low}"
    return "" if high is None else f" {'<' if maximum is None else '<='} {high}"


def check_optional_number(where: str, name: str, value: object, **bounds: Any) -> Number | None:
    """Like `check_number`, but lets None pass.

    Example:
        >>> check_optional_number("SGD", "clipnorm", None, minimum=0) is None
        True
    """
    return None if value is None else check_number(where, name, value, **bounds)


def unwrapped(value: object) -> object:
    """Returns the scalar in a 0-d array; anything else unchanged.

    Example:
        >>> unwrapped(np.array(2.5)), unwrapped("a")
        (2.5, 'a')
    """
    return value.item() if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0 else value


def check_bool(where: str, name: str, value: object, error: type[Exception] = ArgumentTypeError) -> bool:
    """Returns a boolean; 0 and 1 are converted.

    Raises:
        ArgumentTypeError: For anything else.

    Example:
        >>> check_bool("SGD", "nesterov", 1)
        True
    """
    if not isinstance(value, (bool, np.bool_, Integral)) or value not in (0, 1):
        raise bad_argument(where, name, value, "True or False", error)
    return bool(value)


def as_bool(where: str, name: str, value: object) -> bool:
    """Returns whether an argument is true in Python's sense, as Keras accepts it for flags of layers.

    Raises:
        ArgumentError: If it is neither, such as an array of several numbers.

    Example:
        >>> as_bool("Dense", "use_bias", "yes")
        True
    """
    return _converted(bool, "True or False", where, name, value)


def as_int(where: str, name: str, value: object) -> int:
    """Returns an argument as `int` converts it.

    Raises:
        ArgumentError: If its value cannot be converted.
        ArgumentTypeError: If no value of its type can.
    """
    return _converted(int, "an integer", where, name, value)


def as_float(where: str, name: str, value: object) -> float:
    """Returns an argument as `float` converts it.

    Raises:
        ArgumentError: If its value cannot be converted.
        ArgumentTypeError: If no value of its type can.
    """
    return _converted(float, "a number", where, name, value)


def _converted(kind: type, expected: str, where: str, name: str, value: object) -> Any:
    try:
        return kind(value)
    except (TypeError, ValueError, OverflowError) as error:
        cls = ArgumentTypeError if isinstance(error, TypeError) else ArgumentError
        raise bad_argument(where, name, value, expected, cls) from error


def check_string(where: str, name: str, value: object, error: type[Exception] = ArgumentTypeError) -> str:
    """Returns a string.

    Raises:
        ArgumentTypeError: For anything else.
    """
    if not isinstance(value, str):
        raise bad_argument(where, name, value, "a string", error)
    return value


def check_axes(
    where: str,
    name: str,
    value: object,
    count: int | None = None,
    *,
    optional: bool = False,
    error: type[Exception] = ArgumentError,
) -> Any:
    """Returns an axis, or a list or tuple of axes, as Python integers; whether an input has them is seen later.

    Args:
        where: The class or function, for the message.
        name: The name of the argument.
        value: Its value.
        count: How many axes a list or tuple must hold; at least one by default.
        optional: Whether None is accepted.
        error: The class of the error.

    Raises:
        ArgumentError: For anything else.

    Example:
        >>> check_axes("LayerNormalization", "axis", [np.int64(1), -1])
        [1, -1]
    """
    if optional and value is None:
        return None
    several = isinstance(value, (list, tuple))
    axes = value if several else [value]
    if not axes or not all(map(is_int, axes)) or (several and count not in (None, len(axes))):
        expected = f"an integer, or a list or tuple of {'integers' if count is None else f'{count} integers'}"
        raise bad_argument(where, name, value, f"{expected}, or None" if optional else expected, error)
    return type(value)(int(axis) for axis in axes) if several else int(value)


def check_sizes(where: str, name: str, value: object, count: int, minimum: int = 1) -> tuple[int, ...]:
    """Returns an integer for each of several axes; a single integer applies to all of them.

    Args:
        where: The class or function, for the message.
        name: The name of the argument.
        value: Its value.
        count: The number of axes.
        minimum: Inclusive lower bound.

    Raises:
        ArgumentError: For anything else.

    Example:
        >>> check_sizes("UpSampling2D", "size", 3, 2)
        (3, 3)
    """
    sizes = value if isinstance(value, (list, tuple)) else (value,) * count
    if len(sizes) != count or not all(is_int(size, minimum) for size in sizes):
        raise bad_argument(where, name, value, f"an integer >= {minimum}, or a tuple of {count} of them")
    return tuple(int(size) for size in sizes)


def check_data_format(where: str, value: object) -> str:
    """Returns an image layout; case does not matter.

    Args:
        where: The class or function, for the message.
        value: The argument `data_format`.

    Raises:
        UnknownNameError: If it is neither "channels_first" nor "channels_last".

    Example:
        >>> check_data_format("Flatten", "CHANNELS_FIRST")
        'channels_first'
    """
    name = value.lower() if isinstance(value, str) else value
    if not isinstance(name, str) or name not in DATA_FORMATS:
        raise unknown_name(f"data_format of {where}", value, DATA_FORMATS)
    return str(name)
