"""The `HashedCrossing` layer."""

from typing import Any, Unpack

import numpy as np

from ...argument_checks import as_bool, check_int
from ...engine.dispatch import apply
from ...engine.dtypes import TEXT, dtype_name, dtype_of
from ...engine.primitive import Primitive, Spec
from ...errors import ArgumentError, DTypeError, NotSupportedError, ShapeError, brief
from ...graph.keras_tensor import KerasTensor
from ...typing import DTypePolicyLike, PlainLayerArguments, Tensor
from ..base import Layer
from .encoding import check_output_mode, encoded, encoded_shape
from .farmhash import crossed, fingerprints
from .values import as_values, bytes_of

_KEY = np.uint64(0xDECAFCAFFE)  # of TensorFlow's crosses


class HashedCrossing(Layer):
    """Crosses features: each combination of their values gets a bin by its hash.

    The hash combines FarmHash64 of strings with integers as they are, so that the bins are those of TensorFlow.

    Args:
        num_bins: The number of bins.
        output_mode: "int": the bins; "one_hot": each bin as a vector.
        sparse: Only False: minikeras has no sparse tensors.
        name: The layer's name.
        dtype: The dtype of the output: by default int64 in the output mode "int", else `floatx`.
        **kwargs: `trainable`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/hashed_crossing/

    Example:
        >>> HashedCrossing(num_bins=5)((["A", "B", "A", "B"], [101, 101, 101, 102]))
        array([1, 4, 1, 1])
    """

    _converts_inputs = False

    def __init__(
        self,
        num_bins: int,
        output_mode: str = "int",
        sparse: bool = False,
        name: str | None = None,
        dtype: DTypePolicyLike = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        self.output_mode = check_output_mode("HashedCrossing", output_mode, ("int", "one_hot"))
        super().__init__(name=name, dtype="int64" if self.output_mode == "int" and dtype is None else dtype, **kwargs)
        self.num_bins = check_int("HashedCrossing", "num_bins", num_bins, minimum=1)
        self.sparse = as_bool("HashedCrossing", "sparse", sparse)
        if self.sparse:
            raise NotSupportedError(
                "HashedCrossing: minikeras has no sparse tensors. Expected sparse=False. Received: True"
            )

    def _converted(self, args: tuple, kwargs: dict) -> tuple[tuple, dict, bool]:
        """Returns the arguments with features that are lists made arrays; a mix of both is no single argument."""
        args = tuple(self._arrays(argument) for argument in args)
        return super()._converted(args, {name: self._arrays(value) for name, value in kwargs.items()})

    def _arrays(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        return [as_values(feature, self._where()) for feature in value]

    def call(self, inputs: Any) -> Tensor:
        """Returns the bins of combinations of values.

        Args:
            inputs: A list or tuple of features, at least two, each of shape (), (batch,) or (batch, 1).

        Raises:
            ArgumentError: If there are fewer.
            ShapeError: If a shape is wrong.
            DTypeError: If a feature is neither of integers nor of strings.
        """
        features = self._checked(inputs)
        return encoded(apply(_CROSS, *features, count=self.num_bins), self.output_mode, self.num_bins, self.dtype)

    def _checked(self, inputs: Any) -> list:
        where = self._where()
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            raise ArgumentError(f"{where}: expected a list or tuple of two or more features. Received: {brief(inputs)}")
        features = [as_values(feature, where) for feature in inputs]
        shapes = [tuple(feature.shape) for feature in features]
        if len(shapes[0]) > 2 or (len(shapes[0]) == 2 and shapes[0][1] != 1) or len(set(shapes)) > 1:
            raise ShapeError(
                f"{where}: all features must have the same shape: (), (batch,) or (batch, 1). Received: {shapes}"
            )
        dtypes = [dtype_of(feature) for feature in features]
        if not all(dtype == TEXT or "int" in dtype for dtype in dtypes):
            raise DTypeError(f"{where}: features must be integers or strings. Received: {dtypes}")
        return features

    def compute_output_shape(self, input_shape: Any) -> tuple:
        """Returns the shape of a feature, or that of its one-hot vectors."""
        shapes = [tuple(shape) for shape in input_shape]
        if len(shapes) < 2 or len(set(shapes)) > 1:
            raise ShapeError(f"{self._where()}: expected two or more equal shapes. Received: {brief(input_shape)}")
        return encoded_shape(shapes[0], self.output_mode, self.num_bins)

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        """Returns the symbolic output."""
        shapes = [tuple(feature.shape) for feature in self._checked(inputs)]
        return KerasTensor(self.compute_output_shape(shapes), self.dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            "num_bins": self.num_bins,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "name": self.name,
            "dtype": self.dtype,
        }


def _cross_kernel(*features: np.ndarray, count: int) -> np.ndarray:
    result = np.full(features[0].size, _KEY)
    for feature in features:
        if dtype_name(feature.dtype) == TEXT:
            values = fingerprints(bytes_of(feature.ravel().tolist()))
        else:
            values = feature.ravel().astype(np.int64).view(np.uint64)
        result = crossed(result, values)
    return (result % np.uint64(count)).astype(np.int64).reshape(features[0].shape)


def _cross_rule(*features: Spec, count: int) -> tuple:
    return features[0].shape, "int64"


_CROSS = Primitive("hash_crosses", _cross_kernel, shape=_cross_rule, takes_text=True)
