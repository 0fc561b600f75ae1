"""From texts to tokens: standardizing, splitting, n-grams. Letters and spaces are those of ASCII, as in TensorFlow."""

import re
import string
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

import numpy as np

from ...engine.dtypes import holds_text
from ...errors import DataError, ShapeError, brief
from .values import bytes_of, text_of, texts_of

_PUNCTUATION = string.punctuation.encode()
_LOWER = bytes(range(256)).lower()  # of ASCII letters alone
_WORDS = re.compile(r"[^ \t\n\x0b\x0c\r]+")
_MORE_SPACES = "\x1c\x1d\x1e\x1f"  # those of `str.split` that are ASCII, but no white space to TensorFlow


class Tokenizer:
    """Splits texts into tokens.

    Args:
        standardize: "lower_and_strip_punctuation", "lower", "strip_punctuation", a function of an array of strings, or
            None.
        split: "whitespace", "character", a function of an array of strings that returns the tokens of each, or None.
        ngrams: The lengths of the n-grams to form; None for the tokens themselves.
        encoding: The encoding of texts that are bytes.
        where: The layer, for error messages.
    """

    def __init__(self, standardize: Any, split: Any, ngrams: tuple[int, ...] | None, encoding: str, where: str):
        self._standardize, self._split, self._ngrams = standardize, split, ngrams
        self._encoding, self._where = encoding, where

    @property
    def standardized_words(self) -> Callable[[bytes], bytes] | None:
        """How bytes are standardized before they are split at white space; None if anything else is to be done."""
        if self._split != "whitespace" or self._ngrams is not None or callable(self._standardize):
            return None
        return bytes if self._standardize is None else self._standardize_one()

    def flat_bytes(self, texts: np.ndarray) -> tuple[tuple[int, ...], list[bytes]]:
        """Returns the shape in which texts to split are arranged, and the texts in UTF-8."""
        texts = self._to_split(texts)
        return texts.shape, bytes_of(texts.ravel().tolist(), self._encoding)

    def documents(self, texts: np.ndarray) -> tuple[tuple[int, ...], Iterator[list[str]]]:
        """Returns the shape in which documents are arranged, and an iterator of the tokens of each.

        Args:
            texts: Strings. If they are split, a last axis must have size 1; else it holds the tokens of a document.

        Raises:
            ShapeError: If texts to split have another last axis.
        """
        if callable(self._standardize):
            texts = self._strings(self._standardize(self._as_text(texts)), "standardize")
        if self._split is None:
            return self._unsplit(texts)
        texts = self._to_split(texts)
        return texts.shape, self._with_ngrams(self._tokens(texts))

    def _to_split(self, texts: np.ndarray) -> np.ndarray:
        """Returns texts without a last axis of size 1."""
        if texts.ndim > 1:
            if texts.shape[-1] != 1:
                raise ShapeError(
                    f"{self._where}: texts to split must be a vector, or have a last axis of size 1. Received: shape "
                    f"{texts.shape}. Use `split=None` for tokens."
                )
            texts = texts[..., 0]
        return texts

    def _unsplit(self, texts: np.ndarray) -> tuple[tuple[int, ...], Iterator[list[str]]]:
        if texts.ndim == 0:
            raise ShapeError(f"{self._where}: with `split=None`, tokens must have an axis. Received: a single string")
        flat = self._standardized(texts.ravel().tolist())
        size = texts.shape[-1]
        rows = (flat[start : start + size] for start in range(0, len(flat), size)) if size else repeat([], 0)
        return texts.shape[:-1], self._with_ngrams(rows)

    def _standardized(self, texts: list) -> list[str]:
        """Returns texts with a named way of standardizing applied, for which bytes are faster than strings."""
        if self._standardize is None or callable(self._standardize):
            return texts_of(np.array(texts, object), self._encoding)
        return [text_of(text) for text in map(self._standardize_one(), bytes_of(texts, self._encoding))]

    def _standardize_one(self) -> Callable[[bytes], bytes]:
        if self._standardize == "lower_and_strip_punctuation":
            return lambda text: text.translate(_LOWER, _PUNCTUATION)
        if self._standardize == "strip_punctuation":
            return lambda text: text.translate(None, _PUNCTUATION)
        return bytes.lower

    def _tokens(self, texts: np.ndarray) -> Iterator[list[str]]:
        flat = self._standardized(texts.ravel().tolist())
        if callable(self._split):
            return self._of_function(self._split(np.array(flat, str).reshape(texts.shape)), texts.shape)
        return map(_characters if self._split == "character" else _words, flat)

    def _of_function(self, rows: Any, shape: tuple[int, ...]) -> Iterator[list[str]]:
        """Yields the tokens that the function of the user returned for each text."""
        rows = [rows] if not shape else list(rows)
        while len(shape) > 1:
            rows, shape = [row for part in rows for row in part], (shape[0] * shape[1], *shape[2:])
        if len(rows) != (shape[0] if shape else 1):
            raise DataError(
                f"{self._where}: `split` must return the tokens of each of the {shape[0]} texts. Received: {len(rows)}"
            )
        return (texts_of(self._strings(list(row), "split"), self._encoding) for row in rows)

    def _as_text(self, texts: np.ndarray) -> np.ndarray:
        """Returns strings as an array of numpy's strings, for functions of the user."""
        return np.array(texts_of(texts, self._encoding), str).reshape(texts.shape)

    def _strings(self, values: Any, name: str) -> np.ndarray:
        array = np.asarray(values)
        if array.size and not holds_text(array):
            raise DataError(f"{self._where}: the function `{name}` must return strings. Received: {brief(values)}")
        return array

    def _with_ngrams(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        return rows if self._ngrams is None else map(self._grams, rows)

    def _grams(self, tokens: list[str]) -> list[str]:
        """Returns the n-grams of a document, those of one length after those of another."""
        return list(chain.from_iterable(map(self._grams_of, repeat(tokens), self._ngrams)))

    @staticmethod
    def _grams_of(tokens: list[str], size: int) -> Iterator[str]:
        if size == 1:
            return iter(tokens)
        return map(" ".join, zip(*(tokens[start:] for start in range(size)), strict=False))


def _words(text: str) -> list[str]:
    """Returns what is between white space of ASCII."""
    if text.isascii() and not any(space in text for space in _MORE_SPACES):
        return text.split()
    return _WORDS.findall(text)


def _characters(text: str) -> list[str]:
    """Returns the characters; bytes that are no UTF-8 become U+FFFD."""
    return list(text) if text.isascii() else list(bytes_of([text])[0].decode("utf-8", "replace"))
