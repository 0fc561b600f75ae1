"""Text preprocessing of Keras 2: tokenization and vectorization."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ..errors import ArgumentTypeError, StateError, unknown_name, warn_legacy
from ..tracebacks import Filtered, filtered

__all__ = ["Tokenizer", "hashing_trick", "one_hot", "text_to_word_sequence", "tokenizer_from_json"]

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_MODES = ("binary", "count", "freq", "tfidf")


@filtered
def text_to_word_sequence(input_text: str, filters: str = _FILTERS, lower: bool = True, split: str = " ") -> list[str]:
    """Splits a text into words.

    Args:
        input_text: The text.
        filters: Characters that are replaced by `split`.
        lower: Whether to convert to lower case.
        split: Separator of words.

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/text_to_word_sequence

    Example:
        >>> text_to_word_sequence("The cat, the mat.")
        ['the', 'cat', 'the', 'mat']
    """
    text = input_text.lower() if lower else input_text
    text = text.translate({ord(character): split for character in filters})
    return [word for word in text.split(split) if word]


@filtered
def one_hot(
    input_text: str,
    n: int,
    filters: str = _FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable | None = None,
) -> list[int]:
    """Hashes each word to an index from 1 to `n - 1`; hashes differ between runs.

    Args:
        input_text: The text.
        n: Size of the hashing space.
        filters: See `text_to_word_sequence`.
        lower: See `text_to_word_sequence`.
        split: See `text_to_word_sequence`.
        analyzer: A custom function that splits the text.

    Example:
        >>> first, second, third = one_hot("a b a", 1000)
        >>> first == third
        True
    """
    return hashing_trick(input_text, n, hash, filters, lower, split, analyzer)


@filtered
def hashing_trick(
    text: str,
    n: int,
    hash_function: Callable | str | None = None,
    filters: str = _FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable | None = None,
) -> list[int]:
    """Hashes each word to an index from 1 to `n - 1`.

    Args:
        text: The text.
        n: Size of the hashing space.
        hash_function: A function of a word; "md5", which is stable across runs; or None for Python's `hash`.
        filters: See `text_to_word_sequence`.
        lower: See `text_to_word_sequence`.
        split: See `text_to_word_sequence`.
        analyzer: A custom function that splits the text.

    Example:
        >>> hashing_trick("the cat", 100, "md5")
        [51, 3]
    """
    if hash_function == "md5":
        import hashlib

        hash_function = lambda word: int(hashlib.md5(word.encode()).hexdigest(), 16)  # noqa: E731
    numbered = hash_function or hash
    words = text_to_word_sequence(text, filters, lower, split) if analyzer is None else analyzer(text)
    return [numbered(word) % (n - 1) + 1 for word in words]


class Tokenizer(Filtered):
    """Maps words to integers by frequency: the most frequent word has index 1; 0 is reserved for padding.

    Args:
        num_words: Keeps only the `num_words - 1` most frequent words.
        filters: Characters that are replaced by `split`.
        lower: Whether to convert to lower case.
        split: Separator of words.
        char_level: Whether to treat every character as a token.
        oov_token: Token for out-of-vocabulary words, with index 1. By default they are dropped.
        analyzer: A custom function that splits texts.
        **kwargs: `document_count`, from configs, and `nb_words` of Keras 1.

    Attributes:
        word_index: Dictionary of words to indices.
        index_word: Dictionary of indices to words.
        word_counts: Number of occurrences of each word.
        word_docs: Number of texts that contain each word.
        document_count: Number of texts.

    Raises:
        ArgumentTypeError: For unknown arguments.

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/text/Tokenizer

    Example:
        >>> tokenizer = Tokenizer(oov_token="?")
        >>> tokenizer.fit_on_texts(["the cat", "the mat"])
        >>> tokenizer.texts_to_sequences(["the dog"])
        [[2, 1]]
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = _FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        analyzer: Callable | None = None,
        **kwargs: Any,
    ):
        if "nb_words" in kwargs:
            warn_legacy("`Tokenizer(nb_words=...)`", "`Tokenizer(num_words=...)`")
            num_words = kwargs.pop("nb_words")
        self.document_count = kwargs.pop("document_count", 0)
        if kwargs:
            raise ArgumentTypeError(f"Tokenizer: unknown arguments {sorted(kwargs)}.")
        self.num_words, self.filters, self.lower, self.split = num_words, filters, lower, split
        self.char_level, self.oov_token, self.analyzer = char_level, oov_token, analyzer
        self.word_counts: dict[str, int] = {}
        self.word_docs: dict[str, int] = {}
        self.index_docs: dict[int, int] = {}
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def _words(self, text: Any) -> list[str]:
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return text
            return [part.lower() for part in text] if isinstance(text, list) else text.lower()
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts: Iterable) -> None:
        """Updates the vocabulary from texts, each a string or a list of words."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in dict.fromkeys(words):
                self.word_docs[word] = self.word_docs.get(word, 0) + 1
        ordered = sorted(self.word_counts, key=self.word_counts.get, reverse=True)
        if self.oov_token is not None:
            ordered.insert(0, self.oov_token)
        self.word_index = {word: number for number, word in enumerate(ordered, 1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences: list) -> None:
        """Counts the sequences that contain each index, for `sequences_to_matrix(mode="tfidf")`."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for number in dict.fromkeys(sequence):
                self.index_docs[number] = self.index_docs.get(number, 0) + 1

    def texts_to_sequences(self, texts: Iterable) -> list[list[int]]:
        """Converts each text to a sequence of word indices."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable) -> Iterator[list[int]]:
        """Yields each text as a sequence of word indices."""
        for text in texts:
            yield self._known(map(self.word_index.get, self._words(text)))

    def sequences_to_texts(self, sequences: Iterable) -> list[str]:
        """Converts each sequence of word indices to a text, with words separated by spaces."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable) -> Iterator[str]:
        """Yields each sequence of word indices as a text, with words separated by spaces."""
        for sequence in sequences:
            numbers = (number if number in self.index_word else None for number in sequence)
            yield " ".join(self.index_word[number] for number in self._known(numbers))

    def _known(self, numbers: Iterable) -> list[int]:
        """Returns the indices in the vocabulary; others are replaced by that of `oov_token`, or dropped."""
        other = self.word_index.get(self.oov_token) if self.oov_token is not None else None
        limit = self.num_words or len(self.word_index) + 1
        used = (number if number is not None and number < limit else other for number in numbers)
        return [number for number in used if number is not None]

    def texts_to_matrix(self, texts: Iterable, mode: str = "binary") -> np.ndarray:
        """Vectorizes texts; see `sequences_to_matrix`."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences: list, mode: str = "binary") -> np.ndarray:
        """Vectorizes sequences of word indices to a matrix with one row per sequence and one column per index.

        Args:
            sequences: The sequences.
            mode: "binary" (presence), "count" (occurrences), "freq" (relative frequency), or "tfidf":
                `(1 + log(count)) * log(1 + texts / (1 + texts with it))`.

        Raises:
            StateError: If the tokenizer was not fitted, and `num_words` is not given.
            UnknownNameError: If the mode is unknown.
        """
        if mode not in _MODES:
            raise unknown_name("mode of `Tokenizer`", mode, _MODES)
        if not self.num_words and not self.word_index:
            raise StateError("Tokenizer: the number of columns is unknown. Pass `num_words`, or call `fit_on_texts`.")
        if mode == "tfidf" and not self.document_count:
            raise StateError("Tokenizer: call `fit_on_texts` or `fit_on_sequences` before mode='tfidf'.")
        matrix = np.zeros((len(sequences), self.num_words or len(self.word_index) + 1))
        for row, sequence in zip(matrix, sequences, strict=True):
            for number, count in Counter(sequence).items():
                if number < len(row):
                    row[number] = self._entry(mode, number, count, len(sequence))
        return matrix

    def _entry(self, mode: str, number: int, count: int, length: int) -> float:
        if mode == "tfidf":
            rarity = np.log(1 + self.document_count / (1 + self.index_docs.get(number, 0)))
            return (1 + np.log(count)) * rarity
        return {"binary": 1, "count": count, "freq": count / length}[mode]

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments and the counts, the latter as JSON."""
        import json

        settings = ("num_words", "filters", "lower", "split", "char_level", "oov_token", "document_count")
        counts = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
        return {name: getattr(self, name) for name in settings} | {
            name: json.dumps(getattr(self, name)) for name in counts
        }

    def to_json(self, **kwargs: Any) -> str:
        """Returns the config as JSON; takes the arguments of `json.dumps`."""
        import json

        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


@filtered
def tokenizer_from_json(json_string: str) -> Tokenizer:
    """Creates a tokenizer from the output of `to_json`.

    Example:
        >>> tokenizer = Tokenizer()
        >>> tokenizer.fit_on_texts(["a b"])
        >>> tokenizer_from_json(tokenizer.to_json()).index_word
        {1: 'a', 2: 'b'}
    """
    import json

    config = json.loads(json_string)["config"]
    counts = {name: json.loads(config.pop(name)) for name in ("word_counts", "word_docs", "word_index")}
    # JSON keys are strings
    numbered = {
        name: {int(key): value for key, value in json.loads(config.pop(name)).items()}
        for name in ("index_docs", "index_word")
    }
    tokenizer = Tokenizer(**config)
    vars(tokenizer).update(counts | numbered)
    return tokenizer
