"""The `TextVectorization` layer."""

import os
from collections.abc import Callable
from typing import Any, Unpack

import numpy as np

from ...argument_checks import as_bool, check_optional_int, is_int
from ...engine.dispatch import apply
from ...engine.tensor import Tensor as Traced
from ...errors import ArgumentError, NotSupportedError, brief, unknown_name
from ...graph.keras_tensor import KerasTensor
from ...serialization.configs import deserialize_keras_object
from ...serialization.lambdas import refuse_outside_file
from ...typing import PlainLayerArguments, Shape, Tensor
from ..base import Layer
from .encoding import check_output_mode
from .string_lookup import StringLookup
from .text_kernels import COUNTS, IDS, Vectorizer
from .tokenizer import Tokenizer
from .values import as_strings, batches

_STANDARDIZE = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
_SPLIT = ("whitespace", "character")
_MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")


class TextVectorization(Layer):
    """Maps texts to sequences of token indices, or to one vector for each text.

    A text is standardized, split into tokens, and these are looked up in a vocabulary, which is given or learned
    with `adapt`. Index 0 is padding, index 1 stands for tokens that are out of the vocabulary.

    Args:
        max_tokens: The largest size of the vocabulary, the two special tokens included; None for any size.
        standardize: "lower_and_strip_punctuation", "lower", "strip_punctuation" (of ASCII), None, or a function that
            takes and returns an array of strings.
        split: "whitespace", "character", None for inputs that are tokens, or a function of an array of strings that
            returns a list of the tokens of each.
        ngrams: The length up to which n-grams of tokens are formed, or a tuple of lengths; None for single tokens.
        output_mode: "int": indices, shape (batch, length). Vectors of the size of the vocabulary: "multi_hot", which
            tokens occur; "count", how often; "tf_idf", how often, times the inverse document frequency of each.
            "one_hot" needs `split=None`.
        output_sequence_length: In the mode "int", the length to which indices are padded or truncated; by default that
            of the longest text of the batch.
        pad_to_max_tokens: Whether vectors have `max_tokens` elements even if there are fewer terms.
        vocabulary: A list, tuple or array of strings, or the path of a text file with one a line.
        idf_weights: In the mode "tf_idf", the inverse document frequency of each term of `vocabulary`.
        sparse: Only False: minikeras has no sparse tensors.
        ragged: Only False: minikeras has no ragged tensors.
        encoding: The encoding of texts that are given as bytes.
        name: The layer's name.
        **kwargs: Arguments of every layer, such as `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/text/text_vectorization/

    Example:
        >>> layer = TextVectorization(output_sequence_length=4)
        >>> layer.adapt(["The sea, the deep sea."])
        >>> layer.get_vocabulary()
        ['', '[UNK]', 'the', 'sea', 'deep']
        >>> layer(["Deep blue sea!"])
        array([[4, 1, 3, 0]])
    """

    _converts_inputs = False

    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: str | Callable | None = "lower_and_strip_punctuation",
        split: str | Callable | None = "whitespace",
        ngrams: int | tuple[int, ...] | None = None,
        output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Any = None,
        idf_weights: Any = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        where = "TextVectorization"
        of_lookup = {key: kwargs.pop(key, None) for key in ("vocabulary_size", "has_input_vocabulary")}
        self._output_mode = check_output_mode(where, output_mode, _MODES)
        self._standardize = _checked_choice("standardize", standardize, _STANDARDIZE)
        self._split = _checked_choice("split", split, _SPLIT)
        self._ngrams_arg = _checked_ngrams(ngrams)
        if as_bool(where, "ragged", ragged):
            raise NotSupportedError(
                f"{where}: minikeras has no ragged tensors. Leave `ragged` out: rows are padded to the longest one."
            )
        self._output_sequence_length = check_optional_int(where, "output_sequence_length", output_sequence_length, 1)
        self._check_mode()
        super().__init__(name=name, **kwargs)
        if isinstance(vocabulary, (str, os.PathLike)):
            refuse_outside_file(f"{self._where()}: vocabulary file '{vocabulary}'")
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens,
            vocabulary=vocabulary,
            idf_weights=idf_weights,
            pad_to_max_tokens=pad_to_max_tokens,
            mask_token="",
            output_mode=output_mode,
            sparse=sparse,
            encoding=encoding,
            **of_lookup,
        )

    def _check_mode(self) -> None:
        if self._output_mode != "int" and self._output_sequence_length is not None:
            raise ArgumentError(
                "TextVectorization: `output_sequence_length` is for the output mode 'int'. Received: "
                f"output_sequence_length={self._output_sequence_length}, output_mode={self._output_mode!r}"
            )
        if self._output_mode == "one_hot" and self._split is not None:
            raise NotSupportedError(
                "TextVectorization: texts split into different numbers of one-hot vectors would be a ragged tensor, "
                "which minikeras does not have. Use the output mode 'int' and `CategoryEncoding`, or `split=None`."
            )

    # ---------------------------------------------------------------- vocabulary

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """Returns the vocabulary: the term at each index.

        Args:
            include_special_tokens: Whether the padding and the token of unknown terms precede the terms.
        """
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """Returns the number of terms, including special tokens."""
        return self._lookup_layer.vocabulary_size()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Sets the vocabulary, and in the output mode "tf_idf" its weights; see `StringLookup.set_vocabulary`.

        Args:
            vocabulary: A list, tuple or array of terms, or the path of a text file.
            idf_weights: The inverse document frequency of each entry of `vocabulary`.
        """
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights=idf_weights)

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns the vocabulary from texts: their tokens, the most frequent ones first.

        Args:
            data: An array or a list of strings, or an iterable of batches, such as a `Dataset`.
            batch_size: The number of texts of an array or a list that are read at a time; None for all.
            steps: The number of batches of an iterable to read; None for all.

        Raises:
            StateError: If the vocabulary was given to the constructor.
            DataError: If there are no tokens. The vocabulary is then unchanged.
        """
        lookup, where = self._lookup_layer, self._where()
        lookup._check_adaptable()
        batch_size = check_optional_int(where, "batch_size", batch_size, minimum=1)
        steps = check_optional_int(where, "steps", steps, minimum=1)
        self.reset_state()
        try:
            for batch in batches(data, steps, where):
                values = np.asarray(as_strings(batch, where))
                if batch is data and values.ndim == 1:
                    values = values[:, None]
                size = batch_size if batch is data and values.ndim else None
                for part in [values] if size is None else np.split(values, range(size, len(values), size)):
                    self.update_state(part)
            lookup._check_counted()
            self.finalize_state()
        finally:
            self.reset_state()

    def update_state(self, data: Any) -> None:
        """Counts the tokens of a batch of texts."""
        self._lookup_layer._check_adaptable()
        _, documents = self._tokenizer().documents(np.asarray(as_strings(data, self._where())))
        self._lookup_layer._count(documents)

    def finalize_state(self) -> None:
        """Sets the vocabulary to the tokens that `update_state` has counted, and forgets the counts."""
        self._lookup_layer.finalize_state()

    def reset_state(self) -> None:
        """Forgets the counts of `update_state`; the vocabulary is kept."""
        self._lookup_layer.reset_state()

    # ---------------------------------------------------------------- the layer protocol

    @property
    def compute_dtype(self) -> str:
        """The dtype of texts."""
        return "string"

    @property
    def variable_dtype(self) -> str:
        """The dtype of texts."""
        return "string"

    def build(self, input_shape: Any = None) -> None:
        """Does nothing: there are no weights."""

    def _tokenizer(self) -> Tokenizer:
        lengths = self._ngrams_arg
        lengths = tuple(range(1, lengths + 1)) if isinstance(lengths, int) else lengths
        return Tokenizer(self._standardize, self._split, lengths, self._lookup_layer.encoding, self._where())

    def call(self, inputs: Any) -> Tensor:
        """Returns the token indices of texts, or one vector for each text.

        Raises:
            VocabularyError: If there is no vocabulary yet.
        """
        lookup = self._lookup_layer
        lookup._check_ready()
        texts = as_strings(inputs, self._where())
        has_axis = self._split is None and len(texts.shape) > 0
        vectorizer = Vectorizer(self._tokenizer(), lookup._lookup(), has_axis)
        if self._output_mode == "int":
            if self._output_sequence_length is None and not has_axis and isinstance(texts, Traced):
                _block_replay(texts, self._where())
            return apply(IDS, texts, vectorizer=vectorizer, length=self._output_sequence_length)
        if self._output_mode == "one_hot":
            return lookup._in_output_mode(apply(IDS, texts, vectorizer=vectorizer, length=None))
        form = {"depth": lookup._depth(), "dtype": lookup._vector_dtype, "counts": self._output_mode != "multi_hot"}
        return lookup._weighted(apply(COUNTS, texts, vectorizer=vectorizer, **form))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the shape of the texts without a last axis of size 1, then the length or the number of terms."""
        shape = tuple(input_shape)
        documents = shape[:-1] if self._split is None or len(shape) > 1 else shape
        if self._output_mode == "int":
            return (*documents, self._output_sequence_length)
        if self._output_mode == "one_hot":
            return self._lookup_layer.compute_output_shape(shape)
        return (*documents, self._lookup_layer._depth())

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        """Returns the symbolic output."""
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), self._lookup_layer._vector_dtype)

    # ---------------------------------------------------------------- saving

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        of_lookup = self._lookup_layer.get_config()
        return {
            **super().get_config(),
            "max_tokens": self._lookup_layer.max_tokens,
            "standardize": self._standardize,
            "split": self._split,
            "ngrams": self._ngrams_arg,
            "output_mode": self._output_mode,
            "output_sequence_length": self._output_sequence_length,
            "pad_to_max_tokens": self._lookup_layer.pad_to_max_tokens,
            "sparse": False,
            "ragged": False,
            "vocabulary": of_lookup["vocabulary"],
            "idf_weights": of_lookup["idf_weights"],
            "encoding": self._lookup_layer.encoding,
            "vocabulary_size": of_lookup["vocabulary_size"] or self.vocabulary_size(),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "TextVectorization":
        """Creates a layer from its config, in which functions are configs themselves."""
        config = dict(config)
        for name in ("standardize", "split"):
            if not isinstance(config.get(name, ""), str):
                config[name] = deserialize_keras_object(config[name])
        if isinstance(config.get("ngrams"), list):
            config["ngrams"] = tuple(config["ngrams"])
        return cls(**config)

    def save_own_variables(self, store: Any) -> None:
        """Writes the weights of the output mode "tf_idf" to a store."""
        self._lookup_layer.save_own_variables(store)

    def load_own_variables(self, store: Any) -> None:
        """Reads what `save_own_variables` wrote."""
        self._lookup_layer.load_own_variables(store)

    def save_assets(self, dir_path: str) -> None:
        """Writes the vocabulary to a folder, unless it is in the config."""
        self._lookup_layer.save_assets(dir_path)

    def load_assets(self, dir_path: str | None) -> None:
        """Reads what `save_assets` wrote."""
        self._lookup_layer.load_assets(dir_path)


def _block_replay(texts: Traced, where: str) -> None:
    """Notes that a step cannot be replayed, as the length of its sequences depends on the texts."""
    texts.trace.block_replay(
        f"the length of the output of {where} depends on the texts; output_sequence_length is None"
    )
    texts.trace.remedy = "Give the layer an `output_sequence_length`"


def _checked_choice(name: str, value: Any, known: tuple[str, ...]) -> Any:
    if value is not None and not callable(value) and not (isinstance(value, str) and value in known):
        raise unknown_name(f"{name} of TextVectorization", value, known)
    return value


def _checked_ngrams(ngrams: Any) -> Any:
    lengths = ngrams if isinstance(ngrams, tuple) else (ngrams,)
    if ngrams is not None and not (lengths and all(is_int(length, minimum=1) for length in lengths)):
        raise ArgumentError(
            "TextVectorization: `ngrams` must be None, a positive integer, or a tuple of them. Received: "
            f"ngrams={brief(ngrams)}"
        )
    return ngrams
