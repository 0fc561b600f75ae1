"""Padding of sequences of different lengths."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import ArgumentError, ArgumentTypeError, DataError, brief, unknown_name
from ..tracebacks import filtered

_SIDES = ("pre", "post")


@filtered
def pad_sequences(
    sequences: Sequence,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> np.ndarray:
    """Pads or truncates sequences to the same length, and returns them as one array.

    Args:
        sequences: The sequences, whose elements are numbers or arrays of the same shape.
        maxlen: The common length; that of the longest sequence by default.
        dtype: The dtype of the result.
        padding: Where short sequences are padded: "pre" or "post".
        truncating: Where long sequences are truncated: "pre" or "post".
        value: The padding value.

    Returns:
        An array of shape (number of sequences, length, ...).

    Raises:
        DataError: If an element is not a sequence, or shapes differ.
        UnknownNameError: If `padding` or `truncating` is neither "pre" nor "post".

    Source: https://keras.io/api/data_loading/timeseries/

    Example:
        >>> pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
        array([[0, 1],
               [2, 3],
               [5, 6]], dtype=int32)
    """
    for argument, side in (("padding", padding), ("truncating", truncating)):
        if side not in _SIDES:
            raise unknown_name(f"`{argument}` of `pad_sequences`", side, _SIDES)
    if not hasattr(sequences, "__len__"):
        raise ArgumentTypeError(f"`pad_sequences` expects a list of sequences. Received: {brief(sequences)}")
    for index, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__"):
            raise DataError(f"`pad_sequences` expects a list of sequences. Received at {index}: {brief(sequence)}")
    is_text = np.issubdtype(dtype, np.str_) or np.issubdtype(dtype, np.bytes_) or dtype is object
    if isinstance(value, str) and not is_text:
        raise ArgumentError(
            f"`pad_sequences`: value={brief(value)} is text and dtype={dtype!r} is not. Use dtype=object."
        )
    if maxlen is None:
        maxlen = max(map(len, sequences), default=0)
    shape = next((np.asarray(sequence).shape[1:] for sequence in sequences if len(sequence)), ())
    padded = np.full((len(sequences), maxlen, *shape), value, dtype=dtype)
    for index, sequence in enumerate(sequences):
        kept = np.asarray(sequence[-maxlen:] if truncating == "pre" else sequence[:maxlen], dtype=dtype)
        if not len(kept):
            continue
        if kept.shape[1:] != shape:
            raise DataError(
                f"`pad_sequences`: the elements of sequence {index} have shape {kept.shape[1:]}, those of the first "
                f"one {shape}. All must have the same shape."
            )
        kept_slice = slice(None, len(kept)) if padding == "post" else slice(maxlen - len(kept), None)
        padded[index, kept_slice] = kept
    return padded
