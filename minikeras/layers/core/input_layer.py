"""`Input` and its layer: the entry point of a model, which declares the shape and dtype of the data."""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np

from ...argument_checks import as_bool
from ...engine.dtypes import standardize_dtype
from ...errors import ArgumentError, ArgumentTypeError, NotSupportedError, brief, warn_legacy
from ...graph.keras_tensor import KerasTensor
from ...graph.operation import Node
from ...tracebacks import filtered
from ...typing import DTypeLike, LayerArguments
from ..base import Layer


class InputLayer(Layer):
    """Declares the input of a model.

    Args:
        shape: The shape of one example, without the batch axis; None for free sizes.
        batch_size: The batch size; None if it is free.
        dtype: The dtype of the data; `floatx` by default.
        sparse: Only None or False: minikeras has no sparse tensors.
        ragged: Only None or False: minikeras has no ragged tensors.
        batch_shape: The shape including the batch axis, instead of `shape` and `batch_size`.
        input_tensor: A symbolic value to use as the input.
        optional: Whether a model may be called with None for this input; the layers it goes to must take None.
        name: The layer's name.
        **kwargs: `input_shape` and `batch_input_shape` of Keras 2.

    Raises:
        ArgumentError: If neither or both of `shape` and `batch_shape` are given, or a size is invalid.

    Source: https://keras.io/api/layers/core_layers/input/

    Example:
        >>> InputLayer(shape=(784,)).batch_shape
        (None, 784)
    """

    def __init__(
        self,
        shape: Sequence[int | None] | None = None,
        batch_size: int | None = None,
        dtype: DTypeLike | None = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Sequence[int | None] | None = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        shape, batch_shape = _take_old_shapes(kwargs, shape, batch_shape)
        super().__init__(name=name)
        self.optional = as_bool("InputLayer", "optional", optional)
        for argument, value in (("sparse", sparse), ("ragged", ragged)):
            if as_bool("InputLayer", argument, value):
                raise NotSupportedError(
                    f"InputLayer: `{argument}` is not in minikeras. Received: {argument}={brief(value)}"
                )
        if input_tensor is not None:
            _check_input_tensor(input_tensor, shape, batch_shape)
            dtype = input_tensor.dtype if dtype is None else dtype
            self.batch_shape = input_tensor.shape
        else:
            self.batch_shape = _whole_shape(shape, batch_size, batch_shape)
        self._dtype = standardize_dtype(dtype)
        if input_tensor is None:
            input_tensor = KerasTensor(self.batch_shape, self._dtype, name=name)
        elif input_tensor._keras_history is not None:
            input_tensor = input_tensor.twin()  # the tensor must keep its history
        self.built = True
        Node(self, (), {}, input_tensor)

    @property
    def dtype(self) -> str:
        """The dtype of the data."""
        return self._dtype

    def call(self) -> None:
        """Raises an error: an input layer is not called."""
        raise NotSupportedError("An InputLayer is the entry point of a model and is not called. Use its `output`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            "batch_shape": self.batch_shape,
            "dtype": self.dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": self.optional,
        }

    def __repr__(self) -> str:
        return f"<InputLayer name={self.name}, built=True>"


@filtered
def Input(
    shape: Sequence[int | None] | None = None,
    batch_size: int | None = None,
    dtype: DTypeLike | None = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Sequence[int | None] | None = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
) -> KerasTensor:
    """Creates a symbolic input of a model; in a `Sequential` model it declares the shape of the data.

    Args:
        shape: The shape of one example, without the batch axis; None for free sizes.
        batch_size: The batch size; None if it is free.
        dtype: The dtype of the data; `floatx` by default.
        sparse: Only None or False.
        ragged: Only None or False.
        batch_shape: The shape including the batch axis, instead of `shape` and `batch_size`.
        name: The name of the input layer.
        tensor: A symbolic value to use as the input.
        optional: Only False.

    Returns:
        A KerasTensor.

    Source: https://keras.io/api/layers/core_layers/input/

    Example:
        >>> Input(shape=(784,)).shape
        (None, 784)
    """
    layer = InputLayer(shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name)
    return layer.output


def _whole_shape(shape: object, batch_size: int | None, batch_shape: object) -> tuple:
    if (shape is None) == (batch_shape is None):
        raise ArgumentError(
            f"Input expects either `shape` or `batch_shape`. Received: shape={shape}, batch_shape={batch_shape}"
        )
    if batch_shape is not None and batch_size is not None:
        raise ArgumentError(f"Input takes `batch_size` or `batch_shape`. Received: {batch_size=}, {batch_shape=}")
    if isinstance(shape, (int, np.integer)) and not isinstance(shape, bool):
        warn_legacy(f"`Input(shape={shape!r})`", f"`Input(shape=({shape!r},))`")
        shape = (shape,)
    given = shape if batch_shape is None else batch_shape
    try:
        sizes = tuple(None if size is None else int(size) for size in given)
        wrong = any(size is not None and (size < 0 or size != old) for size, old in zip(sizes, given, strict=True))
    except (TypeError, ValueError):
        wrong = True
    if wrong:
        raise ArgumentError(
            f"Input expects a tuple of integers such as `shape=(784,)`, None for a free size. Received: {brief(given)}"
        )
    return sizes if batch_shape is not None else (batch_size, *sizes)


def _check_input_tensor(tensor: object, shape: object, batch_shape: object) -> None:
    if not isinstance(tensor, KerasTensor):
        raise ArgumentError(f"Input expects a symbolic value as `tensor`. Received: tensor={brief(tensor)}")
    for given, own in ((shape, tensor.shape[1:]), (batch_shape, tensor.shape)):
        if given is not None and tuple(given) != own:
            raise ArgumentError(f"Input: the shape {tuple(given)} differs from that of the given tensor, {own}.")


def _take_old_shapes(kwargs: dict, shape: object, batch_shape: object) -> tuple[object, object]:
    """Returns the shapes, also under their names in Keras 2."""
    for old, new in (("input_shape", "shape"), ("batch_input_shape", "batch_shape")):
        if old in kwargs:
            warn_legacy(f"`InputLayer({old}=...)`", f"`InputLayer({new}=...)`")
    shape = kwargs.pop("input_shape", shape)
    batch_shape = kwargs.pop("batch_input_shape", batch_shape)
    if kwargs:
        raise ArgumentTypeError(f"InputLayer: unknown arguments. Received: {', '.join(kwargs)}")
    return shape, batch_shape
