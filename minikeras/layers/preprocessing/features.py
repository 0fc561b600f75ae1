"""What a `FeatureSpace` is made of: features and crosses of them, and what passes a feature on."""

from collections.abc import Sequence
from typing import Any, Self

from ... import ops
from ...argument_checks import check_int
from ...errors import ArgumentError, unknown_name
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ...typing import Tensor, TensorLike
from ..same_shape import SameShape

__all__ = ["Cross", "Feature", "TFDIdentity"]

KERAS_MODULE = "keras.src.layers.preprocessing.feature_space"


class Feature:
    """A feature: how its values are prepared.

    Args:
        dtype: The dtype of its values.
        preprocessor: The layer that prepares them.
        output_mode: "float", "int" or "one_hot": what becomes of the layer's output.

    Raises:
        UnknownNameError: If the output mode is unknown.
    """

    keras_module = KERAS_MODULE

    def __init__(self, dtype: str, preprocessor: Any, output_mode: str):
        if output_mode not in ("int", "one_hot", "float"):
            raise unknown_name("output_mode of a feature", output_mode, ("int", "one_hot", "float"))
        self.dtype, self.output_mode = dtype, output_mode
        is_config = isinstance(preprocessor, dict)
        self.preprocessor = deserialize_keras_object(preprocessor) if is_config else preprocessor

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        preprocessor = serialize_keras_object(self.preprocessor)
        return {"dtype": self.dtype, "preprocessor": preprocessor, "output_mode": self.output_mode}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a feature from its config."""
        return cls(**config)


class Cross:
    """A cross: each combination of the values of several features gets a bin by its hash.

    Args:
        feature_names: The names of the features, at least two.
        crossing_dim: The number of bins.
        output_mode: "int" or "one_hot".

    Raises:
        ArgumentError: If an argument is invalid.
    """

    keras_module = KERAS_MODULE

    def __init__(self, feature_names: Sequence[str], crossing_dim: int, output_mode: str = "one_hot"):
        if output_mode not in ("int", "one_hot"):
            raise unknown_name("output_mode of a cross", output_mode, ("int", "one_hot"))
        self.feature_names, self.output_mode = tuple(feature_names), output_mode
        if len(self.feature_names) < 2:
            raise ArgumentError(f"A cross needs at least two features. Received: {self.feature_names}")
        self.crossing_dim = check_int("FeatureSpace", "crossing_dim", crossing_dim, 1)

    @property
    def name(self) -> str:
        """The names of the features, joined by "_X_"."""
        return "_X_".join(self.feature_names)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {name: getattr(self, name) for name in ("feature_names", "crossing_dim", "output_mode")}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a cross from its config."""
        return cls(**config)


class TFDIdentity(SameShape):
    """Returns its input in the compute dtype; Keras's name for it is in files."""

    keras_module = KERAS_MODULE

    def call(self, x: TensorLike) -> Tensor:
        """Returns the input in the compute dtype."""
        return ops.cast(x, self.compute_dtype)
