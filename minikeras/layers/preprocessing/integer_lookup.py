"""The `IntegerLookup` layer."""

from typing import Any, Unpack

from ...argument_checks import check_optional_int
from ...errors import ArgumentError, brief
from ...typing import PlainLayerArguments
from .index_lookup import IndexLookup


class IntegerLookup(IndexLookup):
    """Maps integers to indices by a vocabulary, which is given or learned with `adapt`.

    Args:
        max_tokens: The largest size of the vocabulary, special tokens included; None for any size.
        num_oov_indices: The number of indices for integers that are out of the vocabulary (OOV). With 0, such integers
            are errors.
        mask_token: The integer of padding. In the output mode "int" it has index 0, in others it is left out.
        oov_token: With `invert`, what the indices of unknown integers become.
        vocabulary: A list, tuple or array of integers, or the path of a text file with one a line.
        vocabulary_dtype: Only "int64".
        idf_weights: In the output mode "tf_idf", the inverse document frequency of each term of `vocabulary`.
        invert: Whether to map indices to the integers of the vocabulary instead.
        output_mode: "int": the indices, with the shape of the input. "one_hot": each index as a vector. For each row,
            "multi_hot": which terms occur; "count": how often; "tf_idf": how often, times the weight of each.
        sparse: Only False: minikeras has no sparse tensors.
        pad_to_max_tokens: Whether vectors have `max_tokens` elements even if there are fewer terms.
        oov_method: How unknown integers are distributed over several indices: "floormod", by their remainder, or
            "farmhash", by the hash of their decimal digits.
        salt: One or two integers, with which SipHash takes the place of FarmHash.
        name: The layer's name.
        **kwargs: `trainable` and `dtype`, which have no effect on indices.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/integer_lookup/

    Example:
        >>> layer = IntegerLookup(vocabulary=[12, 36])
        >>> layer([36, 12, 99])
        array([2, 1, 0])
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int | None = -1,
        vocabulary: Any = None,
        vocabulary_dtype: str = "int64",
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: str = "floormod",
        salt: int | tuple[int, int] | None = None,
        name: str | None = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        if not isinstance(vocabulary_dtype, str) or vocabulary_dtype != "int64":
            raise ArgumentError(
                f"IntegerLookup: `vocabulary_dtype` must be 'int64'. Received: {brief(vocabulary_dtype)}"
            )
        super().__init__(
            max_tokens=max_tokens,
            num_oov_indices=num_oov_indices,
            mask_token=check_optional_int("IntegerLookup", "mask_token", mask_token),
            oov_token=check_optional_int("IntegerLookup", "oov_token", oov_token),
            vocabulary_dtype=vocabulary_dtype,
            vocabulary=vocabulary,
            idf_weights=idf_weights,
            invert=invert,
            output_mode=output_mode,
            sparse=sparse,
            pad_to_max_tokens=pad_to_max_tokens,
            oov_method=oov_method,
            name=name,
            salt=salt,
            **kwargs,
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        if config["vocabulary"] is not None:
            config["vocabulary"] = list(map(int, config["vocabulary"]))
        return config
