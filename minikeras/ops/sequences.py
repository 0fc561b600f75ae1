"""Overlapping sequences of a signal, and its short-time Fourier transform."""

import math

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .arithmetic import multiply, true_divide
from .common.arguments import as_size, as_value, static_shape
from .comparison import greater
from .conversion import cast
from .exponents import square
from .indexing import get_item
from .joining import concatenate
from .padding import pad
from .rearranging import flip
from .selection import where
from .shaping import broadcast_to
from .spectra import as_pair, irfft, rfft
from .windows import window as window_values

_WINDOWS = ("hann", "hamming")
_TINY = 1e-10  # where the squares of all windows sum to less, nothing is known of the signal


def _count(size: int | None, length: int, stride: int) -> int | None:
    return None if size is None else max(1 + (size - length) // stride, 0)


def _sequences_rule(x: Spec, length: int, stride: int) -> tuple:
    return (*x.shape[:-1], _count(x.shape[-1], length, stride), length), x.dtype


def _sequences_kernel(x: np.ndarray, length: int, stride: int, out: np.ndarray | None = None) -> np.ndarray:
    out = np.empty(_sequences_rule(Spec(x.shape, ""), length, stride)[0], x.dtype) if out is None else out
    if out.size:
        out[...] = np.lib.stride_tricks.sliding_window_view(x, length, -1)[..., ::stride, :]
    return out


def _overlap_add_kernel(frames: np.ndarray, stride: int, size: int) -> np.ndarray:
    *others, count, length = frames.shape
    blocks = math.ceil(length / stride)
    # The n-th `stride` elements of all sequences are neighbors: one addition for each n.
    total = np.zeros((*others, max(count + blocks - 1, math.ceil(size / stride)), stride), frames.dtype)
    for block in range(blocks):
        part = frames[..., block * stride : (block + 1) * stride]
        total[..., block : block + count, : part.shape[-1]] += part
    return total.reshape(*others, total.shape[-2] * stride)[..., :size]


_SEQUENCES = Primitive(
    "extract_sequences",
    _sequences_kernel,
    shape=_sequences_rule,
    vjps=(lambda g, y, x, length, stride: apply(_OVERLAP_ADD, g, stride=stride, size=x.shape[-1]),),
    has_out=True,
    takes_text=True,
)
_OVERLAP_ADD = Primitive(
    "overlap_add",
    _overlap_add_kernel,
    shape=lambda frames, stride, size: ((*frames.shape[:-2], size), frames.dtype),
    vjps=(lambda g, y, frames, stride, size: apply(_SEQUENCES, g, length=frames.shape[-1], stride=stride),),
)


def _positive(value: object, where: str, name: str) -> int:
    number = as_size(value, where, name)
    if number < 1:
        raise ArgumentError(f"`{where}` expects a positive `{name}`. Received: {name}={brief(value)}")
    return number


@op("math.ExtractSequences", settings="sequence_length sequence_stride")
def extract_sequences(x: TensorLike, sequence_length: int, sequence_stride: int) -> Tensor:
    """Returns the overlapping sequences of the last axis.

    Args:
        x: Input tensor of shape (..., n).
        sequence_length: The length of each sequence.
        sequence_stride: How many elements each sequence begins after the one before.

    Returns:
        The sequences, shape (..., 1 + (n - sequence_length) // sequence_stride, sequence_length).

    Raises:
        ArgumentError: If the length or the stride is not positive.
        ShapeError: If `x` has no axis.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> extract_sequences([1, 2, 3, 4, 5, 6], 3, 2)
        array([[1, 2, 3],
               [3, 4, 5]], dtype=int32)
    """
    x = as_value(x)
    length = _positive(sequence_length, "extract_sequences", "sequence_length")
    stride = _positive(sequence_stride, "extract_sequences", "sequence_stride")
    if not static_shape(x):
        raise ShapeError("`extract_sequences` expects at least one axis. Received: shape ()")
    return apply(_SEQUENCES, x, length=length, stride=stride)


def _lengths(where: str, sequence_length: object, sequence_stride: object, fft_length: object) -> tuple[int, int, int]:
    length = _positive(sequence_length, where, "sequence_length")
    size = _positive(fft_length, where, "fft_length")
    if size < length:
        raise ArgumentError(
            f"`{where}` expects an `fft_length` of at least the `sequence_length`. "
            f"Received: sequence_length={length}, fft_length={size}"
        )
    return length, _positive(sequence_stride, where, "sequence_stride"), size


def _window(window: object, length: int, size: int, dtype: str, where: str) -> object:
    """Returns a window in the middle of zeros, or None."""
    if window is None:
        return None
    if isinstance(window, str):
        if window not in _WINDOWS:
            raise ArgumentError(
                f"`{where}` expects {' or '.join(map(repr, _WINDOWS))}, the values of a window or None. "
                f"Received: window={brief(window)}"
            )
        window = window_values(window, length)
    window = cast(as_value(window), dtype)
    if static_shape(window) != (length,):
        raise ShapeError(
            f"`{where}` expects a window of shape ({length},), as long as a sequence. "
            f"Received: a window of shape {static_shape(window)}"
        )
    before = (size - length) // 2
    return pad(window, (before, size - length - before)) if size > length else window


def _reflected(x: object, width: int) -> object:
    """Pads the last axis on both sides by reflection; made of slices, whose gradients cost little."""
    if not width:
        return x
    size = static_shape(x)[-1]
    if width >= size:
        raise ShapeError(
            f"`stft` with `center` reflects {width} elements at either end (`fft_length // 2`), so it needs more than "
            f"that many. Received: x of shape {static_shape(x)}"
        )
    first, last = get_item(x, (..., slice(1, width + 1))), get_item(x, (..., slice(size - width - 1, size - 1)))
    return concatenate([flip(first, -1), x, flip(last, -1)], -1)


@op("math.STFT", settings="sequence_length sequence_stride fft_length window center")
def stft(
    x: TensorLike,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: str | TensorLike | None = "hann",
    center: bool = True,
) -> tuple[Tensor, Tensor]:
    """Returns the short-time Fourier transform along the last axis: that of each of its overlapping sequences.

    Args:
        x: The signal, shape (..., n), of a floating-point dtype.
        sequence_length: The length of each sequence, in samples.
        sequence_stride: How many samples each sequence begins after the one before.
        fft_length: The length of the transforms; shorter sequences are padded with zeros on both sides.
        window: What sequences are multiplied by: "hann", "hamming" or an array of `sequence_length` values. With None,
            they are `fft_length` samples long and not multiplied.
        center: Whether sequence t is centered at sample `t * sequence_stride`, for which the signal is padded by
            reflection; otherwise it begins there.

    Returns:
        The real and the imaginary part of the transform, each of shape (..., sequences, fft_length // 2 + 1).

    Raises:
        ArgumentTypeError: If the signal is not of a floating-point dtype.
        ArgumentError: If a length or the window is invalid.
        ShapeError: If the signal is too short, or the window has another length.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> real, imag = stft([0.0, 1.0, 2.0, 3.0], 2, 2, 2, window=None, center=False)
        >>> print(real.tolist())
        [[1.0, -1.0], [5.0, -1.0]]
    """
    x = as_value(x)
    if "float" not in dtype_of(x):
        raise ArgumentTypeError(f"`stft` expects a floating-point dtype. Received: {dtype_of(x)}")
    length, stride, size = _lengths("stft", sequence_length, sequence_stride, fft_length)
    values = _window(window, length, size, dtype_of(x), "stft")
    if not static_shape(x):
        raise ShapeError("`stft` expects at least one axis. Received: shape ()")
    x = _reflected(x, size // 2) if center else x
    if static_shape(x)[-1] < size:
        raise ShapeError(
            f"`stft` expects a signal of at least fft_length={size} samples. Received: x of shape {static_shape(x)}"
        )
    frames = extract_sequences(x, size, stride)
    return rfft(frames if values is None else multiply(frames, values))


@op("math.ISTFT", settings="sequence_length sequence_stride fft_length length window center")
def istft(
    x: tuple[TensorLike, TensorLike],
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    length: int | None = None,
    window: str | TensorLike | None = "hann",
    center: bool = True,
) -> Tensor:
    """Returns the inverse of the short-time Fourier transform along the last two axes.

    Overlapping sequences are multiplied by the window again, summed, and divided by the sum of the squared windows,
    so that the signal returns in full up to its borders, where fewer sequences overlap. Without a window, the result
    is the signal times `fft_length / sequence_stride`, as in Keras.

    Args:
        x: The real and the imaginary part, each of shape (..., sequences, fft_length // 2 + 1).
        sequence_length: The length of each sequence, in samples.
        sequence_stride: How many samples each sequence begins after the one before.
        fft_length: The length of the transforms.
        length: The number of samples to return; by default all that the sequences span, without the padding.
        window: The window of `stft`: "hann", "hamming", an array of `sequence_length` values, or None.
        center: Whether the sequences were centered; then the padding is removed.

    Returns:
        The signal, shape (..., length).

    Raises:
        ArgumentError: If `x` is not a pair, or not of a floating-point dtype, or if a length or the window is invalid.
        ShapeError: If the shapes of the parts differ, have a single axis, or the window has another length.

    Source: https://keras.io/api/ops/fft/

    Example:
        >>> signal = np.float32([1, 2, 4, 8, 5, 3, 2, 1])
        >>> istft(stft(signal, 4, 2, 4), 4, 2, 4).round(4).tolist()
        [1.0, 2.0, 4.0, 8.0, 5.0, 3.0, 2.0, 1.0]
    """
    parts = as_pair(x, 2, "istft")
    sequence_length, stride, size = _lengths("istft", sequence_length, sequence_stride, fft_length)
    dtype = dtype_of(parts[0])
    values = _window(window, sequence_length, size, dtype, "istft")
    count = static_shape(parts[0])[-2]
    total = max((count - 1) * stride + size, 0)
    frames = irfft(parts, size)
    squares = broadcast_to(np.ones(1, dtype) if values is None else square(values), (count, size))
    weights = apply(_OVERLAP_ADD, squares, stride=stride, size=total)
    weights = where(greater(weights, _TINY), weights, cast(1, dtype))
    signal = apply(_OVERLAP_ADD, frames if values is None else multiply(frames, values), stride=stride, size=total)
    signal = true_divide(signal, weights)
    if values is None:
        signal = multiply(signal, size / stride)
    start, end = (size // 2, total - size // 2) if center else (0, total)
    if length is not None:
        wanted = as_size(length, "istft", "length")
        if wanted < 0:
            raise ArgumentError(f"`istft` expects a non-negative `length`. Received: length={brief(length)}")
        end = start + wanted
    return get_item(signal, (..., slice(start, max(start, end))))
