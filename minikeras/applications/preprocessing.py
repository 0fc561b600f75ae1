"""How images are prepared for the models: the channels scaled, or centered by the means of ImageNet.

The functions are `preprocess_input` of one architecture or another.
"""

from typing import Any

import numpy as np

from .. import ops
from ..config import floatx, resolved_data_format
from ..engine.dtypes import standardize_dtype
from ..engine.immutable_arrays import ImmutableArray
from ..errors import unknown_name
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike

MODES = ("caffe", "tf", "torch")
# Of the pixels of ImageNet: blue, green, red in 0 to 255; red, green, blue in 0 to 1.
_BGR_MEAN = (103.939, 116.779, 123.68)
_RGB_MEAN = (0.485, 0.456, 0.406)
_RGB_STDDEV = (0.229, 0.224, 0.225)


@filtered
def preprocess_input(x: TensorLike, data_format: str | None = None, mode: str = "caffe") -> Tensor:
    """Prepares images for a model, in the way that the model was trained with.

    "tf": `x / 127.5 - 1`, from -1 to 1. "torch": `(x / 255 - mean) / stddev` for each channel, with those of ImageNet.
    "caffe": the channels in the order blue, green, red, and `x - mean`, not scaled.

    Args:
        x: Images of pixels from 0 to 255: (height, width, 3) or (batch, height, width, 3), channels first if
            `data_format` says so. The result is written over an array of floating-point numbers; pass a copy to keep
            it. Integers are converted to `floatx`.
        data_format: "channels_first" or "channels_last"; None for `config.image_data_format()`.
        mode: "caffe", "tf" or "torch".

    Returns:
        The prepared images.

    Raises:
        UnknownNameError: If `mode` or `data_format` is unknown.

    Source: https://keras.io/api/applications/

    Example:
        >>> preprocess_input(np.array([[[[255.0, 127.5, 0.0]]]]), mode="tf")
        array([[[[ 1.,  0., -1.]]]])
    """
    if mode not in MODES:
        raise unknown_name("mode of preprocess_input", mode, MODES)
    data_format = resolved_data_format("preprocess_input", data_format)
    images: Any = _as_floating(x)
    if mode == "tf":
        images /= 127.5
        images -= 1.0
        return images
    axis = -1 if data_format == "channels_last" else images.ndim - 3
    if mode == "caffe":
        # numpy's is a view, so that the result is written over the array that was given.
        images = (np.flip if _is_array(images) else ops.flip)(images, axis)
        images -= _by_channel(_BGR_MEAN, images, axis)
        return images
    images /= 255.0
    images -= _by_channel(_RGB_MEAN, images, axis)
    images /= _by_channel(_RGB_STDDEV, images, axis)
    return images


def _as_floating(x: Any) -> Any:
    """Returns tensors of floating-point numbers, unchanged if they are and can be written to."""
    if _is_array(x):
        floating = np.issubdtype(x.dtype, np.floating)
        return x if floating and x.flags.writeable else x.astype(x.dtype if floating else floatx())
    x = ops.convert_to_tensor(x)
    return x if "float" in standardize_dtype(x.dtype) else ops.cast(x, floatx())


def _is_array(x: Any) -> bool:
    """Tells arrays of numpy from tensors, which nobody writes over, also where these are arrays, too."""
    return isinstance(x, np.ndarray) and not isinstance(x, ImmutableArray)


def _by_channel(values: tuple[float, ...], images: Any, axis: int) -> np.ndarray:
    """Returns a number for each channel, of the images' dtype, to be broadcast to them."""
    shape = [1] * images.ndim
    shape[axis] = len(values)
    return np.array(values, standardize_dtype(images.dtype)).reshape(shape)


@filtered
def scaled(x: TensorLike, data_format: str | None = None) -> Tensor:
    """Scales pixels to numbers from -1 to 1: `x / 127.5 - 1`.

    Args:
        x: Images of pixels from 0 to 255, as for `imagenet_utils.preprocess_input`; an array of floating-point numbers
            is written over.
        data_format: "channels_first" or "channels_last"; None for `config.image_data_format()`.

    Returns:
        The prepared images.

    Raises:
        UnknownNameError: If `data_format` is unknown.

    Source: https://keras.io/api/applications/

    Example:
        >>> scaled(np.array([[[0, 255, 255]]]))
        array([[[-1.,  1.,  1.]]], dtype=float32)
    """
    return preprocess_input(x, data_format, "tf")


@filtered
def standardized(x: TensorLike, data_format: str | None = None) -> Tensor:
    """Scales pixels to numbers from 0 to 1 and standardizes each channel: `(x / 255 - mean) / stddev`.

    Args:
        x: Images of pixels from 0 to 255, as for `imagenet_utils.preprocess_input`; an array of floating-point numbers
            is written over.
        data_format: "channels_first" or "channels_last"; None for `config.image_data_format()`.

    Returns:
        The prepared images.

    Raises:
        UnknownNameError: If `data_format` is unknown.

    Source: https://keras.io/api/applications/

    Example:
        >>> standardized(np.array([[[0.485, 0.456, 0.406]]]) * 255).round(6)
        array([[[0., 0., 0.]]])
    """
    return preprocess_input(x, data_format, "torch")


@filtered
def centered(x: TensorLike, data_format: str | None = None) -> Tensor:
    """Puts the channels in the order blue, green, red and subtracts their means over ImageNet.

    Args:
        x: Images of pixels from 0 to 255, as for `imagenet_utils.preprocess_input`; an array of floating-point numbers
            is written over.
        data_format: "channels_first" or "channels_last"; None for `config.image_data_format()`.

    Returns:
        The prepared images.

    Raises:
        UnknownNameError: If `data_format` is unknown.

    Source: https://keras.io/api/applications/

    Example:
        >>> centered(np.array([[[123.68, 116.779, 103.939]]]))
        array([[[0., 0., 0.]]])
    """
    return preprocess_input(x, data_format, "caffe")


@filtered
def unchanged(x: TensorLike, data_format: str | None = None) -> Tensor:
    """Returns the images as they are: the models of this namespace prepare them themselves.

    Args:
        x: Images of pixels from 0 to 255.
        data_format: "channels_first" or "channels_last"; None for `config.image_data_format()`.

    Returns:
        The images.

    Raises:
        UnknownNameError: If `data_format` is unknown.

    Source: https://keras.io/api/applications/

    Example:
        >>> unchanged(np.array([[[0, 128, 255]]]))
        array([[[  0, 128, 255]]])
    """
    resolved_data_format("preprocess_input", data_format)
    return x  # type: ignore[return-value]
