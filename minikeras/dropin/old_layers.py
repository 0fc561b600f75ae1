"""Layers of Keras 1 and 2 that Keras 3 has not, such as `merge`, whose mode is given by a string."""

from collections.abc import Callable, Sequence
from typing import Any

from .. import layers, ops
from ..argument_checks import check_number
from ..errors import ArgumentError, brief, unknown_name, warn_legacy
from ..models import Model

__all__ = [
    "AtrousConvolution1D",
    "AtrousConvolution2D",
    "CuDNNGRU",
    "CuDNNLSTM",
    "Merge",
    "ThresholdedReLU",
    "merge",
]

_MODES = {
    "ave": layers.Average,
    "concat": layers.Concatenate,
    "cos": layers.Dot,
    "dot": layers.Dot,
    "max": layers.Maximum,
    "mul": layers.Multiply,
    "sum": layers.Add,
}

# The positional arguments of CuDNNGRU and CuDNNLSTM after `units`.
_CUDNN_INITIALIZERS = ("kernel_initializer", "recurrent_initializer", "bias_initializer")
_CUDNN_OTHERS = (
    "kernel_regularizer",
    "recurrent_regularizer",
    "bias_regularizer",
    "activity_regularizer",
    "kernel_constraint",
    "recurrent_constraint",
    "bias_constraint",
    "return_sequences",
    "return_state",
    "go_backwards",
    "stateful",
)
_CUDNN_ARGUMENTS = {
    "GRU": (*_CUDNN_INITIALIZERS, *_CUDNN_OTHERS),
    "LSTM": (*_CUDNN_INITIALIZERS, "unit_forget_bias", *_CUDNN_OTHERS),
}


def merge(
    inputs: Sequence,
    mode: str | Callable = "sum",
    concat_axis: int = -1,
    dot_axes: Any = -1,
    output_shape: Any = None,
    output_mask: None = None,
    arguments: dict | None = None,
    name: str | None = None,
) -> Any:
    """Merges several values, as in Keras 1; Keras 3 has a function for each mode, such as `add`.

    Args:
        inputs: The values to merge.
        mode: "sum", "mul", "concat", "ave", "dot", "cos", "max", or a function of the list of values.
        concat_axis: The axis along which "concat" concatenates.
        dot_axes: The axis, or one for each of two values, that "dot" and "cos" contract.
        output_shape: The output shape of a function, without the batch axis; inferred by default.
        output_mask: Must be None.
        arguments: Further arguments of a function.
        name: The name of the layer.

    Raises:
        UnknownNameError: If there is no such mode.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     merge([layers.Input((2,)), layers.Input((3,))], mode="concat").shape
        (None, 5)
    """
    layer = _layer(mode, concat_axis, dot_axes, output_shape, output_mask, arguments, name)
    warn_legacy(f"`merge(..., mode={mode!r})`", f"`{_today(layer)}(...)`")
    return layer(list(inputs))


def Merge(
    layers: Sequence | None = None,
    mode: str | Callable = "sum",
    concat_axis: int = -1,
    dot_axes: Any = -1,
    output_shape: Any = None,
    output_mask: None = None,
    arguments: dict | None = None,
    node_indices: None = None,
    tensor_indices: None = None,
    name: str | None = None,
) -> Any:
    """Returns a layer that merges several inputs, as in Keras 1.

    Args:
        layers: Models, or layers that were called: their outputs are merged, and the result is a model of their inputs
            that can be the first in a `Sequential`. If None, the result is a layer to be called on a list of values.
        mode: As in `merge`.
        concat_axis: As in `merge`.
        dot_axes: As in `merge`.
        output_shape: As in `merge`.
        output_mask: Must be None.
        arguments: As in `merge`.
        node_indices: Must be None.
        tensor_indices: Must be None.
        name: The name of the layer.

    Raises:
        UnknownNameError: If there is no such mode.
        ArgumentError: If there are fewer than two layers.
    """
    if node_indices is not None or tensor_indices is not None:
        raise ArgumentError("Merge: call the layers yourself instead of `node_indices` and `tensor_indices`.")
    layer = _layer(mode, concat_axis, dot_axes, output_shape, output_mask, arguments, name)
    warn_legacy(f"`Merge(..., mode={mode!r})`", f"`{_today(layer)}(...)` on the outputs of the layers")
    if layers is None:
        return layer
    if len(layers) < 2:
        raise ArgumentError(f"Merge: expected at least two layers to merge. Received: {brief(layers)}")
    inputs = [value for each in layers for value in _as_list(each.input)]
    return Model(inputs, layer([each.output for each in layers]))


