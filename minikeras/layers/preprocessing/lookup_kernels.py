"""Lookups of terms as primitives, so that strings are encoded inside of a model as anywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...engine.primitive import Primitive, Spec
from ...errors import DataError, brief
from .farmhash import fingerprints
from .siphash import keyed_hashes
from .terms import Terms
from .values import bytes_of, texts_of, whole_numbers

LEFT_OUT = -2  # the index of mask tokens where they are dropped; -1 is that of unknown terms


@dataclass(frozen=True, eq=False)
class Lookup:
    """How values are mapped to indices.

    Attributes:
        terms: The vocabulary.
        where: The layer, for error messages.
        mask: The mask token; None if there is none.
        mask_index: The index of the mask token.
        oov_start: The first index of terms that are out of the vocabulary.
        oov_count: The number of such indices.
        hashes: Whether integers are hashed; else their remainder counts.
        salt: The key of SipHash; None for FarmHash.
        encoding: The encoding of bytes; None if the terms are integers.
    """

    terms: Terms
    where: str
    mask: str | int | None
    mask_index: int
    oov_start: int
    oov_count: int
    hashes: bool
    salt: tuple[int, int] | None
    encoding: str | None

    def indices(self, array: np.ndarray) -> np.ndarray:
        """Returns the index of each value, as int64.

        Raises:
            DataError: If a value is out of the vocabulary and there is no index for such values.
        """
        if self.encoding is not None:
            values: Sequence = texts_of(array, self.encoding)
            found = np.array(self.terms.indices(values), np.int64)
        else:
            values = whole_numbers(array, self.where).ravel()
            found = np.array(self.terms.indices_of_numbers(values), np.int64)
        unknown = np.flatnonzero(found < 0)
        if self.mask is not None and len(unknown):
            masked = [place for place in unknown.tolist() if values[place] == self.mask]
            found[masked] = self.mask_index
            unknown = unknown[found[unknown] == -1]
        if len(unknown):
            found[unknown] = self._unknown([values[place] for place in unknown.tolist()])
        return found.reshape(array.shape)

    def _unknown(self, values: Sequence) -> np.ndarray | int:
        if self.oov_count == 0:
            raise DataError(
                f"{self.where}: with `num_oov_indices=0` all inputs must be in the vocabulary. Received: "
                f"{brief(list(dict.fromkeys(values))[:5])}. Set `num_oov_indices=1` to allow others."
            )
        if self.oov_count == 1:
            return self.oov_start
        if self.encoding is None and not self.hashes:
            return np.array(values, np.int64) % self.oov_count + self.oov_start
        texts = list(values) if self.encoding is not None else list(map(str, values))
        return bins(texts, self.oov_count, self.salt) + self.oov_start


def bins(texts: Sequence, count: int, salt: Sequence[int] | None) -> np.ndarray:
    """Returns the bin of each string: its FarmHash modulo the number of bins, or with a salt its SipHash.

    Args:
        texts: The strings.
        count: The number of bins.
        salt: Two integers, or None.

    Example:
        >>> bins(["A", "B", "D"], 3, None)
        array([1, 0, 1])
    """
    unique = dict(zip(dict.fromkeys(texts), range(len(texts)), strict=False))
    encoded = bytes_of(list(unique))
    hashes = fingerprints(encoded) if salt is None else keyed_hashes(encoded, salt)
    return (hashes % np.uint64(count)).astype(np.int64)[np.fromiter(map(unique.get, texts), np.int64, len(texts))]


@dataclass(frozen=True, eq=False)
class Inverse:
    """How indices are mapped to terms.

    Attributes:
        terms: The vocabulary.
        where: The layer, for error messages.
        mask: The mask token, the term of index 0; None if there is none.
        unknown: The term of all other indices.
        dtype: "string", or that of the terms.
    """

    terms: Terms
    where: str
    mask: str | int | None
    unknown: str | int
    dtype: str

    def terms_of(self, array: np.ndarray) -> np.ndarray:
        """Returns the term of each index."""
        places = whole_numbers(array, self.where) - self.terms.first
        outside = (places < 0) | (places >= len(self.terms))
        table = np.empty(len(self.terms) + 2, object if self.dtype == "string" else self.dtype)
        table[:] = [*self.terms.terms, self.unknown, self.unknown if self.mask is None else self.mask]
        places = np.where(outside, len(self.terms), places)
        if self.mask is not None:
            places = np.where(array == 0, len(self.terms) + 1, places)
        return table[places]


def _indices_rule(x: Spec, lookup: Lookup) -> tuple:
    return x.shape, "int64"


def _terms_rule(x: Spec, inverse: Inverse) -> tuple:
    return x.shape, inverse.dtype


INDICES = Primitive("lookup", lambda x, lookup: lookup.indices(x), shape=_indices_rule, takes_text=True)
TERMS = Primitive("inverse_lookup", lambda x, inverse: inverse.terms_of(x), shape=_terms_rule)
