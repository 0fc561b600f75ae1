"""From texts to token indices and counts as primitives, so that texts are vectorized inside of a model."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np

from ...engine.primitive import Primitive, Spec
from .encoding import totals_of_rows
from .lookup_kernels import Lookup
from .tokenizer import Tokenizer
from .word_table import indices_of_texts

_MANY = 16  # texts from which on the words of all are looked up at once
_CHUNK = 512  # texts whose words are looked up at once, which stay in the cache


@dataclass(frozen=True, eq=False)
class Vectorizer:
    """How texts become token indices.

    Attributes:
        tokenizer: Splits texts into tokens.
        lookup: Maps tokens to indices; tokens that are out of the vocabulary have a single one.
        has_axis: Whether the last axis of the texts is one of tokens.
    """

    tokenizer: Tokenizer
    lookup: Lookup
    has_axis: bool

    def rows(self, texts: np.ndarray, limit: int | None = None) -> tuple[tuple[int, ...], np.ndarray, np.ndarray]:
        """Returns how documents are arranged, the indices of all their tokens, and the number of tokens of each.

        Args:
            texts: The texts.
            limit: The number of tokens of a document that count; None for all.
        """
        found = self._rows_of_words(texts)
        if found is not None:
            return found if limit is None else _truncated(*found, limit)
        shape, documents = self.tokenizer.documents(texts)
        lengths: list[int] = []
        found = self.lookup.terms.with_padding(self.lookup.mask_index)
        unknown = repeat(self.lookup.oov_start)

        def each() -> Iterator[map]:
            for tokens in documents:
                kept = tokens if limit is None else tokens[:limit]
                lengths.append(len(kept))
                yield map(found.get, kept, unknown)

        indices = np.fromiter(chain.from_iterable(each()), np.int64)
        return shape, indices, np.array(lengths, np.intp)

    def _rows_of_words(self, texts: np.ndarray) -> tuple | None:
        """Does the same for texts that are split at white space, in the fastest way; None if it does not apply."""
        standardized, table = self.tokenizer.standardized_words, self.lookup.terms.word_table
        if standardized is None or table is None or texts.size < _MANY:
            return None
        shape, flat = self.tokenizer.flat_bytes(texts)
        parts = []
        for start in range(0, len(flat), _CHUNK):
            part = indices_of_texts(flat[start : start + _CHUNK], table, self.lookup.oov_start, standardized)
            if part is None:
                return None
            parts.append(part)
        return shape, np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _truncated(shape: tuple, indices: np.ndarray, lengths: np.ndarray, limit: int) -> tuple:
    """Returns rows with at most `limit` indices."""
    if lengths.max(initial=0) <= limit:
        return shape, indices, lengths
    within = np.arange(len(indices)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return shape, indices[within < limit], np.minimum(lengths, limit)


def _ids_kernel(texts: np.ndarray, vectorizer: Vectorizer, length: int | None) -> np.ndarray:
    shape, indices, lengths = vectorizer.rows(texts, length)
    size = int(lengths.max(initial=0)) if length is None else length
    result = np.zeros((len(lengths), size), np.int64)
    result[np.arange(size) < lengths[:, None]] = indices
    return result.reshape(*shape, size)


def _counts_kernel(texts: np.ndarray, vectorizer: Vectorizer, depth: int, dtype: str, counts: bool) -> np.ndarray:
    shape, indices, lengths = vectorizer.rows(texts)
    return totals_of_rows(indices, lengths, depth, dtype, counts).reshape(*shape, depth)


def _documents_of(texts: Spec, vectorizer: Vectorizer) -> tuple:
    return texts.shape[:-1] if vectorizer.has_axis or len(texts.shape) > 1 else texts.shape


def _ids_rule(texts: Spec, vectorizer: Vectorizer, length: int | None) -> tuple:
    return (*_documents_of(texts, vectorizer), length), "int64"


def _counts_rule(texts: Spec, vectorizer: Vectorizer, depth: int, dtype: str, counts: bool) -> tuple:
    return (*_documents_of(texts, vectorizer), depth), dtype


IDS = Primitive("text_to_ids", _ids_kernel, shape=_ids_rule, takes_text=True)
COUNTS = Primitive("text_to_counts", _counts_kernel, shape=_counts_rule, takes_text=True)
