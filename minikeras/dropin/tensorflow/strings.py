"""`tf.strings`, as far as functions of text layers and datasets use it; results are arrays of strings."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ...engine.dtypes import holds_text
from ...engine.immutable_arrays import as_output
from ...errors import ArgumentError, ArgumentTypeError, NotSupportedError, brief
from ...layers.preprocessing.lookup_kernels import bins
from ...layers.preprocessing.values import texts_of

__all__ = [
    "as_string",
    "join",
    "length",
    "lower",
    "reduce_join",
    "regex_full_match",
    "regex_replace",
    "split",
    "strip",
    "substr",
    "to_hash_bucket_fast",
    "to_hash_bucket_strong",
    "to_number",
    "unicode_split",
    "upper",
]
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UNITS = {"BYTE": lambda text: len(text.encode()), "UTF8_CHAR": len}


def _array(value: Any, where: str) -> np.ndarray:
    array = np.asarray(value)
    if not holds_text(array):
        raise ArgumentTypeError(f"`tf.strings.{where}` takes strings. Received: {brief(value)}")
    return array


def _mapped(function: Callable[[str], Any], value: Any, where: str, dtype: Any = str) -> np.ndarray:
    array = _array(value, where)
    return as_output(np.array(list(map(function, texts_of(array, "utf-8"))), dtype).reshape(array.shape))


def lower(input: Any, encoding: str = "", name: str | None = None) -> np.ndarray:
    """Converts letters to lower case: those of ASCII, or with the encoding "utf-8" all."""
    return _mapped(str.lower if encoding else lambda text: text.translate(_LOWER), input, "lower")


def upper(input: Any, encoding: str = "", name: str | None = None) -> np.ndarray:
    """Converts letters to upper case: those of ASCII, or with the encoding "utf-8" all."""
    return _mapped(str.upper if encoding else lambda text: text.translate(_UPPER), input, "upper")


def strip(input: Any, name: str | None = None) -> np.ndarray:
    """Removes white space at both ends."""
    return _mapped(str.strip, input, "strip")


def length(input: Any, unit: str = "BYTE", name: str | None = None) -> np.ndarray:
    """Returns the number of bytes, or of characters with the unit "UTF8_CHAR"."""
    return _mapped(_UNITS[unit], input, "length", np.int32)


def regex_replace(
    input: Any, pattern: str, rewrite: str, replace_global: bool = True, name: str | None = None
) -> np.ndarray:
    """Replaces matches of a regular expression."""
    found = re.compile(_text(pattern))
    return _mapped(lambda text: found.sub(_text(rewrite), text, 0 if replace_global else 1), input, "regex_replace")


def regex_full_match(input: Any, pattern: str, name: str | None = None) -> np.ndarray:
    """Returns which strings match a regular expression as a whole."""
    found = re.compile(_text(pattern))
    return _mapped(lambda text: found.fullmatch(text) is not None, input, "regex_full_match", bool)


def _text(value: Any) -> str:
    return texts_of(_array(value, "regex_replace"), "utf-8")[0]


def join(inputs: Any, separator: str = "", name: str | None = None) -> np.ndarray:
    """Joins strings of several arrays, element by element."""
    arrays = np.broadcast_arrays(*[_array(part, "join") for part in inputs])
    rows = zip(*(texts_of(array, "utf-8") for array in arrays), strict=True)
    return as_output(np.array([separator.join(row) for row in rows], str).reshape(arrays[0].shape))


def reduce_join(
    inputs: Any, axis: Any = None, keepdims: bool = False, separator: str = "", name: str | None = None
) -> np.ndarray:
    """Joins the strings of an array along axes, of which the first one listed changes fastest; by default all."""
    array = _array(inputs, "reduce_join")
    listed = range(array.ndim)[::-1] if axis is None else [int(each) % array.ndim for each in np.ravel(axis)]
    kept = [each for each in range(array.ndim) if each not in listed]
    rows = array.transpose([*kept, *listed[::-1]]).reshape(math.prod(array.shape[each] for each in kept), -1)
    joined = np.array([separator.join(texts_of(row, "utf-8")) for row in rows], str)
    shape = [1 if each in listed else size for each, size in enumerate(array.shape) if keepdims or each in kept]
    return as_output(joined.reshape(shape))


def substr(input: Any, pos: Any, len: Any, unit: str = "BYTE", name: str | None = None) -> np.ndarray:
    """Returns parts of strings: `len` bytes, or characters with the unit "UTF8_CHAR", from `pos`.

    Raises:
        ArgumentError: If a string is shorter than its `pos`.
    """
    parts = np.broadcast_arrays(_array(input, "substr"), pos, len)
    found = []
    for text, start, count in zip(texts_of(parts[0], "utf-8"), parts[1].flat, parts[2].flat, strict=True):
        whole: Any = text if unit == "UTF8_CHAR" else text.encode("utf-8", "surrogateescape")
        size = _UNITS[unit](text)
        if not -size <= start <= size:
            raise ArgumentError(f"`tf.strings.substr`: pos {start} is outside of {text!r}")
        first = start + size if start < 0 else start
        part = whole[first : first + count]
        found.append(part if isinstance(part, str) else part.decode("utf-8", "surrogateescape"))
    return as_output(np.array(found, str).reshape(parts[0].shape))


def split(input: Any, sep: str | None = None, maxsplit: int = -1, name: str | None = None) -> Any:
    """Splits strings at white space or at a separator; a list of arrays, as there are no ragged tensors."""
    return _rows(lambda text: text.split(sep or None, maxsplit), input, "split")


def unicode_split(input: Any, input_encoding: str, errors: str = "replace", name: str | None = None) -> Any:
    """Splits strings into characters; a list of arrays, as there are no ragged tensors."""
    return _rows(list, input, "unicode_split")


def _rows(function: Callable[[str], list], value: Any, where: str) -> Any:
    array = _array(value, where)
    if array.ndim > 1:
        raise NotSupportedError(
            f"`tf.strings.{where}` takes a string or a vector, as minikeras has no ragged tensors. Received: shape "
            f"{array.shape}"
        )
    rows = [as_output(np.array(function(text), str)) for text in texts_of(array, "utf-8")]
    return rows if array.ndim else rows[0]


def as_string(input: Any, name: str | None = None) -> np.ndarray:
    """Converts integers to decimal digits."""
    array = np.asarray(input)
    if array.dtype.kind not in "iu":
        raise NotSupportedError(f"`tf.strings.as_string` takes integers here. Received: {brief(input)}")
    return as_output(np.array(list(map(str, array.ravel().tolist())), str).reshape(array.shape))


def to_number(input: Any, out_type: Any = np.float32, name: str | None = None) -> np.ndarray:
    """Converts strings to numbers."""
    return _mapped(np.dtype(out_type).type, input, "to_number", out_type)


def to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> np.ndarray:
    """Distributes strings over buckets by FarmHash64."""
    array = _array(input, "to_hash_bucket_fast")
    return as_output(bins(texts_of(array, "utf-8"), num_buckets, None).reshape(array.shape))


def to_hash_bucket_strong(input: Any, num_buckets: int, key: Any, name: str | None = None) -> np.ndarray:
    """Distributes strings over buckets by SipHash64 with a key of two integers."""
    array = _array(input, "to_hash_bucket_strong")
    return as_output(bins(texts_of(array, "utf-8"), num_buckets, list(key)).reshape(array.shape))
