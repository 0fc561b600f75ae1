"""Window functions for spectral analysis: the ops of Keras, and all others by their names in scipy."""

import math
from collections.abc import Callable

import numpy as np

from ..engine.dtypes import standardize_dtype
from ..engine.memory_budget import charge_array
from ..engine.registry import op
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief, unknown_name
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .arithmetic import divide, multiply
from .common.arguments import as_real, static_shape
from .conversion import cast
from .special import i0

# The windows `sum_k a[k] cos(k x)` for x from -pi to pi.
_COSINE_SUMS = {
    "blackman": (0.42, 0.5, 0.08),
    "blackmanharris": (0.35875, 0.48829, 0.14128, 0.01168),
    "flattop": (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
    "hamming": (0.54, 1.0 - 0.54),
    "hann": (0.5, 0.5),
    "nuttall": (0.3635819, 0.4891775, 0.1365995, 0.0106411),
}


def _barthann(size: int) -> np.ndarray:
    away = abs(np.arange(size) / (size - 1.0) - 0.5)
    return 0.62 - 0.48 * away + 0.38 * np.cos(2 * np.pi * away)


def _bartlett(size: int) -> np.ndarray:
    rising = 2.0 * np.arange(size) / (size - 1)
    return np.where(np.arange(size) <= (size - 1) / 2, rising, 2.0 - rising)


def _bohman(size: int) -> np.ndarray:
    away = abs(np.linspace(-1, 1, size)[1:-1])
    inner = (1 - away) * np.cos(np.pi * away) + 1.0 / np.pi * np.sin(np.pi * away)
    return np.concatenate([[0.0], inner, [0.0]])


def _cosine(size: int) -> np.ndarray:
    return np.sin(np.pi / size * (np.arange(size) + 0.5))


def _exponential(size: int) -> np.ndarray:
    return np.exp(-abs(np.arange(size) - (size - 1) / 2))


def _lanczos(size: int) -> np.ndarray:
    right = np.sinc(2.0 * np.arange(size - size // 2, size) / (size - 1) - 1.0)
    return np.concatenate([right[::-1], np.ones(size % 2), right])


def _parzen(size: int) -> np.ndarray:
    away = abs(np.arange(size) - (size - 1) / 2) / (size / 2.0)
    inside = away <= (size - 1) / (2.0 * size)
    return np.where(inside, 1 - 6 * away**2.0 + 6 * away**3.0, 2 * (1 - away) ** 3.0)


def _taylor(size: int) -> np.ndarray:
    # Four nearly equal side lobes, 30 dB below the main lobe.
    lobes = 4
    order = np.arange(1, lobes)
    a = math.acosh(10 ** (30 / 20)) / np.pi
    stretch = lobes**2 / (a**2 + (lobes - 0.5) ** 2)
    factors = []
    for m in order:
        numerator = (-1) ** (m + 1) * np.prod(1 - m**2 / stretch / (a**2 + (order - 0.5) ** 2))
        below, above = (np.prod(1 - m**2 / others**2) for others in (order[: m - 1], order[m:]))
        factors.append(numerator / (2 * below * above))

    def values(position: np.ndarray) -> np.ndarray:
        return 1 + 2 * np.dot(factors, np.cos(2 * np.pi * order[:, None] * (position - size / 2.0 + 0.5) / size))

    return values(np.arange(size)) * (1.0 / values(np.array([(size - 1) / 2])))


def _triangle(size: int) -> np.ndarray:
    half = np.arange(1, (size + 1) // 2 + 1)
    rising = (2 * half - 1.0) / size if size % 2 == 0 else 2 * half / (size + 1.0)
    return np.concatenate([rising, rising[::-1][size % 2 :]])


def _tukey(size: int) -> np.ndarray:
    # Half of the window is flat; its sides are those of a Hann window.
    width = (size - 1) // 4 + 1
    position = 4.0 * np.arange(size) / (size - 1)
    left = 0.5 * (1 + np.cos(np.pi * (position[:width] - 1)))
    right = 0.5 * (1 + np.cos(np.pi * (position[size - width :] - 3)))
    return np.concatenate([left, np.ones(size - 2 * width), right])


_OTHERS = {
    "barthann": _barthann,
    "bartlett": _bartlett,
    "bohman": _bohman,
    "boxcar": np.ones,
    "cosine": _cosine,
    "exponential": _exponential,
    "lanczos": _lanczos,
    "parzen": _parzen,
    "taylor": _taylor,
    "triangle": _triangle,
    "tukey": _tukey,
}
_ALIASES = {
    "bart": "bartlett",
    "bkh": "blackmanharris",
    "black": "blackman",
    "blackharr": "blackmanharris",
    "blk": "blackman",
    "bman": "bohman",
    "bmn": "bohman",
    "box": "boxcar",
    "brt": "bartlett",
    "brthan": "barthann",
    "bth": "barthann",
    "flat": "flattop",
    "flt": "flattop",
    "halfcosine": "cosine",
    "ham": "hamming",
    "hamm": "hamming",
    "han": "hann",
    "nut": "nuttall",
    "nutl": "nuttall",
    "ones": "boxcar",
    "par": "parzen",
    "parz": "parzen",
    "poisson": "exponential",
    "rect": "boxcar",
    "rectangular": "boxcar",
    "sinc": "lanczos",
    "taylorwin": "taylor",
    "tri": "triangle",
    "triang": "triangle",
    "tuk": "tukey",
}
_NEED_MORE = (
    "chebwin",
    "dpss",
    "gaussian",
    "general_cosine",
    "general_gaussian",
    "general_hamming",
    "kaiser",
    "kaiser_bessel_derived",
)


def check_window(name: str) -> str:
    """Returns the canonical name of a window.

    Raises:
        ArgumentError: If the window has parameters besides its size.
        UnknownNameError: If there is no such window.

    Example:
        >>> check_window("han")
        'hann'
    """
    full = _ALIASES.get(name, name)
    if full in _NEED_MORE:
        raise ArgumentError(f"The window {name!r} has parameters besides its size. Pass its values as an array.")
    if full not in _COSINE_SUMS and full not in _OTHERS:
        raise unknown_name("window", name, [*_COSINE_SUMS, *_OTHERS, *_ALIASES])
    return full


def window(name: str, size: int, periodic: bool = True) -> np.ndarray:
    """Returns the values of a window.

    Args:
        name: A name such as "hann" or "hamming".
        size: The number of values, at least 1.
        periodic: Whether the window is periodic, for spectral analysis, or symmetric, for filter design.

    Returns:
        An array of shape (size,), in float64.

    Raises:
        ArgumentError: If the size is not positive, or the window has further parameters.
        UnknownNameError: If there is no such window.

    Source: https://docs.scipy.org/doc/scipy/reference/signal.windows.html

    Example:
        >>> window("hann", 4)
        array([0. , 0.5, 1. , 0.5])
    """
    full = check_window(name)
    if size < 1:
        raise ArgumentError(f"A window has at least 1 value. Received: size={brief(size)}")
    if size == 1:
        return np.ones(1)
    charge_array((size, 4), "float64", f"The window {name!r}")
    # A periodic window is a symmetric one of size + 1 without its last value.
    length = size + bool(periodic)
    if full in _OTHERS:
        return _OTHERS[full](length)[:size]
    x = np.linspace(-np.pi, np.pi, length)
    values = np.zeros(length)
    for k, factor in enumerate(_COSINE_SUMS[full]):
        values += factor * np.cos(k * x)
    return values[:size]


def _values(where: str, make: Callable, x: TensorLike) -> np.ndarray:
    return make(_size(where, x)).astype(standardize_dtype(None))


def _size(where: str, x: TensorLike) -> int:
    if isinstance(x, KerasTensor):
        raise ArgumentTypeError(f"`{where}` expects the number of values as a number. Received: x={brief(x)}")
    size = x if type(x) is int else np.asarray(x)
    if (
        type(x) is not int
        and (size.shape or size.dtype.kind not in "biuf" or not np.isfinite(size) or size != np.trunc(size))
    ) or size < 0:
        raise ArgumentError(f"`{where}` expects a non-negative number of values. Received: x={brief(x)}")
    charge_array((int(size), 4), "float64", f"`{where}`")
    return int(size)


@op(saved_as=None)
def bartlett(x: int) -> np.ndarray:
    """Returns the Bartlett window: a triangle, which is 0 at either end.

    `1 - |2 k / (x - 1) - 1|` for k from 0 to x - 1

    Args:
        x: The number of values.

    Returns:
        The values of the symmetric window, in `floatx`, shape (x,).

    Raises:
        ArgumentTypeError: If the number is symbolic.
        ArgumentError: If it is negative, or not a single integer.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bartlett(5)
        array([0. , 0.5, 1. , 0.5, 0. ], dtype=float32)
    """
    return _values("bartlett", np.bartlett, x)


@op(saved_as=None)
def blackman(x: int) -> np.ndarray:
    """Returns the Blackman window: a sum of two cosines, whose side lobes are small.

    `0.42 - 0.5 cos(2 pi k / (x - 1)) + 0.08 cos(4 pi k / (x - 1))` for k from 0 to x - 1

    Args:
        x: The number of values.

    Returns:
        The values of the symmetric window, in `floatx`, shape (x,).

    Raises:
        ArgumentTypeError: If the number is symbolic.
        ArgumentError: If it is negative, or not a single integer.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> blackman(5).round(2)
        array([-0.  ,  0.34,  1.  ,  0.34, -0.  ], dtype=float32)
    """
    return _values("blackman", np.blackman, x)


@op(saved_as=None)
def hamming(x: int) -> np.ndarray:
    """Returns the Hamming window: a raised cosine, with the nearest side lobe cancelled.

    `0.54 - 0.46 cos(2 pi k / (x - 1))` for k from 0 to x - 1

    Args:
        x: The number of values.

    Returns:
        The values of the symmetric window, in `floatx`, shape (x,).

    Raises:
        ArgumentTypeError: If the number is symbolic.
        ArgumentError: If it is negative, or not a single integer.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> hamming(5)
        array([0.08, 0.54, 1.  , 0.54, 0.08], dtype=float32)
    """
    return _values("hamming", np.hamming, x)


@op(saved_as=None)
def hanning(x: int) -> np.ndarray:
    """Returns the Hann window: a raised cosine, which is 0 at either end.

    `0.5 - 0.5 cos(2 pi k / (x - 1))` for k from 0 to x - 1

    Args:
        x: The number of values.

    Returns:
        The values of the symmetric window, in `floatx`, shape (x,).

    Raises:
        ArgumentTypeError: If the number is symbolic.
        ArgumentError: If it is negative, or not a single integer.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> hanning(5)
        array([0. , 0.5, 1. , 0.5, 0. ], dtype=float32)
    """
    return _values("hanning", np.hanning, x)


@op(saved_as=None)
def kaiser(x: int, beta: TensorLike) -> Tensor:
    """Returns the Kaiser window, whose parameter trades the width of the main lobe for the height of the side lobes.

    `I0(beta sqrt(1 - (2 k / (x - 1) - 1)^2)) / I0(beta)` for k from 0 to x - 1, where I0 is a Bessel function

    Args:
        x: The number of values.
        beta: The parameter: 0 for a rectangle, 5 for about a Hamming window, 8.6 for about a Blackman window. It has a
            gradient, and may have one value for each of the window.

    Returns:
        The values of the symmetric window, in `floatx`, shape (x,).

    Raises:
        ArgumentTypeError: If the number or the parameter is symbolic, or the parameter is not a real number.
        ArgumentError: If the number is negative, or not a single integer.
        ShapeError: If the parameter has another number of values.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> kaiser(3, 2.0).round(4)
        array([0.4387, 1.    , 0.4387], dtype=float32)
    """
    size = _size("kaiser", x)
    if isinstance(beta, KerasTensor):
        raise ArgumentTypeError(f"`kaiser` expects a known `beta`. Received: beta={brief(beta)}")
    # In float64, where I0 overflows for parameters above 700, not 90.
    beta = cast(as_real(beta, "kaiser"), "float64")
    if static_shape(beta) not in ((), (1,), (size,)):
        raise ShapeError(f"`kaiser` expects one `beta`, or {size}. Received: beta of shape {static_shape(beta)}")
    roots = np.sqrt(1 - np.linspace(-1, 1, size) ** 2) if size > 1 else np.ones(size)
    return cast(divide(i0(multiply(beta, roots)), i0(beta)), None)
