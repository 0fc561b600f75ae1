"""FarmHash Fingerprint64, by which Keras assigns strings to bins, of many strings at once.

Source: https://github.com/google/farmhash
"""

from collections.abc import Sequence

import numpy as np

_K0, _K1, _K2 = map(np.uint64, (0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F))
_CAT = np.uint64(0xC6A4A7935BD1E995)
_SEED = np.uint64(81)
_BLOCK = 64  # bytes of a long string that are mixed at a time

Words = np.ndarray  # of uint64, one for each string


class Texts:
    """Strings in one buffer, from which 8 or 4 bytes of each are read at a time.

    Args:
        texts: The strings, as bytes.

    Attributes:
        starts: Where each string begins.
        lengths: Its length in bytes.
        words: The 8 bytes at each position, as little-endian numbers.
    """

    def __init__(self, texts: Sequence[bytes]):
        self.lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self.starts = np.cumsum(self.lengths) - self.lengths
        self._buffer = b"".join(texts) + bytes(8)
        self.words = np.ndarray((len(self._buffer) - 7,), "<u8", self._buffer, strides=(1,))
        self._halves = np.ndarray((len(self._buffer) - 3,), "<u4", self._buffer, strides=(1,))
        self._bytes = np.frombuffer(self._buffer, np.uint8)

    def halves(self, positions: np.ndarray) -> Words:
        """Returns the 4 bytes at each position."""
        return self._halves[positions].astype(np.uint64)

    def bytes(self, positions: np.ndarray) -> Words:
        """Returns the byte at each position."""
        return self._bytes[positions].astype(np.uint64)


def fingerprints(texts: Sequence[bytes]) -> np.ndarray:
    """Returns the FarmHash Fingerprint64 of each string, as uint64.

    Example:
        >>> int(fingerprints([b"A"])[0])
        16915294056622060564
    """
    buffer = Texts(texts)
    result = np.empty(len(texts), np.uint64)
    with np.errstate(over="ignore"):
        for low, high, function in ((0, 0, _empty), (1, 3, _to_3), (4, 7, _to_7), (8, 16, _to_16), (17, 32, _to_32)):
            _fill(result, buffer, low, high, function)
        _fill(result, buffer, 33, 64, _to_64)
        _fill(result, buffer, 65, np.inf, _longer)
    return result


def crossed(first: Words, second: Words) -> Words:
    """Returns the fingerprint of pairs of fingerprints, by which crosses of features are assigned to bins.

    Example:
        >>> int(crossed(np.uint64([1]), np.uint64([2]))[0])
        14454907135238785252
    """
    with np.errstate(over="ignore"):
        result = first ^ _CAT ^ (_shifted(second * _CAT) * _CAT)
        return _shifted(_shifted(result * _CAT) * _CAT)


def _fill(result: Words, texts: Texts, low: int, high: float, function: object) -> None:
    which = np.flatnonzero((texts.lengths >= low) & (texts.lengths <= high))
    if len(which):
        lengths = texts.lengths[which]
        result[which] = function(texts, texts.starts[which], lengths)


def _rotated(x: Words, count: int) -> Words:
    return (x >> np.uint64(count)) | (x << np.uint64(64 - count))


def _shifted(x: Words) -> Words:
    return x ^ (x >> np.uint64(47))


def _mixed(u: Words, v: Words, factor: Words) -> Words:
    a = _shifted((u ^ v) * factor)
    return _shifted((v ^ a) * factor) * factor


def _factor(lengths: np.ndarray) -> Words:
    return _K2 + lengths.astype(np.uint64) * np.uint64(2)


def _empty(texts: Texts, starts: np.ndarray, lengths: np.ndarray) -> Words:
    return np.full(len(starts), _K2)


def _to_3(texts: Texts, starts: np.ndarray, lengths: np.ndarray) -> Words:
    a, b, c = (texts.bytes(starts + offset) for offset in (0, lengths >> 1, lengths - 1))
    y = a + (b << np.uint64(8))
    z = lengths.astype(np.uint64) + (c << np.uint64(2))
    return _shifted(y * _K2 ^ z * _K0) * _K2


def _to_7(texts: Texts, starts: np.ndarray, lengths: np.ndarray) -> Words:
    first, last = texts.halves(starts), texts.halves(starts + lengths - 4)
    return _mixed(lengths.astype(np.uint64) + (first << np.uint64(3)), last, _factor(lengths))


