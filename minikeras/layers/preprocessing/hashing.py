"""The `Hashing` layer."""

from typing import Any, Unpack

import numpy as np

from ... import config as settings
from ... import ops
from ...argument_checks import as_bool, check_int
from ...engine.dispatch import apply
from ...engine.dtypes import TEXT, dtype_name, dtype_of
from ...engine.primitive import Primitive, Spec
from ...errors import ArgumentError, ArgumentTypeError, NotSupportedError, brief
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from .encoding import check_output_mode, encoded, encoded_shape
from .index_lookup import check_salt
from .lookup_kernels import bins
from .values import as_values, texts_of

_MODES = ("int", "one_hot", "multi_hot", "count")


class Hashing(Layer):
    """Distributes strings or integers over bins by their hash, without a vocabulary.

    The hash is FarmHash64, or SipHash64 with a salt, so that the bins are those of TensorFlow.

    Args:
        num_bins: The number of bins.
        mask_value: The value of padding: it gets bin 0, and others get the bins from 1.
        salt: One or two integers, the key of SipHash; None for FarmHash.
        output_mode: "int": the bins, with the shape of the input. "one_hot": each bin as a vector. For each row,
            "multi_hot": which bins occur; "count": how often.
        sparse: Only False: minikeras has no sparse tensors.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/hashing/

    Example:
        >>> Hashing(num_bins=3)([["A"], ["B"], ["C"], ["D"], ["E"]]).tolist()
        [[1], [0], [1], [1], [2]]
    """

    _converts_inputs = False

    def __init__(
        self,
        num_bins: int,
        mask_value: str | int | None = None,
        salt: int | tuple[int, int] | None = None,
        output_mode: str = "int",
        sparse: bool = False,
        **kwargs: Unpack[LayerArguments],
    ):
        if kwargs.get("dtype") is None:
            is_int = isinstance(output_mode, str) and output_mode == "int"
            kwargs["dtype"] = "int64" if is_int else settings.floatx()
        super().__init__(**kwargs)
        self.num_bins = check_int("Hashing", "num_bins", num_bins, minimum=1)
        self.output_mode = check_output_mode("Hashing", output_mode, _MODES)
        if self.output_mode == "int" and self.dtype not in ("int32", "int64"):
            raise ArgumentError(
                f"Hashing: `dtype` must be 'int32' or 'int64' in the output mode 'int'. Received: {self.dtype!r}"
            )
        if mask_value is not None and not isinstance(mask_value, (str, bytes, int, float, np.integer, np.floating)):
            raise ArgumentTypeError(
                f"Hashing: `mask_value` must be a string, a number, or None. Received: mask_value={brief(mask_value)}"
            )
        self.mask_value = mask_value
        self.salt = check_salt("Hashing", salt)
        self.sparse = as_bool("Hashing", "sparse", sparse)
        if self.sparse:
            raise NotSupportedError("Hashing: minikeras has no sparse tensors. Expected sparse=False. Received: True")

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the bins of strings or integers, or what the output mode says; fractions of floats are cut off."""
        values = as_values(inputs, self._where())
        if self.mask_value is not None and (dtype_of(values) == TEXT) != isinstance(self.mask_value, (str, bytes)):
            raise ArgumentTypeError(
                f"{self._where()}: `mask_value` and inputs must both be strings, or both numbers. Received: "
                f"mask_value={self.mask_value!r} and inputs of dtype {dtype_of(values)}"
            )
        if self.output_mode == "one_hot" and len(values.shape) and values.shape[-1] == 1:
            values = ops.squeeze(values, -1)
        salt = None if self.salt is None else tuple(self.salt)
        found = apply(_BINS, values, count=self.num_bins, mask=self.mask_value, salt=salt)
        return encoded(found, self.output_mode, self.num_bins, self.dtype)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape, or that of the output mode."""
        shape = tuple(input_shape)
        if self.output_mode == "one_hot" and shape and shape[-1] == 1:
            shape = shape[:-1]
        return encoded_shape(shape, self.output_mode, self.num_bins)

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        """Returns the symbolic output."""
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), self.dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "num_bins": self.num_bins,
            "salt": None if self.salt is None else list(self.salt),
            "mask_value": self.mask_value,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
        }


def digits_of(array: np.ndarray) -> list[str]:
    """Returns the text that is hashed for each number: its decimal digits, without a fraction.

    Example:
        >>> digits_of(np.array([1.5, -2.0])), digits_of(np.array([True]))
        (['1', '-2'], ['true'])
    """
    if array.dtype.kind == "b":
        return ["true" if value else "false" for value in array.ravel().tolist()]
    with np.errstate(invalid="ignore"):
        whole = array.astype(np.int64) if array.dtype.kind == "f" else array
    return list(map(str, whole.ravel().tolist()))


def _bins_kernel(x: np.ndarray, count: int, mask: Any, salt: Any) -> np.ndarray:
    texts = texts_of(x, "utf-8") if dtype_name(x.dtype) == TEXT else digits_of(x)
    if mask is None or count == 1:
        return bins(texts, count, salt).reshape(x.shape)
    if dtype_name(x.dtype) == TEXT:
        mask = mask.decode("utf-8", "surrogateescape") if isinstance(mask, bytes) else mask
        masked = np.array([text == mask for text in texts], bool)
    else:
        masked = np.equal(x, mask).ravel()
    return np.where(masked, 0, bins(texts, count - 1, salt) + 1).reshape(x.shape)


def _bins_rule(x: Spec, count: int, mask: Any, salt: Any) -> tuple:
    return x.shape, "int64"


_BINS = Primitive("hash_to_bins", _bins_kernel, shape=_bins_rule, takes_text=True)