def AtrousConvolution1D(*args: Any, atrous_rate: int = 1, **kwargs: Any) -> layers.Conv1D:
    """Returns a `Conv1D` layer with a dilation rate, as in Keras 1.

    Args:
        *args: As of `Conv1D`.
        atrous_rate: The dilation rate.
        **kwargs: As of `Conv1D`.
    """
    warn_legacy("`AtrousConvolution1D(...)`", f"`Conv1D(..., dilation_rate={atrous_rate!r})`")
    return layers.Conv1D(*args, dilation_rate=atrous_rate, **kwargs)


def AtrousConvolution2D(*args: Any, atrous_rate: int | Sequence[int] = (1, 1), **kwargs: Any) -> layers.Conv2D:
    """Returns a `Conv2D` layer with a dilation rate, as in Keras 1.

    Args:
        *args: As of `Convolution2D`.
        atrous_rate: The dilation rate.
        **kwargs: As of `Convolution2D`.
    """
    warn_legacy("`AtrousConvolution2D(...)`", f"`Conv2D(..., dilation_rate={atrous_rate!r})`")
    return layers.Convolution2D(*args, dilation_rate=atrous_rate, **kwargs)


def CuDNNGRU(*args: Any, **kwargs: Any) -> layers.GRU:
    """Returns a `GRU` layer, by its name in Keras 2 for GPUs.

    Args:
        *args: As of `GRU`, without the activations and `use_bias`, which are cuDNN's.
        **kwargs: As of `GRU`.
    """
    return _of_cudnn(layers.GRU, args, kwargs)


def CuDNNLSTM(*args: Any, **kwargs: Any) -> layers.LSTM:
    """Returns an `LSTM` layer, by its name in Keras 2 for GPUs.

    Args:
        *args: As of `LSTM`, without the activations and `use_bias`, which are cuDNN's.
        **kwargs: As of `LSTM`.
    """
    return _of_cudnn(layers.LSTM, args, kwargs)


def _of_cudnn(layer: type, args: tuple, kwargs: dict) -> Any:
    name = layer.__name__
    warn_legacy(f"`CuDNN{name}(...)`", f"`{name}(...)`")
    return layer(*args[:1], **dict(zip(_CUDNN_ARGUMENTS[name], args[1:], strict=False)), **kwargs)


class ThresholdedReLU(layers.Layer):
    """Thresholded rectified linear unit.

    `x` for `x > theta`, else 0

    Args:
        theta: The threshold, a number >= 0.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If the threshold is negative.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     ThresholdedReLU(theta=1.0)([-2.0, 1.0, 3.0])
        array([0., 0., 3.], dtype=float32)
    """

    def __init__(self, theta: float = 1.0, **kwargs: Any):
        super().__init__(**kwargs)
        check_number("ThresholdedReLU", "theta", theta, minimum=0, finite=False, error=ArgumentError)
        warn_legacy(f"`ThresholdedReLU(theta={theta!r})`", f"`ReLU(threshold={theta!r})`")
        self.theta, self.supports_masking = float(theta), True

    def call(self, inputs: Any) -> Any:
        """Applies the activation."""
        return ops.where(inputs > self.theta, inputs, ops.zeros_like(inputs))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments to recreate the layer."""
        return {**super().get_config(), "theta": self.theta}


def _layer(
    mode: Any, concat_axis: int, dot_axes: Any, output_shape: Any, output_mask: Any, arguments: dict | None, name: Any
) -> layers.Layer:
    if output_mask is not None:
        raise ArgumentError("Merge: write a layer with `compute_mask` instead of `output_mask`.")
    if callable(mode):
        return layers.Lambda(mode, output_shape, arguments=arguments, name=name)
    if mode not in _MODES:
        raise unknown_name("mode of `merge`", mode, _MODES)
    if mode == "concat":
        return layers.Concatenate(axis=concat_axis, name=name)
    if mode in ("dot", "cos"):
        if not isinstance(dot_axes, int):  # as in `dot_axes=[[1], [1]]`
            dot_axes = tuple(axis if isinstance(axis, int) else axis[0] for axis in dot_axes)
        return layers.Dot(axes=dot_axes, normalize=mode == "cos", name=name)
    return _MODES[mode](name=name)


def _today(layer: layers.Layer) -> str:
    return type(layer).__name__


def _as_list(value: Any) -> list:
    return list(value) if isinstance(value, (list, tuple)) else [value]