def _to_16(texts: Texts, starts: np.ndarray, lengths: np.ndarray) -> Words:
    factor = _factor(lengths)
    a, b = texts.words[starts] + _K2, texts.words[starts + lengths - 8]
    c = _rotated(b, 37) * factor + a
    d = (_rotated(a, 25) + b) * factor
    return _mixed(c, d, factor)


def _ends(texts: Texts, starts: np.ndarray, lengths: np.ndarray, k: Words) -> tuple[Words, ...]:
    """Mixes the first and the last 16 bytes; also returns the first 8 bytes and the factor, which are used again."""
    factor = _factor(lengths)
    a, b = texts.words[starts] * k, texts.words[starts + 8]
    c, d = texts.words[starts + lengths - 8] * factor, texts.words[starts + lengths - 16] * _K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d
    z = _mixed(y, a + _rotated(b + _K2, 18) + c, factor)
    return y, z, a, factor


def _to_32(texts: Texts, starts: np.ndarray, lengths: np.ndarray) -> Words:
    return _ends(texts, starts, lengths, _K1)[1]


def _to_64(texts: Texts, starts: np.ndarray, lengths: np.ndarray) -> Words:
    y, z, a, factor = _ends(texts, starts, lengths, _K2)
    e, f = texts.words[starts + 16] * factor, texts.words[starts + 24]
    g = (y + texts.words[starts + lengths - 32]) * factor
    h = (z + texts.words[starts + lengths - 24]) * factor
    return _mixed(_rotated(e + f, 43) + _rotated(g, 30) + h, e + _rotated(f + a, 18) + g, factor)


def _half_block(texts: Texts, at: np.ndarray, a: Words, b: Words) -> tuple[Words, Words]:
    """Mixes 32 bytes with two numbers."""
    w, x, y, z = (texts.words[at + offset] for offset in (0, 8, 16, 24))
    a = a + w
    b = _rotated(b + a + z, 21)
    c = a
    a = a + x + y
    return a + z, b + _rotated(a, 44) + c


class _State:
    """What the blocks of long strings are mixed into.

    Args:
        first: The first 8 bytes of each string.
    """

    def __init__(self, first: Words):
        zero = np.zeros_like(first)
        y = _SEED * _K1 + np.uint64(113)
        self.parts = [_SEED * _K2 + first, zero + y, zero + _shifted(y * _K2 + np.uint64(113)) * _K2, *[zero] * 4]

    def mix(self, texts: Texts, at: np.ndarray, which: np.ndarray) -> None:
        """Mixes in the block at a position of some of the strings."""
        parts = [part[which] for part in self.parts]
        mixed = _block(texts, at, parts, _K1, np.uint64(1))
        for index, part in enumerate(mixed):
            self.parts[index] = self.parts[index].copy()
            self.parts[index][which] = part


def _block(texts: Texts, at: np.ndarray, parts: Sequence[Words], factor: Words, nine: Words) -> list[Words]:
    x, y, z, v0, v1, w0, w1 = parts
    word = lambda offset: texts.words[at + offset]  # noqa: E731
    x = _rotated(x + y + v0 + word(8), 37) * factor
    y = _rotated(y + v1 + word(48), 42) * factor
    x = x ^ (w1 * nine)
    y = y + v0 * nine + word(40)
    z = _rotated(z + w0, 33) * factor
    v0, v1 = _half_block(texts, at, v1 * factor, x + w0)
    w0, w1 = _half_block(texts, at + 32, z + w1, y + word(16))
    return [z, y, x, v0, v1, w0, w1]


def _longer(texts: Texts, starts: np.ndarray, lengths: np.ndarray) -> Words:
    state = _State(texts.words[starts])
    blocks = (lengths - 1) // _BLOCK
    for number in range(int(blocks.max())):
        which = np.flatnonzero(blocks > number)
        state.mix(texts, starts[which] + number * _BLOCK, which)
    x, y, z, v0, v1, w0, w1 = state.parts
    factor = _K1 + ((z & np.uint64(0xFF)) << np.uint64(1))
    w0 = w0 + ((lengths - 1) & 63).astype(np.uint64)
    v0 = v0 + w0
    w0 = w0 + v0
    last = _block(texts, starts + lengths - _BLOCK, (x, y, z, v0, v1, w0, w1), factor, np.uint64(9))
    x, y, z, v0, v1, w0, w1 = last
    low = _mixed(v0, w0, factor) + _shifted(y) * _K0 + z
    return _mixed(low, _mixed(v1, w1, factor) + x, factor)
