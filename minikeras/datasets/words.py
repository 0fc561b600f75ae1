"""Sequences of word indices, prepared alike for IMDB and Reuters."""

import json
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np

from ..argument_checks import check_optional_int
from .sources import cached_file, read


def check_words(where: str, num_words: Any, skip_top: Any, maxlen: Any) -> None:
    """Checks the arguments that `prepared`, `without_long` and `limited` have.

    Raises:
        ArgumentError: If one is neither None nor an integer that is at least 0.
    """
    for name, value in (("num_words", num_words), ("skip_top", skip_top), ("maxlen", maxlen)):
        check_optional_int(where, name, value, 0)


def prepared(sequences: Sequence, start_char: int | None, index_from: int | None) -> list[list[int]]:
    """Returns sequences with indices from `index_from` on, and a mark at their start.

    Example:
        >>> prepared([[1, 2], [5]], 1, 3)
        [[1, 4, 5], [1, 8]]
    """
    if start_char is not None:
        return [[start_char, *(word + (index_from or 0) for word in sequence)] for sequence in sequences]
    return [[word + (index_from or 0) for word in sequence] for sequence in sequences]


def without_long(sequences: list, labels: Any, maxlen: int | None) -> tuple[list, Any]:
    """Returns the sequences that are shorter than `maxlen`, and their labels.

    Example:
        >>> without_long([[1, 2], [5]], [0, 1], 2)
        ([[5]], [1])
    """
    if not maxlen:
        return sequences, labels
    kept = [(sequence, label) for sequence, label in zip(sequences, labels, strict=True) if len(sequence) < maxlen]
    return [sequence for sequence, _ in kept], [label for _, label in kept]


def limited(sequences: list, num_words: int | None, skip_top: int, oov_char: int | None) -> list[list[int]]:
    """Returns sequences in which rare and frequent words are replaced by `oov_char`, or left out if that is None.

    Args:
        sequences: The sequences.
        num_words: Indices from this one on are rare; by default the largest one is, as in Keras.
        skip_top: Indices below are frequent.
        oov_char: What replaces them.

    Example:
        >>> limited([[1, 9, 4], [8]], 9, 2, 0), limited([[1, 9, 4], [8]], None, 0, None)
        ([[0, 0, 4], [8]], [[1, 4], [8]])
    """
    end = num_words or max((max(sequence, default=0) for sequence in sequences), default=0)
    if oov_char is None:
        return [[word for word in sequence if skip_top <= word < end] for sequence in sequences]
    return [[word if skip_top <= word < end else oov_char for word in sequence] for sequence in sequences]


def as_objects(sequences: list) -> np.ndarray:
    """Returns a one-dimensional array of lists.

    Example:
        >>> as_objects([[1], [2]])
        array([list([1]), list([2])], dtype=object)
    """
    array = np.empty(len(sequences), object)
    array[:] = sequences
    return array


def word_index(fname: Any, origin: str, file_hash: str) -> dict[str, int]:
    """Returns the dictionary of words to indices in a JSON file.

    Args:
        fname: The name of the file in the cache.
        origin: Its URL.
        file_hash: Its hash.
    """

    def reader(file: BinaryIO) -> dict:
        words = json.loads(file.read().decode("utf-8"))
        if not isinstance(words, dict):
            raise ValueError("a dictionary of words was expected")
        return words

    return read(cached_file(fname, origin, file_hash), reader)
