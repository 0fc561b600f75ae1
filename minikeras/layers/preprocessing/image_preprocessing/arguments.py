"""Arguments of several image layers, checked."""

import math
from typing import Any

from ....argument_checks import bad_argument, is_number
from ....errors import ModeError, brief

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
INTERPOLATIONS = ("nearest", "bilinear")


def factor_range(
    where: str,
    name: str,
    value: Any,
    low: float,
    high: float,
    *,
    least: float | None = None,
    is_open: bool = False,
    is_strict: bool = True,
) -> tuple[Any, Any]:
    """Returns the limits between which a factor is drawn.

    Args:
        where: The class, for error messages.
        name: The name of the argument.
        value: A number f, for limits of -f and f; or two limits, in any order.
        low: The smallest factor.
        high: The largest one.
        least: For a number, the lower limit is no less than this; -f by default.
        is_open: Whether `low` itself is too small.
        is_strict: Whether both limits have to be possible factors; otherwise factors between them.

    Raises:
        ArgumentError: If it is something else.

    Example:
        >>> factor_range("RandomZoom", "height_factor", 0.2, -1, 1), factor_range("Any", "factor", [0.5, 0.1], 0, 1)
        ((-0.2, 0.2), (0.1, 0.5))
    """
    is_single = is_number(value)
    limits = [value] if is_single else list(value) if isinstance(value, (list, tuple)) else []
    is_fitting = len(limits) == (1 if is_single else 2) and all(
        is_number(limit) and -math.inf < limit < math.inf for limit in limits
    )
    if is_fitting and (is_single or is_strict):
        is_fitting = all(low <= limit <= high and not (is_open and limit == low) for limit in limits)
    elif is_fitting:
        is_fitting = limits[0] <= high and limits[1] >= low
    if not is_fitting:
        expected = f"a number, or a list or tuple of two numbers, in {'(' if is_open else '['}{low}, {high}]"
        raise bad_argument(where, name, value, expected)
    if not is_single:
        return min(limits), max(limits)
    size = abs(value)
    # As in Keras, whose configs tell 0 from -0.0.
    return (-size if least is None else least if size == 0 and is_strict else max(-size, least)), size


def check_value_range(where: str, value: Any) -> Any:
    """Returns the range of the values of pixels.

    Raises:
        ArgumentError: If it is no list or tuple of two different numbers.

    Example:
        >>> check_value_range("RandomHue", (0, 255))
        (0, 255)
    """
    is_pair = isinstance(value, (list, tuple)) and len(value) == 2 and all(map(is_number, value))
    if not is_pair or not all(-math.inf < limit < math.inf for limit in value) or value[0] == value[1]:
        raise bad_argument(where, "value_range", value, "a list or tuple of two different numbers")
    return value


def check_mode(where: str, name: str, value: object, known: tuple[str, ...]) -> str:
    """Returns the name of a mode.

    Raises:
        ModeError: If there is no such mode.

    Example:
        >>> check_mode("RandomZoom", "interpolation", "nearest", INTERPOLATIONS)
        'nearest'
    """
    if not isinstance(value, str) or value not in known:
        listing = ", ".join(map(repr, known))
        raise ModeError(f"{where}: unknown `{name}`. Expected one of {listing}. Received: {name}={brief(value)}")
    return value
