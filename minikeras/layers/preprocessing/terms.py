"""The terms of a vocabulary and their indices; they do not change, so that a plan can hold on to them."""

from collections.abc import Sequence
from functools import cached_property
from itertools import repeat

import numpy as np

from .values import bytes_of
from .word_table import WordTable

_SPACES = " \t\n\x0b\x0c\r"  # no word holds them


class Terms:
    """The terms of a vocabulary, without special tokens.

    Args:
        terms: Strings, or integers; each once.
        first: The index of the first one.

    Example:
        >>> Terms(["b", "a"], 2).indices(["a", "b", "c"])
        [3, 2, -1]
    """

    def __init__(self, terms: Sequence, first: int):
        self.terms = list(terms)
        self.first = first
        self._with_padding: dict[int, dict[str, int]] = {}

    def __len__(self) -> int:
        return len(self.terms)

    @cached_property
    def by_text(self) -> dict[str, int]:
        """The index of each string."""
        return dict(zip(self.terms, range(self.first, self.first + len(self)), strict=True))

    def with_padding(self, index: int) -> dict[str, int]:
        """Returns the index of each string.

        Args:
            index: That of empty strings.
        """
        if index not in self._with_padding:
            self._with_padding[index] = {**self.by_text, "": index}
        return self._with_padding[index]

    @cached_property
    def word_table(self) -> WordTable | None:
        """The strings as words of texts; None if one of them has a zero byte."""
        if any("\0" in term for term in self.terms):
            return None
        pairs = [(term, self.by_text[term]) for term in self.terms if not any(space in term for space in _SPACES)]
        return WordTable(bytes_of([term for term, _ in pairs]), [index for _, index in pairs])

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        numbers = np.array(self.terms, np.int64)
        order = np.argsort(numbers)
        return numbers[order], order + self.first

    def indices(self, texts: Sequence[str]) -> list[int]:
        """Returns the index of each string, -1 for those that are no terms."""
        return list(map(self.by_text.get, texts, repeat(-1)))

    def indices_of_numbers(self, numbers: np.ndarray) -> np.ndarray:
        """Returns the index of each integer, -1 for those that are no terms."""
        if not len(self):
            return np.full(numbers.shape, -1)
        terms, indices = self._sorted
        places = np.minimum(np.searchsorted(terms, numbers), len(terms) - 1)
        return np.where(terms[places] == numbers, indices[places], -1)
