"""Text as numbers: words cut out, counted and numbered, as Keras 2 does it."""

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
    """Returns the words of a text.

    Args:
        input_text: The text.
        filters: Characters that are taken for `split`.
        lower: Whether words are put in lower case.
        split: What is between words.

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
    """Returns a number from 1 to `n - 1` for each word: its hash, which differs from run to run.

    Args:
        input_text: The text.
        n: One more than the largest number.
        filters: See `text_to_word_sequence`.
        lower: See `text_to_word_sequence`.
        split: See `text_to_word_sequence`.
        analyzer: What cuts the text instead.

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
    """Returns a number from 1 to `n - 1` for each word: its hash.

    Args:
        text: The text.
        n: One more than the largest number.
        hash_function: A function of a word; "md5", which is the same in each run; None: Python's `hash`.
        filters: See `text_to_word_sequence`.
        lower: See `text_to_word_sequence`.
        split: See `text_to_word_sequence`.
        analyzer: What cuts the text instead.

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
    """Numbers words by how often they occur: the most frequent one is 1; 0 is no word.

    Args:
        num_words: Only the `num_words - 1` most frequent words are used.
        filters: Characters that are taken for `split`.
        lower: Whether words are put in lower case.
        split: What is between words.
        char_level: Whether characters are numbered instead.
        oov_token: What stands for other words; it gets the number 1. By default they are left out.
        analyzer: What cuts texts instead.
        **kwargs: `document_count`, as configs have it, and `nb_words` of Keras 1.

    Attributes:
        word_index: The numbers by word.
        index_word: The words by number.
        word_counts: How often each word occurs.
        word_docs: In how many texts each word occurs.
        document_count: How many texts there were.

    Raises:
        ArgumentTypeError: For other arguments.

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
        """Counts and numbers the words of texts, each a string or a list of words."""
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
        """Counts in how many lists of numbers each number occurs, for `sequences_to_matrix(mode="tfidf")`."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for number in dict.fromkeys(sequence):
                self.index_docs[number] = self.index_docs.get(number, 0) + 1

    def texts_to_sequences(self, texts: Iterable) -> list[list[int]]:
        """Returns the numbers of the words of each text."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable) -> Iterator[list[int]]:
        """Yields the numbers of the words of each text."""
        for text in texts:
            yield self._known(map(self.word_index.get, self._words(text)))

    def sequences_to_texts(self, sequences: Iterable) -> list[str]:
        """Returns the words of each list of numbers, with spaces between them."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable) -> Iterator[str]:
        """Yields the words of each list of numbers, with spaces between them."""
        for sequence in sequences:
            numbers = (number if number in self.index_word else None for number in sequence)
            yield " ".join(self.index_word[number] for number in self._known(numbers))

    def _known(self, numbers: Iterable) -> list[int]:
        """Returns the numbers that are used, and that of `oov_token` in the place of others."""
        other = self.word_index.get(self.oov_token) if self.oov_token is not None else None
        limit = self.num_words or len(self.word_index) + 1
        used = (number if number is not None and number < limit else other for number in numbers)
        return [number for number in used if number is not None]

    def texts_to_matrix(self, texts: Iterable, mode: str = "binary") -> np.ndarray:
        """Returns for each text a row with a column for each number; see `sequences_to_matrix`."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences: list, mode: str = "binary") -> np.ndarray:
        """Returns for each list of numbers a row with a column for each number.

        Args:
            sequences: The lists.
            mode: What the columns hold: "binary": whether a number occurs; "count": how often; "freq": the share;
                "tfidf": `(1 + log(count)) * log(1 + texts / (1 + texts with it))`.

        Raises:
            StateError: If no text was counted, and `num_words` is not given.
            UnknownNameError: If it is another mode.
        """
        if mode not in _MODES:
            raise unknown_name("mode of `Tokenizer`", mode, _MODES)
        if not self.num_words and not self.word_index:
            raise StateError("Tokenizer: the number of columns is not known. Give `num_words`, or call `fit_on_texts`.")
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
        """Returns the arguments and the counts, those as JSON."""
        import json

        settings = ("num_words", "filters", "lower", "split", "char_level", "oov_token", "document_count")
        counts = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
        return {name: getattr(self, name) for name in settings} | {
            name: json.dumps(getattr(self, name)) for name in counts
        }

    def to_json(self, **kwargs: Any) -> str:
        """Returns the config as JSON; the arguments are those of `json.dumps`."""
        import json

        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


@filtered
def tokenizer_from_json(json_string: str) -> Tokenizer:
    """Makes the tokenizer that `to_json` described.

    Example:
        >>> tokenizer = Tokenizer()
        >>> tokenizer.fit_on_texts(["a b"])
        >>> tokenizer_from_json(tokenizer.to_json()).index_word
        {1: 'a', 2: 'b'}
    """
    import json

    config = json.loads(json_string)["config"]
    counts = {name: json.loads(config.pop(name)) for name in ("word_counts", "word_docs", "word_index")}
    # JSON has no numbers as keys
    numbered = {
        name: {int(key): value for key, value in json.loads(config.pop(name)).items()}
        for name in ("index_docs", "index_word")
    }
    tokenizer = Tokenizer(**config)
    vars(tokenizer).update(counts | numbered)
    return tokenizer
