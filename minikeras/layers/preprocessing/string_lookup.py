"""The `StringLookup` layer."""

from typing import Any, Unpack

from ...argument_checks import bad_argument
from ...errors import ArgumentTypeError
from ...typing import PlainLayerArguments
from .index_lookup import IndexLookup
from .values import check_encoding


class StringLookup(IndexLookup):
    """Maps strings to integer indices by a vocabulary, which is given or learned with `adapt`.

    Args:
        max_tokens: The largest size of the vocabulary, special tokens included; None for any size.
        num_oov_indices: The number of indices for strings that are out of the vocabulary (OOV), which are distributed
            by their hash. With 0, such strings are errors.
        mask_token: The string of padding. In the output mode "int" it has index 0, in others it is left out.
        oov_token: With `invert`, what the indices of unknown strings become.
        vocabulary: A list, tuple or array of strings, or the path of a text file with one a line.
        idf_weights: In the output mode "tf_idf", the inverse document frequency of each term of `vocabulary`.
        invert: Whether to map indices to strings instead.
        output_mode: "int": the indices, with the shape of the input. "one_hot": each index as a vector. For each row,
            "multi_hot": which terms occur; "count": how often; "tf_idf": how often, times the weight of each.
        pad_to_max_tokens: Whether vectors have `max_tokens` elements even if there are fewer terms.
        sparse: Only False: minikeras has no sparse tensors.
        encoding: The encoding of strings that are given as bytes.
        name: The layer's name.
        salt: One or two integers, with which SipHash distributes unknown strings; else FarmHash does.
        **kwargs: `trainable` and `dtype`, which have no effect on indices.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/string_lookup/

    Example:
        >>> layer = StringLookup(vocabulary=["a", "b"])
        >>> layer(["b", "a", "z"])
        array([2, 1, 0])
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: str | None = None,
        oov_token: str | None = "[UNK]",
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        salt: int | tuple[int, int] | None = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        self._encoding = check_encoding("StringLookup", encoding)
        super().__init__(
            max_tokens=max_tokens,
            num_oov_indices=num_oov_indices,
            mask_token=_checked_token("mask_token", mask_token),
            oov_token=_checked_token("oov_token", oov_token),
            vocabulary_dtype="string",
            vocabulary=vocabulary,
            idf_weights=idf_weights,
            invert=invert,
            output_mode=output_mode,
            sparse=sparse,
            pad_to_max_tokens=pad_to_max_tokens,
            name=name,
            salt=salt,
            **kwargs,
        )

    @property
    def encoding(self) -> str:
        """The encoding of strings that are given as bytes."""
        return self._encoding

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        del config["vocabulary_dtype"]
        return {**config, "encoding": self.encoding}


def _checked_token(name: str, token: Any) -> str | None:
    if token is not None and not isinstance(token, (str, bytes)):
        raise bad_argument("StringLookup", name, token, "a string, or None", ArgumentTypeError)
    return token.decode("utf-8") if isinstance(token, bytes) else token
