"""The `FeatureSpace`, which prepares and encodes the columns of a table."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np

from ... import ops
from ...data.dataset import Dataset
from ...engine.naming import unique_name
from ...errors import ArgumentError, DataError, StateError, brief, unknown_name
from ...graph.keras_tensor import KerasTensor
from ...lazy import namespace
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ..arguments import is_tensor
from ..base import Layer
from ..core.input_layer import Input
from .category_encoding import CategoryEncoding
from .discretization import Discretization
from .features import Cross, Feature, TFDIdentity
from .hashed_crossing import HashedCrossing
from .hashing import Hashing
from .integer_lookup import IntegerLookup
from .normalization import Normalization
from .rescaling import Rescaling
from .string_lookup import StringLookup
from .values import as_values

_KINDS = (
    "float float_discretized float_normalized float_rescaled integer_categorical integer_hashed string_categorical "
    "string_hashed"
).split()
_BATCH = 32  # elements that are adapted to at a time if the dataset has no batches


class FeatureSpace(Layer):
    """Prepares and encodes the columns of a table: normalized, looked up, hashed, crossed, one-hot encoded.

    Args:
        features: For each name of a column its kind, such as "float_normalized", "string_categorical" or
            "integer_hashed", or what a method of that name returns.
        output_mode: "concat": the encoded features side by side, in alphabetical order, then the crosses; "dict": a
            dictionary.
        crosses: Names of features to be crossed, such as `[("a", "b")]`, or results of `FeatureSpace.cross`.
        crossing_dim: The number of bins of a cross.
        hashing_dim: The number of bins of "integer_hashed" and "string_hashed".
        num_discretization_bins: The number of bins of "float_discretized".
        name: The layer's name.

    Raises:
        ArgumentError: If there are no features, or a kind or the name of a crossed feature is unknown.

    Source: https://keras.io/api/utils/feature_space/

    Example:
        >>> table = {"age": [20.0, 40.0], "city": ["Rome", "Oslo"]}
        >>> space = FeatureSpace({"age": "float_normalized", "city": "string_categorical"})
        >>> space.adapt(table)
        >>> space({"age": [40.0], "city": ["Oslo"]})
        array([[1., 0., 0., 1.]], dtype=float32)
    """

    keras_module = "keras.utils"
    saves_alone = True

    def __init__(
        self,
        features: dict[str, Any],
        output_mode: str = "concat",
        crosses: Sequence | None = None,
        crossing_dim: int = 32,
        hashing_dim: int = 32,
        num_discretization_bins: int = 32,
        name: str | None = None,
    ):
        super().__init__(name=name)
        if not isinstance(features, dict) or not features:
            raise ArgumentError(f"FeatureSpace: `features` must be a dict of features. Received: {brief(features)}")
        if output_mode not in ("concat", "dict"):
            raise unknown_name("output_mode of FeatureSpace", output_mode, ("concat", "dict"))
        self.output_mode, self.crossing_dim, self.hashing_dim = output_mode, crossing_dim, hashing_dim
        self.num_discretization_bins = num_discretization_bins
        self.features = {key: self._as_feature(key, value) for key, value in features.items()}
        self.crosses = [self._as_cross(cross) for cross in crosses or ()]
        self.inputs = {key: Input((1,), dtype=value.dtype, name=key) for key, value in self.features.items()}
        self.preprocessors = {key: value.preprocessor for key, value in self.features.items()}
        self.crossers = {cross.name: HashedCrossing(cross.crossing_dim, name=cross.name) for cross in self.crosses}
        self.one_hot_encoders: dict[str, Layer] = {}
        self.encoded_features: Any = None
        self._is_adapted = False

    # ---------------------------------------------------------------- kinds of features

    @classmethod
    def cross(cls, feature_names: Sequence[str], crossing_dim: int, output_mode: str = "one_hot") -> Cross:
        """Returns a cross of features, with its own number of bins."""
        return Cross(feature_names, crossing_dim, output_mode)

    @classmethod
    def feature(cls, dtype: str, preprocessor: Layer, output_mode: str) -> Feature:
        """Returns a feature that a layer of your own prepares."""
        return Feature(dtype, preprocessor, output_mode)

    @classmethod
    def float(cls, name: str | None = None) -> Feature:
        """Returns a feature of numbers that are kept as they are."""
        return Feature("float32", TFDIdentity(dtype="float32", name=_name("float", name)), "float")

    @classmethod
    def float_rescaled(cls, scale: Any = 1.0, offset: Any = 0.0, name: str | None = None) -> Feature:
        """Returns a feature of numbers that are multiplied by `scale` and shifted by `offset`."""
        return Feature("float32", Rescaling(scale, offset, name=_name("float_rescaled", name)), "float")

    @classmethod
    def float_normalized(cls, name: str | None = None) -> Feature:
        """Returns a feature of numbers that get mean 0 and variance 1."""
        return Feature("float32", Normalization(axis=-1, name=_name("float_normalized", name)), "float")

    @classmethod
    def float_discretized(
        cls, num_bins: int | None, bin_boundaries: Any = None, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Returns a feature of numbers that are sorted into bins."""
        layer = Discretization(bin_boundaries, num_bins, name=_name("float_discretized", name))
        return Feature("float32", layer, output_mode)

    @classmethod
    def integer_categorical(
        cls, max_tokens: int | None = None, num_oov_indices: int = 1, output_mode: str = "one_hot", name: Any = None
    ) -> Feature:
        """Returns a feature of integers that are looked up in a vocabulary."""
        layer = IntegerLookup(max_tokens, num_oov_indices, name=_name("integer_categorical", name))
        return Feature("int32", layer, output_mode)

    @classmethod
    def string_categorical(
        cls, max_tokens: int | None = None, num_oov_indices: int = 1, output_mode: str = "one_hot", name: Any = None
    ) -> Feature:
        """Returns a feature of strings that are looked up in a vocabulary."""
        layer = StringLookup(max_tokens, num_oov_indices, name=_name("string_categorical", name))
        return Feature("string", layer, output_mode)

    @classmethod
    def string_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Returns a feature of strings that get bins by their hashes."""
        return Feature("string", Hashing(num_bins, name=_name("string_hashed", name)), output_mode)

    @classmethod
    def integer_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Returns a feature of integers that get bins by their hashes."""
        return Feature("int32", Hashing(num_bins, name=_name("integer_hashed", name)), output_mode)

    def _as_feature(self, name: str, value: Any) -> Feature:
        if isinstance(value, dict):
            value = deserialize_keras_object(value)
        if isinstance(value, Feature):
            return value
        if value not in _KINDS:
            raise unknown_name(f"kind of the feature {name!r}", value, _KINDS)
        settings: tuple = ()
        if value == "float_discretized":
            settings = (self.num_discretization_bins,)
        elif value.endswith("hashed"):
            settings = (self.hashing_dim,)
        return getattr(self, value)(*settings, name=name)

    def _as_cross(self, value: Any) -> Cross:
        if isinstance(value, dict):
            value = deserialize_keras_object(value)
        cross = value if isinstance(value, Cross) else Cross(value, self.crossing_dim)
        if unknown := [name for name in cross.feature_names if name not in self.features]:
            raise ArgumentError(
                f"FeatureSpace: `crosses` must name features. Expected: {brief(list(self.features))}. "
                f"Received: {brief(unknown)}"
            )
        return cross

    # ---------------------------------------------------------------- learning from data

    def adapt(self, dataset: Any) -> None:
        """Learns vocabularies, means, variances and bins from a table.

        Args:
            dataset: A dict of columns, or a `Dataset`, a list or another iterable of such dicts, with or without
                batches. It is read once for each feature, so it must not be an iterator.

        Raises:
            ArgumentError: If it is anything else.
            DataError: If a feature is missing.
        """
        if isinstance(dataset, dict):
            dataset = Dataset.from_tensor_slices(dataset)
        elif not isinstance(dataset, Dataset):
            if not isinstance(dataset, Iterable) or isinstance(dataset, (str, bytes, np.ndarray, Iterator)):
                raise ArgumentError(
                    f"{self._where()}: `adapt` takes a dict of columns, or a `Dataset` or another iterable of dicts, "
                    f"which can be read again and again. Received: {brief(dataset)}"
                )
            rows = dataset
            dataset = Dataset.from_generator(lambda: iter(rows))
        names = self._adaptable()
        first = next(iter(dataset), None)
        if not isinstance(first, dict) or any(name not in first for name in names):
            raise DataError(
                f"{self._where()}: the elements of the dataset must be dicts with {brief(names)}. "
                f"Received: {brief(first)}"
            )
        for name in names:
            column = dataset.map(lambda element, name=name: element[name])
            rank = len(first[name].shape)
            column = column.batch(_BATCH) if rank == 0 else column
            if rank < 2:
                column = column.map(lambda values: values[:, None])
            self.preprocessors[name].adapt(column)
        self._is_adapted, self.encoded_features = True, None
        self._finish()

    def _adaptable(self) -> list[str]:
        """Returns the names of the features whose layers learn from data, and were not given what they would learn."""
        names = []
        for name, layer in self.preprocessors.items():
            is_given = (
                getattr(layer, "input_mean", None) is not None
                or getattr(layer, "_has_input_vocabulary", False)
                or (isinstance(layer, Discretization) and layer.num_bins is None)
            )
            if hasattr(layer, "adapt") and not is_given:
                names.append(name)
        return names

    def get_inputs(self) -> dict[str, KerasTensor]:
        """Returns symbolic inputs, one for each feature, for a functional model."""
        self._finish()
        return self.inputs

    def get_encoded_features(self) -> Any:
        """Returns what the `FeatureSpace` makes of `get_inputs`.

        Raises:
            StateError: If it has to be adapted first.
        """
        self._finish()
        return self.encoded_features

    def _finish(self) -> None:
        """Creates what depends on the data: the encoders."""
        if self.encoded_features is not None:
            return
        if not self._is_adapted and (names := self._adaptable()):
            raise StateError(f"{self._where()}: call `adapt` on data first, from which {brief(names)} are learned.")
        self._is_adapted = True
        self.one_hot_encoders = {}
        values = self._prepared(self.inputs)
        specs: dict[str, Any] = self.features | {cross.name: cross for cross in self.crosses}
        for name, value in values.items():
            if specs[name].output_mode == "one_hot":
                self.one_hot_encoders[name] = self._encoder(name, value)
        self.encoded_features = self._merged(values)
        self.built = True

    def _encoder(self, name: str, value: Any) -> Layer:
        layer: Any = self.preprocessors.get(name) or self.crossers[name]
        if isinstance(layer, (IntegerLookup, StringLookup)):
            size = layer.vocabulary_size()
        elif isinstance(layer, Discretization):
            size = len(layer.bin_boundaries) + 1 if layer.num_bins is None else layer.num_bins
        elif isinstance(layer, (HashedCrossing, Hashing)):
            size = layer.num_bins
        elif isinstance(layer, CategoryEncoding):
            size = layer.num_tokens
        else:
            size = None
        if size is None or "int" not in str(value.dtype):
            raise ArgumentError(
                f"{self._where()}: the feature {name!r} cannot be one-hot encoded, since its layer {layer.name!r} does "
                f"not return integers of a known range, but {value.dtype}. Pass output_mode='int' or 'float'."
            )
        return CategoryEncoding(num_tokens=size, output_mode="multi_hot")

    # ---------------------------------------------------------------- encoding

    def __call__(self, data: Any) -> Any:
        """Returns the encoded features of a dict of columns, or of single values."""
        self._finish()
        if not isinstance(data, dict):
            raise ArgumentError(f"{self._where()} takes a dict of features. Received: {brief(data)}")
        if missing := [name for name in self.features if name not in data]:
            raise ArgumentError(f"{self._where()}: expected the features {brief(missing)}. Received: {brief(data)}")
        values = {name: self._column(name, data[name]) for name in self.features}
        is_single = any(len(value.shape) == 0 for value in values.values())
        for name, value in values.items():
            if len(value.shape) < 2:
                values[name] = ops.reshape(value, (1, 1)) if len(value.shape) == 0 else ops.expand_dims(value, -1)
        merged = self._merged(self._prepared(values))
        if not is_single:
            return merged
        if isinstance(merged, dict):
            return {name: ops.squeeze(value, 0) if value.shape[0] == 1 else value for name, value in merged.items()}
        return ops.squeeze(merged, 0)

    def call(self, data: Any) -> Any:
        """Returns the encoded features."""
        return self(data)

    def _column(self, name: str, value: Any) -> Any:
        return value if is_tensor(value) else as_values(value, f"{self._where()}, feature {name!r}")

    def _prepared(self, values: dict[str, Any]) -> dict[str, Any]:
        """Returns the outputs of the layers of features, by name, then those of crosses."""
        prepared = {name: self.preprocessors[name](values[name]) for name in sorted(self.features)}
        crossed = {cross.name: [prepared[name] for name in cross.feature_names] for cross in self.crosses}
        return prepared | {name: self.crossers[name](crossed[name]) for name in sorted(crossed)}

    def _merged(self, values: dict[str, Any]) -> Any:
        encoders = self.one_hot_encoders
        encoded = {name: encoders[name](value) if name in encoders else value for name, value in values.items()}
        if self.output_mode == "dict":
            return encoded
        for name, value in encoded.items():
            if "float" not in str(value.dtype):
                raise ArgumentError(
                    f"{self._where()}: the feature {name!r} cannot be concatenated: it is not encoded, but "
                    f"{value.dtype}. Pass output_mode='dict'."
                )
        return ops.concatenate(list(encoded.values()), axis=-1)

    # ---------------------------------------------------------------- saving

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor, without the name, as in Keras."""
        return {
            "features": serialize_keras_object(self.features),
            "output_mode": self.output_mode,
            "crosses": serialize_keras_object(self.crosses),
            "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim,
            "num_discretization_bins": self.num_discretization_bins,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a `FeatureSpace` from its config."""
        return cls(**config)

    def get_build_config(self) -> dict:
        """Returns what the layers of the features were built with."""
        return {name: feature.preprocessor.get_build_config() or {} for name, feature in self.features.items()}

    def build_from_config(self, config: dict) -> None:
        """Builds the layers of the features, whose state is in the file."""
        for name, settings in config.items():
            layer = self.preprocessors[name]
            if settings and not layer.built:
                layer.build_from_config(settings)
        self._is_adapted = True

    def save(self, filepath: str | os.PathLike) -> None:
        """Saves it to a `.keras` file, which `saving.load_model` loads.

        Args:
            filepath: The path of the file.
        """
        namespace("saving").save_model(self, filepath)


def _name(kind: str, name: str | None) -> str:
    return f"{name or unique_name(kind)}_preprocessor"
