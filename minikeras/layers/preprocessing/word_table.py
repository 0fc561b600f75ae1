"""Looking up all words of many texts at once: a hash table in arrays, keyed by up to 16 bytes of each word.

A dict takes 300 ns for a word, most of them to make it an object and to wait for memory; this takes a third.
"""

from collections.abc import Callable, Sequence

import numpy as np

_BYTES = 16  # longer words are looked up one by one
_SPACES = np.isin(np.arange(256), list(b" \t\n\x0b\x0c\r"))
_MASKS = np.array([(1 << (8 * size)) - 1 for size in range(9)], np.uint64)  # of the first bytes of a word
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)


class Words:
    """The words in a text, which are separated by white space of ASCII.

    Args:
        text: The text; a space and 16 bytes follow the last word.

    Attributes:
        starts: Where each word begins.
        lengths: Its length in bytes.
        keys: Its first 8 bytes and the 8 bytes after them, filled up with zeros.
    """

    def __init__(self, text: bytes):
        self._text = text
        is_space = _SPACES[np.frombuffer(text, np.uint8)]
        edges = np.flatnonzero(is_space[1:] != is_space[:-1]) + 1
        edges = edges if is_space[0] else np.concatenate([[0], edges])
        self.starts, ends = edges[0::2], edges[1::2]
        self.starts = self.starts[: len(ends)]
        self.lengths = ends - self.starts
        numbers = np.ndarray((len(text) - 7,), "<u8", text, strides=(1,))
        first = numbers[self.starts] & _MASKS[np.minimum(self.lengths, 8)]
        second = numbers[self.starts + 8] & _MASKS[np.clip(self.lengths - 8, 0, 8)]
        self.keys = first, second

    def word(self, index: int) -> bytes:
        """Returns a word."""
        start = int(self.starts[index])
        return self._text[start : start + int(self.lengths[index])]


class WordTable:
    """A hash table of words.

    Args:
        words: The words, without white space and zero bytes.
        indices: The index of each.
    """

    def __init__(self, words: Sequence[bytes], indices: Sequence[int]):
        short = [(word, index) for word, index in zip(words, indices, strict=True) if 0 < len(word) <= _BYTES]
        self._long = {word: index for word, index in zip(words, indices, strict=True) if len(word) > _BYTES}
        self._bits = max(4, (4 * len(short)).bit_length())
        size = 1 << self._bits
        self._keys = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
        self._indices = np.full(size, -1, np.int64)  # -1: the place is free
        found = Words(b" ".join([word for word, _ in short]) + bytes([32]) + bytes(_BYTES))
        self._insert(found.keys, np.array([index for _, index in short], np.int64))

    def _places(self, keys: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        with np.errstate(over="ignore"):
            mixed = (keys[0] * _FACTORS[0]) ^ (keys[1] * _FACTORS[1])
            mixed = (mixed ^ (mixed >> np.uint64(29))) * _FACTORS[0]
        return (mixed >> np.uint64(64 - self._bits)).astype(np.int64)

    def _insert(self, keys: tuple[np.ndarray, np.ndarray], indices: np.ndarray) -> None:
        places, last = self._places(keys), len(self._indices) - 1
        pending = np.arange(len(indices))
        while len(pending):
            free = pending[self._indices[places[pending]] == -1]
            _, which = np.unique(places[free], return_index=True)
            chosen = free[which]
            for own, key in zip(self._keys, keys, strict=True):
                own[places[chosen]] = key[chosen]
            self._indices[places[chosen]] = indices[chosen]
            pending = np.setdiff1d(pending, chosen, assume_unique=True)
            places[pending] = (places[pending] + 1) & last

    def indices(self, words: Words, unknown: int) -> np.ndarray:
        """Returns the index of each word.

        Args:
            words: The words.
            unknown: The index of words that are not in the table.
        """
        places, last = self._places(words.keys), len(self._indices) - 1
        result = self._indices[places]
        same = (self._keys[0][places] == words.keys[0]) & (self._keys[1][places] == words.keys[1])
        pending = np.flatnonzero(~same & (result >= 0))
        while len(pending):
            places[pending] = (places[pending] + 1) & last
            here = places[pending]
            result[pending] = self._indices[here]
            same = (self._keys[0][here] == words.keys[0][pending]) & (self._keys[1][here] == words.keys[1][pending])
            pending = pending[~same & (result[pending] >= 0)]
        result[result < 0] = unknown
        for index in np.flatnonzero(words.lengths > _BYTES).tolist():
            result[index] = self._long.get(words.word(index), unknown)
        return result


def indices_of_texts(
    texts: Sequence[bytes], table: WordTable, unknown: int, standardized: Callable[[bytes], bytes]
) -> tuple[np.ndarray, np.ndarray] | None:
    """Returns the indices of the words of all texts, one after the other, and the number of words of each.

    None if a text holds zero bytes, which keys cannot tell from their end.

    Args:
        texts: The texts.
        table: The vocabulary.
        unknown: The index of words that are not in it.
        standardized: Standardizes bytes; it keeps white space.
    """
    parts = list(map(standardized, texts))
    whole = b" ".join(parts) + b" " + bytes(_BYTES)
    if whole.find(b"\0") < len(whole) - _BYTES:
        return None
    words = Words(whole)
    ends = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)) + 1)
    counts = np.searchsorted(words.starts, ends)
    return table.indices(words, unknown), np.diff(counts, prepend=0)
