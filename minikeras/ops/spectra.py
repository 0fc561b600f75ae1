"""Discrete Fourier transforms. Complex values are pairs of a real and an imaginary part, as in Keras."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .arithmetic import multiply
from .common.arguments import as_real, as_sizes, as_value, promoted, static_shape
from .indexing import get_item
from .padding import pad

# Of a transform without a factor, the adjoint is the inverse without a factor; of one divided by n, that divided by n.
_ADJOINT_NORM = {"backward": "forward", "forward": "backward"}


def _in_parts(values: np.ndarray, dtype: np.dtype, shape: tuple) -> np.ndarray:
    """Returns complex numbers as pairs along a last axis: the same memory, if the dtype is not float16."""
    values = np.ascontiguousarray(values)
    if dtype.itemsize * 2 == values.itemsize:
        return values.view(dtype).reshape(shape)
    return values.view(values.real.dtype).reshape(shape).astype(dtype)


def _complex(real: np.ndarray, imag: np.ndarray) -> np.ndarray:
    values = np.empty(real.shape, np.complex128 if real.dtype == np.float64 else np.complex64)
    values.real, values.imag = real, imag
    return values


def _at_least_single(x: np.ndarray) -> np.ndarray:
    return x if x.dtype.char in "fd" else x.astype(np.float32)


def _specialize_dft(real: np.ndarray, imag: np.ndarray, rank: int, inverse: bool, norm: str) -> Callable:
    sizes, dtype, shape = real.shape, real.dtype, (*real.shape, 2)
    values_dtype = np.dtype(np.complex128 if dtype == np.float64 else np.complex64)
    axes = range(-rank, 0) if real.size else ()
    transform = np.fft.ifft if inverse else np.fft.fft

    def compute(real: np.ndarray, imag: np.ndarray) -> np.ndarray:
        values = np.empty(sizes, values_dtype)
        values.real, values.imag = real, imag
        for axis in axes:
            values = transform(values, None, axis, norm)
        return _in_parts(values, dtype, shape)

    return compute


def _dft_kernel(real: np.ndarray, imag: np.ndarray, **params: Any) -> np.ndarray:
    return _specialize_dft(real, imag, **params)(real, imag)


def _dft_vjp(g: object, y: object, real: object, imag: object, rank: int, inverse: bool, norm: str) -> list:
    found = apply(_DFT, *_parts(g), rank=rank, inverse=not inverse, norm=_ADJOINT_NORM[norm])
    return list(_parts(found))


_DFT = Primitive(
    "dft",
    _dft_kernel,
    specialize=_specialize_dft,
    shape=lambda real, imag, rank, inverse, norm: ((*real.shape, 2), real.dtype),
    vjps=_dft_vjp,
)


def _half(size: int | None) -> int | None:
    """Returns how many frequencies the transform of that many real values has; the others are their conjugates."""
    return None if size is None else size // 2 + 1


def _rfft_kernel(x: np.ndarray, norm: str) -> np.ndarray:
    if not x.size:
        return np.zeros((*x.shape[:-1], _half(x.shape[-1]), 2), x.dtype)
    values = np.fft.rfft(_at_least_single(x), None, -1, norm)
    return _in_parts(values, x.dtype, (*values.shape, 2))


def _irfft_kernel(real: np.ndarray, imag: np.ndarray, size: int, norm: str) -> np.ndarray:
    if not real.size or not size:
        return np.zeros((*real.shape[:-1], size), real.dtype)
    values = np.fft.irfft(_complex(real, imag), size, -1, norm)
    return values if values.dtype == real.dtype else values.astype(real.dtype)


def _pairing(size: int, factor: float, dtype: str) -> np.ndarray:
    """Returns a factor for each frequency that stands for its conjugate, too: all but the first and the middle one."""
    factors = np.full(_half(size), factor, dtype)
    factors[:1] = 1
    if size % 2 == 0:
        factors[-1:] = 1
    return factors


def _rfft_vjp(g: object, y: object, x: object, norm: str) -> object:
    size = x.shape[-1]
    halves = _pairing(size, 0.5, dtype_of(g))
    real, imag = _parts(g)
    return apply(_IRFFT, multiply(real, halves), multiply(imag, halves), size=size, norm=_ADJOINT_NORM[norm])


def _irfft_vjp(g: object, y: object, real: object, imag: object, size: int, norm: str) -> list:
    doubles = _pairing(size, 2.0, dtype_of(g))
    found = apply(_RFFT, g, norm=_ADJOINT_NORM[norm])
    return [multiply(part, doubles) for part in _parts(found)]


_RFFT = Primitive(
    "rfft",
    _rfft_kernel,
    shape=lambda x, norm: ((*x.shape[:-1], _half(x.shape[-1]), 2), x.dtype),
    vjps=(_rfft_vjp,),
)
_IRFFT = Primitive(
    "irfft",
    _irfft_kernel,
    shape=lambda real, imag, size, norm: ((*real.shape[:-1], size), real.dtype),
    vjps=_irfft_vjp,
)


def _parts(both: object) -> tuple:
    return get_item(both, (..., 0)), get_item(both, (..., 1))


def as_pair(x: Sequence[TensorLike], rank: int, where: str) -> list[Tensor]:
    """Returns the real and the imaginary part of a complex value after checking them.

    Args:
        x: The two parts.
        rank: The number of axes that they need.
        where: The name of the op, for error messages.

    Raises:
        ArgumentError: If it is not a pair, or if a part is not of a floating-point dtype.
        ShapeError: If the shapes differ, or if there are fewer axes.
    """
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ArgumentError(f"`{where}` expects `x` as a pair of a real and an imaginary part. Received: x={brief(x)}")
    parts = [as_value(part) for part in x]
    shapes = [static_shape(part) for part in parts]
    if shapes[0] != shapes[1] or len(shapes[0]) < rank:
        raise ShapeError(
            f"`{where}` expects a real and an imaginary part of the same shape, with {rank} axes at least. "
            f"Received: shapes {shapes[0]} and {shapes[1]}"
        )
    if any("float" not in dtype_of(part) for part in parts):
        raise ArgumentError(
            f"`{where}` expects parts of a floating-point dtype. "
            f"Received: {dtype_of(parts[0])} and {dtype_of(parts[1])}"
        )
    return promoted(*parts)


def resized(x: TensorLike, size: int) -> Tensor:
    """Crops the last axis to a size, or pads it with zeros.

    Example:
        >>> resized(np.ones(2), 3)
        array([1., 1., 0.])
    """
    *others, present = static_shape(x)
    if present == size:
        return x
    if present > size:
        return get_item(x, (..., slice(0, size)))
    return pad(x, [(0, 0)] * len(others) + [(0, size - present)])


def _fft_length(fft_length: int | None, usual: int | None, where: str) -> int | None:
    if fft_length is None:
        return usual
    (size,) = as_sizes(fft_length, where, "fft_length")
    if size < 1:
        raise ArgumentError(f"`{where}` expects a positive `fft_length`. Received: fft_length={brief(fft_length)}")
    return size


@specialized
@op("math.FFT")
def fft(x: tuple[TensorLike, TensorLike]) -> tuple[Tensor, Tensor]:
    """Returns the discrete Fourier transform along the last axis.

    `y_k = sum_j x_j e^(-2 pi i j k / n)`

    Args:
        x: The real and the imaginary part, each of shape (..., n).

    Returns:
        The real and the imaginary part of the transform, each of that shape.

    Raises:
        ArgumentError: If `x` is not a pair, or not of a floating-point dtype.
        ShapeError: If the shapes of the parts differ.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> real, imag = fft(([1.0, 2.0], [0.0, 1.0]))
        >>> print(real, imag)
        [ 3. -1.] [ 1. -1.]
    """
    return _parts(apply(_DFT, *as_pair(x, 1, "fft"), rank=1, inverse=False, norm="backward"))


@specialized
@op("math.FFT2")
def fft2(x: tuple[TensorLike, TensorLike]) -> tuple[Tensor, Tensor]:
    """Returns the two-dimensional discrete Fourier transform along the last two axes.

    Args:
        x: The real and the imaginary part, each of shape (..., m, n).

    Returns:
        The real and the imaginary part of the transform, each of that shape.

    Raises:
        ArgumentError: If `x` is not a pair, or not of a floating-point dtype.
        ShapeError: If the shapes of the parts differ, or have a single axis.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> real, imag = fft2(([[1.0, 2.0], [2.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]))
        >>> print(real.tolist(), imag.tolist())
        [[6.0, 0.0], [0.0, -2.0]] [[2.0, 0.0], [0.0, -2.0]]
    """
    return _parts(apply(_DFT, *as_pair(x, 2, "fft2"), rank=2, inverse=False, norm="backward"))


@specialized
@op("math.IFFT2")
def ifft2(x: tuple[TensorLike, TensorLike]) -> tuple[Tensor, Tensor]:
    """Returns the inverse of the two-dimensional discrete Fourier transform along the last two axes.

    Args:
        x: The real and the imaginary part of the transform, each of shape (..., m, n).

    Returns:
        The real and the imaginary part of what was transformed, each of that shape.

    Raises:
        ArgumentError: If `x` is not a pair, or not of a floating-point dtype.
        ShapeError: If the shapes of the parts differ, or have a single axis.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> real, imag = ifft2(([[6.0, 0.0], [0.0, -2.0]], [[2.0, 0.0], [0.0, -2.0]]))
        >>> print(real.tolist(), imag.tolist())
        [[1.0, 2.0], [2.0, 1.0]] [[0.0, 1.0], [1.0, 0.0]]
    """
    return _parts(apply(_DFT, *as_pair(x, 2, "ifft2"), rank=2, inverse=True, norm="backward"))


@specialized
@op("math.RFFT", settings="fft_length")
def rfft(x: TensorLike, fft_length: int | None = None) -> tuple[Tensor, Tensor]:
    """Returns the discrete Fourier transform of real values along the last axis.

    Of the frequencies, those above the middle are left out: they are the conjugates of the others.

    Args:
        x: Real values of shape (..., n).
        fft_length: The length of the transform; `x` is cropped to it, or padded with zeros. n by default.

    Returns:
        The real and the imaginary part of the transform, each of shape (..., fft_length // 2 + 1).

    Raises:
        ArgumentTypeError: If `x` is complex.
        ArgumentError: If the length is not positive.
        ShapeError: If `x` has no axis.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> real, imag = rfft([1.0, 2.0, 3.0, 4.0])
        >>> print(real, imag)
        [10. -2. -2.] [0. 2. 0.]
    """
    x = as_real(x, "rfft")
    if not static_shape(x):
        raise ShapeError("`rfft` expects at least one axis. Received: shape ()")
    size = _fft_length(fft_length, static_shape(x)[-1], "rfft")
    return _parts(apply(_RFFT, x if size is None else resized(x, size), norm="backward"))


@specialized
@op("math.IRFFT", settings="fft_length")
def irfft(x: tuple[TensorLike, TensorLike], fft_length: int | None = None) -> Tensor:
    """Returns the inverse of the discrete Fourier transform of real values along the last axis.

    Args:
        x: The real and the imaginary part of the transform, each of shape (..., m), without the upper half of the
            frequencies. They are cropped to `fft_length // 2 + 1` frequencies, or padded with zeros.
        fft_length: The length of the transform; `2 (m - 1)` by default. If it was odd, it has to be given.

    Returns:
        The real values, shape (..., fft_length).

    Raises:
        ArgumentError: If `x` is not a pair, or not of a floating-point dtype, or if the length is not positive.
        ShapeError: If the shapes of the parts differ.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> irfft(([10.0, -2.0, -2.0], [0.0, 2.0, 0.0]))
        array([1., 2., 3., 4.], dtype=float32)
    """
    real, imag = as_pair(x, 1, "irfft")
    present = static_shape(real)[-1]
    size = _fft_length(fft_length, None if present is None else max(2 * (present - 1), 0), "irfft")
    if size is not None:
        real, imag = resized(real, _half(size)), resized(imag, _half(size))
    return apply(_IRFFT, real, imag, size=size, norm="backward")
