"""The `Discretization` layer."""

from itertools import islice
from typing import Any, Self

import numpy as np

from ... import config as settings
from ... import ops
from ...argument_checks import as_bool, check_number, check_optional_int
from ...engine.dtypes import is_real
from ...errors import ArgumentError, ArgumentTypeError, DataError, NotSupportedError, StateError, brief
from ...graph.keras_tensor import KerasTensor
from ...serialization.custom_objects import CustomObjectScope
from ...typing import DTypePolicyLike, Shape, Tensor, TensorLike
from ..base import Layer
from .encoding import check_output_mode, encoded, encoded_shape
from .quantiles import boundaries, empty_summary, merged, summary_of
from .values import batches

_MODES = ("int", "one_hot", "multi_hot", "count")


class Discretization(Layer):
    """Maps numbers to the indices of the ranges that they are in.

    Args:
        bin_boundaries: The boundaries between ranges, in ascending order: `[0.0, 1.0]` are the ranges below 0, from 0
            to 1, and from 1.
        num_bins: The number of ranges, whose boundaries `adapt` learns as quantiles of data.
        epsilon: The error of these quantiles: a smaller one takes more time and memory.
        output_mode: "int": the indices, with the shape of the input. "one_hot": each index as a vector. For each row,
            "multi_hot": which ranges occur; "count": how often.
        sparse: Only False: minikeras has no sparse tensors.
        dtype: The dtype of vectors.
        name: The layer's name.

    Raises:
        ArgumentError: If an argument is invalid, or neither or both of `bin_boundaries` and `num_bins` are given.

    Source: https://keras.io/api/layers/preprocessing_layers/numerical/discretization/

    Example:
        >>> Discretization(bin_boundaries=[0.0, 1.0, 2.0])([[-1.5, 1.0, 3.4, 0.5]])
        array([[0, 2, 3, 1]], dtype=int32)
    """

    def __init__(
        self,
        bin_boundaries: Any = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: str = "int",
        sparse: bool = False,
        dtype: DTypePolicyLike = None,
        name: str | None = None,
    ):
        super().__init__(name=name, dtype=dtype)
        where = "Discretization"
        self.output_mode = check_output_mode(where, output_mode, _MODES)
        self.num_bins = check_optional_int(where, "num_bins", num_bins, minimum=1)
        if (num_bins is None) == (bin_boundaries is None):
            raise ArgumentError(
                f"{where}: expected either `bin_boundaries` or `num_bins`. Received: "
                f"bin_boundaries={brief(bin_boundaries)}, num_bins={num_bins}"
            )
        self.bin_boundaries = _checked_boundaries(bin_boundaries)
        self.epsilon = check_number(where, "epsilon", epsilon, above=0, maximum=1)
        self.sparse = as_bool(where, "sparse", sparse)
        if self.sparse:
            raise NotSupportedError(f"{where}: minikeras has no sparse tensors. Expected sparse=False. Received: True")
        self.summary = None if num_bins is None else empty_summary()

    @property
    def input_dtype(self) -> str:
        """The dtype that floating-point inputs are cast to."""
        return settings.floatx()

    @property
    def output_dtype(self) -> str:
        """The dtype of the output."""
        return "int32" if self.output_mode == "int" else self.compute_dtype

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learns the boundaries from data: approximate quantiles.

        Args:
            data: An array, or an iterable of batches, such as a `Dataset`, a list or a generator.
            steps: The number of batches to read; None for all.

        Raises:
            StateError: If the boundaries were given to the constructor.
            DataError: If there is no data, or it has NaNs. The boundaries are then unchanged.
        """
        self._check_adaptable()
        steps = check_optional_int(self._where(), "steps", steps, minimum=1)
        before = self.summary
        self.reset_state()
        try:
            for batch in islice(data, steps) if isinstance(data, list) else batches(data, steps, self._where()):
                self.update_state(batch)
            if not self.summary.shape[1]:
                raise DataError(f"{self._where()}: `adapt` found no values: there is no data.")
            self.finalize_state()
        except BaseException:
            self.summary = before
            raise

    def update_state(self, data: Any) -> None:
        """Adds a batch to the summary of the data."""
        self._check_adaptable()
        values = np.asarray(data)
        if not is_real(values.dtype):
            raise DataError(f"{self._where()}: `adapt` takes numbers. Received: {brief(data)}")
        values = values.astype(np.float32)
        if np.isnan(values).any():
            raise DataError(f"{self._where()}: the data has NaNs, which are in no range. Drop or replace them first.")
        self.summary = merged(summary_of(values, self.epsilon), self.summary, self.epsilon)

    def finalize_state(self) -> None:
        """Sets the boundaries to quantiles of the data that `update_state` was given."""
        if self.num_bins is not None:
            self.bin_boundaries = boundaries(self.summary, self.num_bins)

    def reset_state(self) -> None:
        """Forgets the data that `update_state` was given; the boundaries are kept."""
        if self.num_bins is not None:
            self.summary = empty_summary()

    def _check_adaptable(self) -> None:
        if self.num_bins is None:
            raise StateError(
                f"Cannot adapt {self._where()}, as it was created with `bin_boundaries`. Create it with `num_bins`."
            )

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the indices of the ranges, or what the output mode says.

        Raises:
            StateError: If there are no boundaries yet.
        """
        if self.bin_boundaries is None:
            raise StateError(
                f"{self._where()} has no boundaries yet. Create it with `bin_boundaries`, or call `adapt` on data."
            )
        edges = np.array(self.bin_boundaries, settings.floatx())
        indices = ops.digitize(inputs, edges)
        return encoded(indices, self.output_mode, len(edges) + 1, self.output_dtype)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape, or that of the output mode."""
        depth = self.num_bins if self.bin_boundaries is None else len(self.bin_boundaries) + 1
        return encoded_shape(input_shape, self.output_mode, depth)

    def compute_output_spec(self, inputs: Any) -> KerasTensor:
        """Returns the symbolic output."""
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), self.output_dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            "bin_boundaries": None if self.bin_boundaries is None else list(self.bin_boundaries),
            "num_bins": self.num_bins,
            "epsilon": self.epsilon,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "name": self.name,
            "dtype": self.dtype,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict | None = None) -> Self:
        """Creates a layer from its config, with the boundaries that were learned.

        Args:
            config: What `get_config` returned.
            custom_objects: Custom classes by name, such as that of the dtype policy.
        """
        config = dict(config)
        learned = config.pop("bin_boundaries", None) if config.get("num_bins") is not None else None
        with CustomObjectScope(custom_objects):
            layer = cls(**config)
        if learned is not None:
            layer.bin_boundaries = _checked_boundaries(learned)
        return layer


def _checked_boundaries(given: Any) -> list[float] | None:
    if given is None:
        return None
    try:
        array = np.asarray(given)
    except ValueError:
        array = np.asarray(None)
    if array.size == 0 and array.ndim == 1:
        return []
    if not is_real(array.dtype) or array.ndim != 1:
        raise ArgumentTypeError(
            f"Discretization: `bin_boundaries` must be a list of numbers. Received: bin_boundaries={brief(given)}"
        )
    if not (np.diff(array.astype(np.float64)) >= 0).all():
        raise ArgumentError(
            f"Discretization: `bin_boundaries` must be in ascending order. Received: bin_boundaries={brief(given)}"
        )
    return array.tolist()
