"""The base of the layers that map terms to indices: vocabulary, special tokens, output modes, `adapt`, assets."""

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from ... import config, ops
from ...argument_checks import as_bool, check_int, check_optional_int
from ...engine.dispatch import apply
from ...engine.watched import note_change
from ...errors import ArgumentError, DataError, NotSupportedError, StateError, VocabularyError, brief, unknown_name
from ...graph.keras_tensor import KerasTensor
from ...serialization.lambdas import refuse_outside_file
from ...typing import Shape, Tensor
from ..base import Layer
from .counting import Counts
from .encoding import check_output_mode, encoded, encoded_shape
from .lookup_kernels import INDICES, LEFT_OUT, TERMS, Inverse, Lookup
from .terms import Terms
from .values import as_integers, as_strings, batches, texts_of, whole_numbers
from .vocabulary import check_terms, plain_list, read_lines, terms_from

_MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")
_ASSET = "vocabulary.txt"


class IndexLookup(Layer):
    """The base of `StringLookup` and `IntegerLookup`, which document the arguments.

    Indices are: the mask token, 0, if there is one and the output mode is "int"; then those of terms that are out of
    the vocabulary; then the terms.

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/
    """

    _converts_inputs = False
    _encoding: str | None = None  # of terms that are strings; None if they are integers

    def __init__(
        self,
        max_tokens: int | None,
        num_oov_indices: int,
        mask_token: Any,
        oov_token: Any,
        vocabulary_dtype: str,
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: str = "floormod",
        name: str | None = None,
        salt: Any = None,
        vocabulary_size: int | None = None,
        has_input_vocabulary: bool | None = None,
        **kwargs: Any,
    ):
        super().__init__(name=name, **kwargs)
        where = type(self).__name__
        self.max_tokens = check_optional_int(where, "max_tokens", max_tokens, minimum=2)
        self.num_oov_indices = check_int(where, "num_oov_indices", num_oov_indices, minimum=0)
        self.mask_token, self.oov_token = mask_token, oov_token
        self.vocabulary_dtype = vocabulary_dtype
        self.invert = as_bool(where, "invert", invert)
        self.output_mode = check_output_mode(where, output_mode, _MODES)
        self.sparse = as_bool(where, "sparse", sparse)
        self.pad_to_max_tokens = as_bool(where, "pad_to_max_tokens", pad_to_max_tokens)
        if not isinstance(oov_method, str) or oov_method not in ("floormod", "farmhash"):
            raise unknown_name(f"oov_method of {where}", oov_method, ("floormod", "farmhash"))
        self.oov_method = oov_method
        self.salt = check_salt(where, salt)
        self._check_combination(idf_weights)
        size = check_optional_int(where, "vocabulary_size", vocabulary_size, minimum=0)
        # `TextVectorization` without a vocabulary has the number of special tokens in its config.
        self._frozen_vocab_size = None if size is None or size <= self._token_start_index() else size
        is_path = isinstance(vocabulary, (str, os.PathLike))
        self._hold(
            input_vocabulary=None if is_path else vocabulary,
            input_idf_weights=idf_weights,
            idf_weights=None,
            _terms=Terms([], self._token_start_index()),
            _is_set=False,
            _counts=Counts(),
        )
        given = vocabulary is not None
        self._has_input_vocabulary = given if has_input_vocabulary is None else bool(has_input_vocabulary)
        if self.output_mode == "tf_idf" and self._has_input_vocabulary and idf_weights is None:
            raise ArgumentError(f"{where}: `idf_weights` must be given with `vocabulary` in the output mode 'tf_idf'.")
        if given:
            self.set_vocabulary(vocabulary, idf_weights)

    def _check_combination(self, idf_weights: Any) -> None:
        where = type(self).__name__
        if self.sparse:
            raise NotSupportedError(f"{where}: minikeras has no sparse tensors. Expected sparse=False. Received: True")
        if self.pad_to_max_tokens and self.max_tokens is None:
            raise ArgumentError(f"{where}: `pad_to_max_tokens` needs `max_tokens`. Received: max_tokens=None")
        if self.invert and self.output_mode != "int":
            raise ArgumentError(
                f"{where}: `output_mode` must be 'int' if `invert` is True. Received: {self.output_mode!r}"
            )
        if idf_weights is not None and self.output_mode != "tf_idf":
            raise ArgumentError(
                f"{where}: `idf_weights` needs the output mode 'tf_idf'. Received: output_mode={self.output_mode!r}"
            )
        if self.salt is not None and self._encoding is None and self.oov_method != "farmhash":
            raise ArgumentError(f"{where}: `salt` needs oov_method='farmhash'. Received: {self.oov_method!r}")

    def _hold(self, **values: Any) -> None:
        """Sets attributes without tracking: vocabularies are large, and hold no layers."""
        vars(self).update(values)
        note_change()

    # ---------------------------------------------------------------- vocabulary

    def get_vocabulary(self, include_special_tokens: bool = True) -> list:
        """Returns the vocabulary: the term at each index.

        Args:
            include_special_tokens: Whether the mask token and the token of unknown terms precede the terms.
        """
        return [*self._special_tokens(), *self._terms.terms] if include_special_tokens else list(self._terms.terms)

    def vocabulary_size(self) -> int:
        """Returns the number of terms, including special tokens."""
        return self._token_start_index() + len(self._terms)

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Sets the vocabulary, and in the output mode "tf_idf" its weights.

        Args:
            vocabulary: A list, tuple or array of terms, or the path of a text file with one term a line. Special tokens
                may precede the terms.
            idf_weights: The inverse document frequency of each entry of `vocabulary`.

        Raises:
            ArgumentError: If terms are repeated, or anything else is wrong; the vocabulary is then unchanged.
            VocabularyError: If its size may not change any more.
        """
        where = self._where()
        if (self.output_mode == "tf_idf") != (idf_weights is not None):
            what = "must be given" if idf_weights is None else "may only be given"
            raise ArgumentError(
                f"{where}: `idf_weights` {what} in the output mode 'tf_idf'. Received: "
                f"output_mode={self.output_mode!r} and idf_weights={brief(idf_weights)}"
            )
        is_path = isinstance(vocabulary, (str, os.PathLike))
        if is_path:
            vocabulary = self._from_file(os.fspath(vocabulary))
        given = terms_from(vocabulary, self._encoding, where)
        start, special = self._token_start_index(), self._special_tokens()
        found = not is_path and given[:start] == special
        terms = given[start:] if found else given
        reserved = {"mask_token": self.mask_token, **({"oov_token": self.oov_token} if self.invert else {})}
        check_terms(terms, given, special, {} if is_path else reserved, where)
        if self.max_tokens is not None and start + len(terms) > self.max_tokens:
            raise ArgumentError(
                f"{where}: the vocabulary is larger than `max_tokens`. Received: {start + len(terms)} terms with "
                f"special tokens; max_tokens={self.max_tokens}"
            )
        weights = None if idf_weights is None else self._padded_weights(idf_weights, len(given), found)
        self._set_terms(terms, weights)

    def _from_file(self, path: str) -> list[str]:
        refuse_outside_file(f"{self._where()}: vocabulary file '{path}'")
        if self.output_mode == "tf_idf":
            raise ArgumentError(f"{self._where()}: the output mode 'tf_idf' takes no vocabulary from a file.")
        return read_lines(path, self._where())

    def _padded_weights(self, idf_weights: Any, count: int, has_special: bool) -> np.ndarray:
        weights = np.asarray(idf_weights, config.floatx())
        if weights.ndim != 1 or len(weights) != count:
            raise ArgumentError(
                f"{self._where()}: `idf_weights` must be one number for each of the {count} entries of the vocabulary. "
                f"Received: shape {weights.shape}"
            )
        if not has_special:
            mean = np.average(np.asarray(idf_weights)).astype(weights.dtype)
            weights = np.concatenate([np.full(self._token_start_index(), mean), weights])
        return self._filled_up(weights)

    def _filled_up(self, weights: np.ndarray) -> np.ndarray:
        missing = self.max_tokens - len(weights) if self.pad_to_max_tokens else 0
        return np.pad(weights, (0, max(0, missing)))

    def _set_terms(self, terms: list, weights: np.ndarray | None) -> None:
        size = self._token_start_index() + len(terms)
        is_fixed = self.output_mode != "int" and not self.pad_to_max_tokens and self._frozen_vocab_size is not None
        if is_fixed and size != self._frozen_vocab_size:
            raise VocabularyError(
                f"{self._where()}: with output_mode={self.output_mode!r} and `pad_to_max_tokens=False`, the size of "
                f"the vocabulary cannot change once it is set. Expected: {self._frozen_vocab_size}. Received: {size}"
            )
        new = {} if weights is None else {"idf_weights": weights}
        self._hold(_terms=Terms(terms, self._token_start_index()), _is_set=True, _frozen_vocab_size=size, **new)

    def _special_tokens(self) -> list:
        return [self.mask_token] * self._oov_start_index() + [self.oov_token] * self.num_oov_indices

    def _oov_start_index(self) -> int:
        return 1 if self.mask_token is not None and self.output_mode == "int" else 0

    def _token_start_index(self) -> int:
        return self._oov_start_index() + self.num_oov_indices

    # ---------------------------------------------------------------- adapting

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learns the vocabulary from data: its terms, the most frequent ones first.

        Terms that are equally frequent are in descending order. In the output mode "tf_idf", the weights of
        terms are learned, too, with each row as a document: `log(1 + documents / (1 + documents with the term))`.

        Args:
            data: An array or a list, or an iterable of batches, such as a `Dataset`.
            steps: The number of batches to read; None for all.

        Raises:
            StateError: If the vocabulary was given to the constructor.
            DataError: If there is no data. The vocabulary is then unchanged.
        """
        self._check_adaptable()
        steps = check_optional_int(self._where(), "steps", steps, minimum=1)
        self.reset_state()
        try:
            for batch in batches(data, steps, self._where()):
                values = self._values(batch)
                whole = batch is data and len(values.shape) == 1
                self.update_state(values[:, None] if whole else values)
            self._check_counted()
            self.finalize_state()
        finally:
            self.reset_state()

    def _check_counted(self) -> None:
        if not self._counts.terms:
            raise DataError(f"{self._where()}: `adapt` found no terms: there is no data.")

    def update_state(self, data: Any) -> None:
        """Counts the terms of a batch.

        Args:
            data: The batch; the rows of a matrix are documents, a vector is one document.

        Raises:
            StateError: If the vocabulary was given to the constructor.
        """
        self._check_adaptable()
        values = np.asarray(self._values(data))
        self._count(self._documents(values.reshape(1, -1) if values.ndim < 2 else values))

    def _documents(self, values: np.ndarray) -> Iterator[list]:
        """Yields the terms of each row."""
        rows = values if self.output_mode == "tf_idf" else values.reshape(1, -1)
        for row in rows:
            if self._encoding is not None:
                yield texts_of(row, self._encoding)
            else:
                yield whole_numbers(row, self._where()).ravel().tolist()

    def _count(self, documents: Iterator[list]) -> None:
        self._counts.add(documents, self.output_mode == "tf_idf")

    def finalize_state(self) -> None:
        """Sets the vocabulary to the terms that `update_state` has counted, and forgets the counts."""
        if self._has_input_vocabulary or not self._counts.terms:
            return
        start = self._token_start_index()
        limit = None if self.max_tokens is None else max(0, self.max_tokens - start)
        terms = self._counts.most_frequent(limit, [self.mask_token, self.oov_token])
        weights = None
        if self.output_mode == "tf_idf":
            weights = self._counts.idf_weights(terms, config.floatx())
            mean = weights.mean() if len(weights) else weights.dtype.type(0)
            weights = self._filled_up(np.concatenate([np.full(start, mean, weights.dtype), weights]))
        self._set_terms(terms, weights)
        self.reset_state()

    def reset_state(self) -> None:
        """Forgets the counts of `update_state`; the vocabulary is kept."""
        vars(self)["_counts"] = Counts()

    def _check_adaptable(self) -> None:
        if self._has_input_vocabulary:
            raise StateError(
                f"Cannot adapt {self._where()} after setting a static vocabulary with the argument `vocabulary`."
            )

    # ---------------------------------------------------------------- the layer protocol

    @property
    def compute_dtype(self) -> str:
        """The dtype of the terms."""
        return self.vocabulary_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of the terms."""
        return self.vocabulary_dtype

    @property
    def _entry_dtype(self) -> str:
        return "int64" if self.invert else self.vocabulary_dtype

    def _values(self, inputs: Any) -> Any:
        """Returns terms of any form as a tensor."""
        where = self._where()
        return as_strings(inputs, where) if self._encoding is not None else as_integers(inputs, where)

    def call(self, inputs: Any) -> Tensor:
        """Returns the indices of terms, or what the output mode says; the terms of indices if `invert` is set.

        Raises:
            VocabularyError: If there is no vocabulary yet.
            DataError: If a term is out of the vocabulary and there is no index for such terms.
        """
        self._check_ready()
        if self.invert:
            unknown = self.oov_token
            inverse = Inverse(self._terms, self._where(), self.mask_token, unknown, self.vocabulary_dtype)
            return apply(TERMS, as_integers(inputs, self._where()), inverse=inverse)
        return self._in_output_mode(apply(INDICES, self._values(inputs), lookup=self._lookup()))

    def _lookup(self) -> Lookup:
        return Lookup(
            terms=self._terms,
            where=self._where(),
            mask=self.mask_token,
            mask_index=0 if self.output_mode == "int" else LEFT_OUT,
            oov_start=self._oov_start_index(),
            oov_count=self.num_oov_indices,
            hashes=self.oov_method == "farmhash",
            salt=None if self.salt is None else tuple(self.salt),
            encoding=self._encoding,
        )

    def _in_output_mode(self, indices: Tensor) -> Tensor:
        if self.output_mode == "int":
            return indices
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        return self._weighted(encoded(indices, mode, self._depth(), self._vector_dtype))

    def _weighted(self, counts: Tensor) -> Tensor:
        """Returns counts times the weights of the terms, if they have any."""
        if self.output_mode != "tf_idf":
            return counts
        return ops.multiply(counts, ops.cast(self.idf_weights, self._vector_dtype))

    def _depth(self) -> int | None:
        return self.max_tokens if self.pad_to_max_tokens else self._frozen_vocab_size

    @property
    def _vector_dtype(self) -> str:
        """The dtype of indices, and of the vectors of the output mode."""
        return config.floatx() if self.output_mode == "tf_idf" else "int64"

    def _check_ready(self) -> None:
        if not self._is_set:
            raise VocabularyError(
                f"{self._where()} has no vocabulary yet. Give it the argument `vocabulary`, or call `adapt` on data."
            )

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape, or that of the output mode."""
        return encoded_shape(input_shape, "count" if self.output_mode == "tf_idf" else self.output_mode, self._depth())

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        """Returns the symbolic output."""
        if self.invert:
            dtype = self.vocabulary_dtype
        else:
            dtype = self._vector_dtype
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), dtype)

    # ---------------------------------------------------------------- saving

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "invert": self.invert,
            "max_tokens": self.max_tokens,
            "num_oov_indices": self.num_oov_indices,
            "oov_token": self.oov_token,
            "mask_token": self.mask_token,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "pad_to_max_tokens": self.pad_to_max_tokens,
            "vocabulary_dtype": self.vocabulary_dtype,
            "idf_weights": plain_list(self.input_idf_weights),
            "vocabulary": plain_list(self.input_vocabulary),
            "vocabulary_size": self._frozen_vocab_size,
            "oov_method": self.oov_method,
            "salt": None if self.salt is None else list(self.salt),
        }

    def get_build_config(self) -> dict:
        """Returns an empty dict: there is nothing to build."""
        return {}

    def build_from_config(self, config: dict) -> None:
        """Marks the layer as built."""
        self.build(None)

    def save_own_variables(self, store: Any) -> None:
        """Writes the weights of the output mode "tf_idf" to a store."""
        if self.output_mode == "tf_idf" and self.idf_weights is not None:
            store["idf_weights"] = self.idf_weights

    def load_own_variables(self, store: Any) -> None:
        """Reads what `save_own_variables` wrote."""
        if self.output_mode == "tf_idf" and "idf_weights" in list(store.keys()):
            self._hold(idf_weights=np.asarray(store["idf_weights"], config.floatx()))

    def save_assets(self, dir_path: str) -> None:
        """Writes the vocabulary to a folder, unless it is in the config.

        Raises:
            DataError: If a term contains a line break, which the file cannot hold.
        """
        if self.input_vocabulary is not None:
            return
        lines = list(map(str, self.get_vocabulary()))
        broken = [line for line in lines if "\n" in line or "\r" in line]
        if broken:
            raise DataError(
                f"{self._where()}: the vocabulary is saved with one term a line, so terms cannot contain line breaks. "
                f"Received: {brief(broken[0])}. Give the vocabulary to "
                "the constructor instead, which saves it in the config."
            )
        with open(
            os.path.join(dir_path, _ASSET), "w", encoding="utf-8", errors="surrogateescape", newline="\n"
        ) as file:
            file.write("\n".join(lines))

    def load_assets(self, dir_path: str | None) -> None:
        """Reads what `save_assets` wrote."""
        if self.input_vocabulary is not None or dir_path is None:
            return
        path = os.path.join(dir_path, _ASSET)
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            lines = file.read().replace("\r\n", "\n").split("\n")
        special = self._special_tokens()
        if lines[: len(special)] == list(map(str, special)):
            lines = lines[len(special) :]
        size = self._frozen_vocab_size
        while lines and lines[-1] == "" and (size is None or len(lines) > size - self._token_start_index()):
            lines.pop()
        terms = terms_from(lines, self._encoding, self._where()) if lines else []
        if terms or self._frozen_vocab_size is not None:
            check_terms(terms, terms, special, {}, self._where())
            self._set_terms(terms, None)


def check_salt(where: str, salt: Any) -> list[int] | None:
    """Returns the two integers of the key of SipHash; a single one counts twice.

    Raises:
        ArgumentError: If it is anything else.
    """
    if salt is None:
        return None
    values = salt if isinstance(salt, (list, tuple)) and len(salt) == 2 else [salt, salt]
    if not all(isinstance(value, (int, np.integer)) and not isinstance(value, bool) for value in values):
        raise ArgumentError(f"{where}: `salt` must be an integer, or a tuple of two. Received: salt={brief(salt)}")
    return [int(value) for value in values]
