"""The `Normalization` layer."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Unpack

import numpy as np

from ... import config as settings
from ... import ops
from ...argument_checks import as_bool, is_int
from ...engine.dtypes import is_real
from ...errors import ArgumentError, ArgumentTypeError, DataError, ShapeError, StateError, brief
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ...utils.py_dataset import PyDataset
from ..arguments import is_tensor
from ..same_shape import SameShape

_BATCH = 128  # examples of a dataset of single numbers that are read at a time, as in Keras


class Normalization(SameShape):
    """Shifts and scales its input to mean 0 and variance 1, with moments that are given or learned with `adapt`.

    `output = (input - mean) / sqrt(variance)`

    Args:
        axis: The axis, or axes, along which each index has moments of its own; None: one mean and variance for all.
        mean: The mean: a number, or an array whose axes are the last ones of `axis`.
        variance: The variance, likewise; given if and only if `mean` is.
        invert: Whether to denormalize: `input * sqrt(variance) + mean`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/numerical/normalization/

    Example:
        >>> layer = Normalization()
        >>> layer.adapt(np.array([[0.0], [2.0], [4.0], [2.0]]))
        >>> layer(np.array([[2.0], [2.0 + 2**0.5]])).round(4)
        array([[0.],
               [1.]], dtype=float32)
    """

    def __init__(
        self,
        axis: int | tuple[int, ...] | None = -1,
        mean: Any = None,
        variance: Any = None,
        invert: bool = False,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        axes = () if axis is None else axis if isinstance(axis, (list, tuple)) else (axis,)
        if not all(map(is_int, axes)):
            raise ArgumentError(
                f"Normalization: `axis` must be an integer, a tuple, or None. Received: axis={brief(axis)}"
            )
        self.axis = tuple(map(int, axes))
        self.input_mean, self.input_variance = _checked("mean", mean), _checked("variance", variance)
        self.invert = as_bool("Normalization", "invert", invert)
        self._build_input_shape: Shape | None = None
        self._check_constants()

    def _check_constants(self) -> None:
        mean, variance = self.input_mean, self.input_variance
        if (mean is None) != (variance is None):
            raise ArgumentError(
                "Normalization: `mean` and `variance` must be given together. Received: "
                f"mean={brief(mean)}, variance={brief(variance)}"
            )
        if np.shape(mean) != np.shape(variance):
            raise ArgumentError(
                "Normalization: `mean` and `variance` must have the same shape. Received: "
                f"{np.shape(mean)} and {np.shape(variance)}"
            )
        if np.ndim(mean) > len(self.axis):
            raise ArgumentError(
                f"Normalization: `mean` may have no more axes than there are in `axis`, {len(self.axis)}. Received: "
                f"shape {np.shape(mean)}"
            )

    def build(self, input_shape: Shape) -> None:
        """Creates the mean, the variance and the count, unless the moments were given.

        Raises:
            ShapeError: If the input does not have the axes, or their sizes are free.
        """
        if input_shape is None:
            return
        rank, where = len(input_shape), self._where()
        if any(axis < -rank or axis >= rank for axis in self.axis):
            raise ShapeError(f"{where}: inputs of {rank} axes do not have all of axis={self.axis}.")
        kept = tuple(sorted({axis % rank for axis in self.axis}))
        sizes = tuple(input_shape[axis] for axis in kept)
        if None in sizes:
            raise ShapeError(
                f"{where}: the sizes of the axes in `axis` must be known. Received: axis={self.axis}, inputs of shape "
                f"{tuple(input_shape)}"
            )
        self._build_input_shape = tuple(input_shape)
        self._keep_axis = kept
        self._reduce_axis = tuple(axis for axis in range(rank) if axis not in kept)
        self._broadcast_shape = tuple(input_shape[axis] if axis in kept else 1 for axis in range(rank))
        if self.input_mean is None:
            self.adapt_mean = self.add_weight(name="mean", shape=sizes, initializer="zeros", trainable=False)
            self.adapt_variance = self.add_weight(name="variance", shape=sizes, initializer="ones", trainable=False)
            self.count = self.add_weight(name="count", shape=(), dtype="int", initializer="zeros", trainable=False)
        else:
            self._constants = tuple(map(self._as_constant, (self.input_mean, self.input_variance)))

    def _as_constant(self, value: Any) -> np.ndarray:
        array = np.asarray(value, self.compute_dtype)
        shape = [1] * len(self._broadcast_shape)
        for index in range(1, array.ndim + 1):
            shape[self._keep_axis[-index]] = array.shape[-index]
        try:
            return np.broadcast_to(array.reshape(shape), self._broadcast_shape).copy()
        except ValueError:
            raise ShapeError(
                f"{self._where()}: `mean` and `variance` of shape {array.shape} do not fit inputs of shape "
                f"{self._build_input_shape} with axis={self.axis}."
            ) from None

    @property
    def mean(self) -> Tensor | None:
        """The mean, in a shape that broadcasts with the input; None before the layer is built."""
        return self._moment(0)

    @property
    def variance(self) -> Tensor | None:
        """The variance, in a shape that broadcasts with the input; None before the layer is built."""
        return self._moment(1)

    def _moment(self, index: int) -> Tensor | None:
        if self._build_input_shape is None:
            return None
        if self.input_mean is not None:
            return self._constants[index]
        variable = (self.adapt_mean, self.adapt_variance)[index]
        return ops.cast(ops.reshape(variable, self._broadcast_shape), self.compute_dtype)

    # ---------------------------------------------------------------- adapting

    def adapt(self, data: Any) -> None:
        """Learns mean and variance from data.

        Args:
            data: An array, or an iterable of batches, such as a `Dataset` or a list of arrays. Of batches that are
                tuples, the first part counts.

        Raises:
            StateError: If the moments were given to the constructor.
            DataError: If there is no data. The moments are then unchanged.
            ShapeError: If a shape does not fit.
        """
        if self.input_mean is not None:
            raise StateError(f"Cannot adapt {self._where()}, as it was created with `mean` and `variance`.")
        if is_tensor(data):
            parts: Iterator = iter([data])
        else:
            parts = self._parts(data)
        first = next(parts, None)
        if first is None:
            raise DataError(f"{self._where()}: `adapt` found no data: expected at least one batch.")
        first = self._as_batch(first)
        if not self.built:
            self.build(first.shape)
        self._set_moments(self._total(map(self._as_batch, chain([first], parts)), exact=is_tensor(data)))

    def _parts(self, data: Any) -> Iterator:
        """Yields the batches of an iterable."""
        if isinstance(data, (str, bytes, dict)) or not isinstance(data, Iterable | PyDataset):
            raise ArgumentTypeError(
                f"{self._where()}: `adapt` takes an array, or an iterable of batches, such as a `Dataset`. Received: "
                f"{brief(data)}"
            )
        spec = getattr(data, "element_spec", None)
        spec = spec[0] if isinstance(spec, tuple) else spec
        if hasattr(data, "batch") and spec is not None and len(getattr(spec, "shape", None) or (0, 0)) == 1:
            data = data.batch(_BATCH)
        batches = (data[index] for index in range(len(data))) if isinstance(data, PyDataset) else iter(data)
        for batch in batches:
            yield batch[0] if isinstance(batch, tuple) else batch

    def _as_batch(self, batch: Any) -> np.ndarray:
        if not hasattr(batch, "shape"):
            raise ArgumentTypeError(
                f"{self._where()}: `adapt` takes batches that are arrays. Received: a {type(batch).__name__}. Give a "
                "list of numbers as one array, `np.array(data)`."
            )
        array = np.asarray(batch)
        if not is_real(array.dtype):
            raise DataError(f"{self._where()}: `adapt` takes numbers. Received: an array of dtype {array.dtype}")
        if not array.size:
            raise DataError(f"{self._where()}: `adapt` found no data. Received: an array of shape {array.shape}")
        return array

    def _check_fits(self, shape: tuple) -> None:
        own = self._build_input_shape
        if len(shape) != len(own) or any(shape[axis] != own[axis] for axis in self._keep_axis):
            raise ShapeError(f"{self._where()}: it was built for shape {own}. `adapt` received shape {shape}")

    def _total(self, batches: Iterable[np.ndarray], exact: bool) -> tuple[np.ndarray, np.ndarray]:
        """Returns the mean and the variance of all batches; an exact one keeps the dtype of a single array."""
        mean: Any = 0.0
        variance: Any = 0.0
        total = 0
        for batch in batches:
            self._check_fits(batch.shape)
            values = batch if exact else batch.astype(self.compute_dtype)
            own_mean, own_variance = values.mean(self._reduce_axis), values.var(self._reduce_axis)
            count = int(np.prod([batch.shape[axis] for axis in self._reduce_axis]))
            total += count
            weight = count / total
            new = mean * (1.0 - weight) + own_mean * weight
            variance = (variance + (mean - new) ** 2) * (1.0 - weight) + (own_variance + (own_mean - new) ** 2) * weight
            mean = new
        return mean, variance

    def _set_moments(self, moments: tuple[np.ndarray, np.ndarray]) -> None:
        for variable, value in zip((self.adapt_mean, self.adapt_variance), moments, strict=True):
            variable.assign(np.asarray(value).astype(variable.dtype))

    def finalize_state(self) -> None:
        """Does nothing: mean and variance are read from the weights. Subclasses may call it, as in Keras."""

    # ---------------------------------------------------------------- the layer protocol

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the normalized input, or the denormalized one if `invert` is set."""
        inputs = ops.cast(inputs, self.compute_dtype)
        deviation = ops.maximum(ops.sqrt(self.variance), settings.epsilon())
        if self.invert:
            return ops.add(self.mean, ops.multiply(inputs, deviation))
        return ops.divide(ops.subtract(inputs, self.mean), deviation)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "invert": self.invert,
            "mean": np.array(self.input_mean).tolist(),
            "variance": np.array(self.input_variance).tolist(),
        }

    def get_build_config(self) -> dict | None:
        """Returns the shape that the layer was built for; None if it is not built."""
        return None if self._build_input_shape is None else {"input_shape": self._build_input_shape}


def _checked(name: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.asarray(None)
    if not is_real(array.dtype):
        raise ArgumentTypeError(
            f"Normalization: `{name}` must be a number, or numbers. Received: {name}={brief(value)}"
        )
    return value
