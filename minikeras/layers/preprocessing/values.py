"""What the layers for text and categories take: values of any form, checked; and the batches that `adapt` reads."""

import codecs
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from ...engine.dtypes import TEXT, as_text, dtype_of, holds_text
from ...errors import ArgumentTypeError, DataError, DTypeError, brief, unknown_name
from ..arguments import is_tensor

_ESCAPED = "surrogateescape"  # bytes that are not valid in the encoding are kept


def as_values(inputs: Any, where: str) -> Any:
    """Returns the input of a layer as an array, a traced or a symbolic value; strings become an array of objects.

    Args:
        inputs: A tensor, or a number, a string, or nested lists of them.
        where: The layer, for error messages.

    Raises:
        DataError: If it is a list with rows of different lengths.
        ArgumentTypeError: If it holds neither numbers nor strings.

    Example:
        >>> as_values(["a", "bc"], "StringLookup")
        array(['a', 'bc'], dtype=object)
    """
    if is_tensor(inputs) and not isinstance(inputs, np.ndarray):
        return inputs
    try:
        array = np.asarray(inputs)
    except ValueError as error:
        raise DataError(f"{where}: expected rows of one length: minikeras has no ragged tensors. {error}") from error
    if array.dtype.kind in "biufc":
        return array
    if holds_text(array):
        mixed = array.dtype.kind == "U" and not isinstance(inputs, np.ndarray) and _has_other_than_text(inputs)
        if not mixed:
            return as_text(array)
    raise ArgumentTypeError(f"{where}: expected strings or numbers, and not both. Received: {brief(inputs)}")


def _has_other_than_text(inputs: Any) -> bool:
    """Tells whether nested lists hold something that is not a string, which numpy would turn into one."""
    if isinstance(inputs, (list, tuple)):
        return any(map(_has_other_than_text, inputs))
    return not isinstance(inputs, (str, bytes, np.ndarray))


def as_strings(inputs: Any, where: str) -> Any:
    """Returns the input of a layer that takes strings; see `as_values`.

    Raises:
        DTypeError: If it does not hold strings.
    """
    values = as_values(inputs, where)
    if dtype_of(values) != TEXT and (not isinstance(values, np.ndarray) or values.size):
        raise DTypeError(f"{where}: expected strings. Received: {brief(inputs)}, of dtype {dtype_of(values)}")
    return values


def as_integers(inputs: Any, where: str) -> Any:
    """Returns the input of a layer that takes integers; see `as_values`. Floats are checked when they are used.

    Raises:
        DTypeError: If it holds strings.
    """
    values = as_values(inputs, where)
    if dtype_of(values) == TEXT:
        raise DTypeError(f"{where}: expected integers. Received: strings, {brief(inputs)}")
    return values


def whole_numbers(array: np.ndarray, where: str) -> np.ndarray:
    """Returns an array as int64.

    Raises:
        DataError: If a number is not an integer of 64 bits.
    """
    if array.dtype.kind in "biu" and array.dtype != np.uint64:
        return array.astype(np.int64, copy=False)
    with np.errstate(invalid="ignore"):
        result = array.astype(np.int64)
    if not (result == array).all():
        wrong = array[result != array].ravel()[0]
        raise DataError(f"{where}: expected integers. Received: {wrong}")
    return result


def check_encoding(where: str, encoding: Any) -> str:
    """Returns the name of a text encoding.

    Raises:
        UnknownNameError: If Python does not have it.
    """
    try:
        codecs.lookup(encoding)
    except (LookupError, TypeError, ValueError):
        raise unknown_name(f"encoding of {where}", encoding, ("utf-8", "latin-1", "utf-16", "cp1252")) from None
    return encoding


def texts_of(array: np.ndarray, encoding: str) -> list[str]:
    """Returns the strings of an array as a flat list, with bytes decoded.

    Example:
        >>> texts_of(np.array([b"a", "b"], object), "utf-8")
        ['a', 'b']
    """
    texts = array.ravel().tolist()
    if bytes in set(map(type, texts)):
        return [text.decode(encoding, _ESCAPED) if isinstance(text, bytes) else text for text in texts]
    return texts


def bytes_of(texts: list, encoding: str = "utf-8") -> list[bytes]:
    """Returns strings in UTF-8; bytes are in the given encoding.

    Example:
        >>> bytes_of(["a", "ä".encode("latin-1")], "latin-1")
        [b'a', b'\\xc3\\xa4']
    """
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        texts = [text.decode(encoding, _ESCAPED) if isinstance(text, bytes) else text for text in texts]
    return [text.encode("utf-8", _ESCAPED) if isinstance(text, str) else text for text in texts]


def text_of(data: bytes) -> str:
    """Returns the string that `bytes_of` has encoded."""
    return data.decode("utf-8", _ESCAPED)


def batches(data: Any, steps: int | None, where: str) -> Iterator[Any]:
    """Yields the batches that `adapt` reads: those of an iterable, or one that is the array itself.

    Args:
        data: An array, a list, or an iterable of batches, such as a `Dataset` or a generator.
        steps: The number of batches to read; None for all. It does not count for arrays and lists.
        where: The layer, for error messages.

    Raises:
        DataError: If there is no data, or a batch is a tuple.
    """
    if is_whole(data):
        yield data
        return
    if isinstance(data, (str, bytes, dict)) or not hasattr(data, "__iter__"):
        raise DataError(
            f"{where}: `adapt` takes an array, a list, or an iterable of batches, such as a `Dataset`. Received: "
            f"{brief(data)}"
        )
    for batch in islice(data, steps):
        if isinstance(batch, (tuple, dict)):
            raise DataError(
                f"{where}: `adapt` takes batches of inputs alone. Received: a {type(batch).__name__} of {len(batch)}. "
                "Select the inputs first, e.g. with `dataset.map(lambda x, y: x)`."
            )
        yield batch


def is_whole(data: Any) -> bool:
    """Tells whether data for `adapt` is one array or list, rather than an iterable of batches."""
    return is_tensor(data) or isinstance(data, (list, tuple)) or hasattr(data, "to_numpy")
