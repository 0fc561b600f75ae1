"""SipHash-2-4, by which Keras assigns strings to bins when a salt is given, of many strings at once.

Source: https://www.aumasson.jp/siphash/siphash.pdf
"""

from collections.abc import Sequence

import numpy as np

from .farmhash import Texts

_INITIAL = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
_MASK = (1 << 64) - 1


def keyed_hashes(texts: Sequence[bytes], key: Sequence[int]) -> np.ndarray:
    """Returns the SipHash of each string, as uint64.

    Args:
        texts: The strings, as bytes.
        key: Two integers of 64 bits.

    Example:
        >>> hex(keyed_hashes([bytes(range(15))], [0x0706050403020100, 0x0F0E0D0C0B0A0908])[0])
        '0xa129ca6149be45e5'
    """
    buffer = Texts(texts)
    keys = [np.uint64(part & _MASK) for part in key]
    state = [np.full(len(texts), np.uint64(k) ^ keys[i % 2]) for i, k in enumerate(_INITIAL)]
    blocks = buffer.lengths // 8
    with np.errstate(over="ignore"):
        for number in range(int(blocks.max(initial=0))):
            which = np.flatnonzero(blocks > number)
            _mix(state, which, buffer.words[buffer.starts[which] + 8 * number])
        _mix(state, np.arange(len(texts)), _last_words(buffer, blocks))
        state[2] ^= np.uint64(0xFF)
        for _ in range(4):
            state = _round(*state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _last_words(texts: Texts, blocks: np.ndarray) -> np.ndarray:
    """Returns the bytes after the last whole block, with the length in the highest byte."""
    rest = (texts.lengths - 8 * blocks).astype(np.uint64)
    words = texts.words[texts.starts + 8 * blocks]
    words = words & ((np.uint64(1) << (rest * np.uint64(8))) - np.uint64(1))
    return words | (texts.lengths.astype(np.uint64) << np.uint64(56))


def _mix(state: list[np.ndarray], which: np.ndarray, words: np.ndarray) -> None:
    parts = [part[which] for part in state]
    parts[3] = parts[3] ^ words
    parts = _round(*_round(*parts))
    parts[0] = parts[0] ^ words
    for part, new in zip(state, parts, strict=True):
        part[which] = new


def _rotated(x: np.ndarray, count: int) -> np.ndarray:
    return (x << np.uint64(count)) | (x >> np.uint64(64 - count))


def _round(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> list[np.ndarray]:
    a, c = a + b, c + d
    b, d = _rotated(b, 13) ^ a, _rotated(d, 16) ^ c
    a, c = _rotated(a, 32) + d, c + b
    b, d = _rotated(b, 17) ^ c, _rotated(d, 21) ^ a
    return [a, b, _rotated(c, 32), d]
