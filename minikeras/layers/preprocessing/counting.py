"""Counting terms while a layer adapts to data, and what follows from the counts: the vocabulary and its IDF weights."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np


class Counts:
    """How often each term has been seen.

    Attributes:
        terms: The number of occurrences of each term.
        documents: The number of documents in which each term occurs; only if they are counted.
        total: The number of documents.
    """

    def __init__(self) -> None:
        self.terms: Counter = Counter()
        self.documents: Counter = Counter()
        self.total = 0

    def add(self, documents: Iterable[list], each: bool) -> None:
        """Counts terms.

        Args:
            documents: The terms of each document.
            each: Whether to count in which documents terms occur, too.
        """
        for terms in documents:
            self.terms.update(terms)
            if each:
                self.documents.update(set(terms))
                self.total += 1

    def most_frequent(self, limit: int | None, left_out: Iterable[Any]) -> list:
        """Returns the terms by their number of occurrences, and those of one number in descending order.

        Args:
            limit: The maximum number of terms.
            left_out: Special tokens, which are not counted.
        """
        skipped = set(left_out)
        pairs = [(count, term) for term, count in self.terms.items() if term not in skipped]
        return [term for _, term in sorted(pairs, reverse=True)[:limit]]

    def idf_weights(self, terms: list, dtype: str) -> np.ndarray:
        """Returns `log(1 + documents / (1 + documents with the term))` of each term."""
        counts = np.array([self.documents[term] for term in terms], np.int64)
        return np.log(1 + self.total / (1 + counts)).astype(dtype)
