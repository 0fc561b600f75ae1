"""Loading, saving and conversion of images with Pillow, as arrays of shape (height, width, channels)."""

import os
from typing import Any

import numpy as np

from .. import config
from ..argument_checks import check_sizes
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief, unknown_name, warn_user
from ..tracebacks import filtered
from .paths import checked_path, opened

_MODES = {"grayscale": ("L", "I;16", "I"), "rgb": ("RGB",), "rgba": ("RGBA",)}
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")


def pillow() -> Any:
    """Returns the module `PIL.Image`.

    Raises:
        ImportError: If Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("Images need Pillow: `pip install minikeras[image]`, or `pip install pillow`.") from error
    return Image


@filtered
def array_to_img(x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None) -> Any:
    """Converts an array to a Pillow image.

    Args:
        x: An image of 1, 3 or 4 channels.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        scale: Whether to rescale the values to the range 0 to 255.
        dtype: The dtype to compute in; `floatx` by default.

    Raises:
        ShapeError: If it is not a single image of 1, 3 or 4 channels.

    Source: https://keras.io/api/data_loading/image/

    Example:
        >>> array_to_img(np.zeros((2, 3, 1))).size
        (3, 2)
    """
    image, data_format = pillow(), config.resolved_data_format("an image", data_format)
    x = np.asarray(x, dtype=dtype or config.floatx())
    if x.ndim != 3:
        raise ShapeError(f"`array_to_img` expects one image of 3 axes. Received: shape {x.shape}")
    if data_format == "channels_first":
        x = x.transpose(1, 2, 0)
    if x.shape[2] not in (1, 3, 4):
        raise ShapeError(f"`array_to_img` expects 1, 3 or 4 channels. Received: {x.shape[2]}")
    if scale:
        x = x - x.min()
        largest = x.max()
        x = (x / largest if largest else x) * 255
    if x.shape[2] > 1:
        return image.fromarray(x.astype("uint8"))
    return image.fromarray(x[:, :, 0].astype("int32" if x.max() > 255 else "uint8"))


@filtered
def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> np.ndarray:
    """Converts a Pillow image to an array of three axes.

    Args:
        img: The image.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        dtype: The dtype of the array; `floatx` by default.

    Raises:
        ShapeError: If it has neither two nor three axes.

    Source: https://keras.io/api/data_loading/image/

    Example:
        >>> img_to_array(np.zeros((2, 3))).shape
        (2, 3, 1)
    """
    data_format = config.resolved_data_format("an image", data_format)
    x = np.asarray(img, dtype=dtype or config.floatx())
    if x.ndim not in (2, 3):
        raise ShapeError(f"`img_to_array` expects an image. Received: shape {x.shape}")
    x = x[:, :, None] if x.ndim == 2 else x
    return x.transpose(2, 0, 1) if data_format == "channels_first" else x


@filtered
def load_img(
    path: Any,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """Loads an image file.

    Args:
        path: The path, or an open file.
        color_mode: "rgb", "rgba" or "grayscale".
        target_size: Height and width to scale it to.
        interpolation: "nearest", "bilinear", "bicubic", "hamming", "box" or "lanczos".
        keep_aspect_ratio: Whether to crop the image to the aspect ratio of `target_size` instead of distorting it.

    Returns:
        A Pillow image.

    Raises:
        UnknownNameError: If a name is not one of these.

    Source: https://keras.io/api/data_loading/image/

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> save_img(file, np.zeros((2, 3, 3)), file_format="png")
        >>> load_img(file).size  # width and height
        (3, 2)
    """
    images = pillow()
    if color_mode not in _MODES:
        raise unknown_name("`color_mode` of `load_img`", color_mode, _MODES)
    if target_size is not None and interpolation not in _INTERPOLATIONS:
        raise unknown_name("`interpolation` of `load_img`", interpolation, _INTERPOLATIONS)
    if not hasattr(path, "read") and not isinstance(path, (str, bytes, os.PathLike)):
        raise ArgumentTypeError(f"`load_img` expects a path or an open file. Received: {brief(path)}")
    if hasattr(path, "read"):
        image = _read(images, path)
    else:
        with opened(checked_path(os.fsdecode(path), "`load_img`")) as stream:
            image = _read(images, stream)
    if image.mode not in _MODES[color_mode]:
        image = image.convert(_MODES[color_mode][0])
    if target_size is None or image.size == (target_size[1], target_size[0]):
        return image
    size, resample = (target_size[1], target_size[0]), getattr(images.Resampling, interpolation.upper())
    if not keep_aspect_ratio:
        return image.resize(size, resample)
    top, left, height, width = largest_window(image.size[1], image.size[0], (target_size[0], target_size[1]))
    return image.resize(size, resample, box=(left, top, left + width, top + height))


def _read(images: Any, stream: Any) -> Any:
    with images.open(stream) as file:
        file.load()
        return file.copy()


@filtered
def save_img(
    path: Any,
    x: Any,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Saves an array as an image file.

    Args:
        path: The path, or an open file.
        x: The image.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        file_format: The format; by default given by the file extension.
        scale: Whether to rescale the values to the range 0 to 255.
        **kwargs: Arguments of Pillow's `save`.

    Raises:
        ArgumentError: If neither a file name nor `file_format` determines the format.

    Source: https://keras.io/api/data_loading/image/

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> save_img(file, np.zeros((2, 3, 3)), file_format="png")
        >>> load_img(file).size  # width and height
        (3, 2)
    """
    if not hasattr(path, "write"):
        path = checked_path(path, "`save_img`")
        file_format = os.path.splitext(path)[1][1:] if file_format is None else file_format
    if not file_format:
        raise ArgumentError(f"`save_img`: pass the format as `file_format`. Received: path={brief(path)}")
    file_format = "jpeg" if file_format.lower() == "jpg" else file_format.lower()
    image = array_to_img(x, data_format, scale)
    if image.mode == "RGBA" and file_format == "jpeg":
        warn_user("JPEG has no transparency, so the image is written as RGB.", UserWarning)
        image = image.convert("RGB")
    image.save(path, format=file_format, **kwargs)


@filtered
def smart_resize(
    x: Any, size: Any, interpolation: str = "bilinear", data_format: str = "channels_last", **kwargs: Any
) -> Any:
    """Resizes images without distorting them: first crops the middle to the aspect ratio of `size`.

    Args:
        x: An image of shape (height, width, channels), or a batch of them with another axis before; (channels, height,
            width) with "channels_first".
        size: Height and width of the result, in pixels.
        interpolation: "bilinear", "nearest", "bicubic", "lanczos3" or "lanczos5".
        data_format: "channels_last" or "channels_first".
        **kwargs: `backend_module`, for compatibility, has to be None.

    Returns:
        The resized images, in the dtype that `ops.image.resize` gives.

    Raises:
        ArgumentTypeError: For unknown arguments.
        ShapeError: If `x` is no image, or `size` no pair.

    Source: https://keras.io/api/data_loading/image/

    Example:
        >>> smart_resize(np.zeros((340, 500, 3), "float32"), (200, 200)).shape
        (200, 200, 3)
    """
    module = kwargs.pop("backend_module", None)
    if kwargs or module is not None:
        unknown = sorted(kwargs) or ["backend_module"]
        raise ArgumentTypeError(f"smart_resize: these arguments are not known, or not supported: {unknown}")
    from .. import ops

    height, width = check_sizes("smart_resize", "size", size, 2)
    image = ops.convert_to_tensor(x)
    if len(image.shape) not in (3, 4):
        raise ShapeError(f"smart_resize expects an image or a batch of images. Received: shape {tuple(image.shape)}")
    data_format = config.resolved_data_format("smart_resize", data_format)
    axes = (-3, -2) if data_format == "channels_last" else (-2, -1)
    top, left, rows, columns = largest_window(image.shape[axes[0]], image.shape[axes[1]], (height, width))
    window = (slice(top, top + rows), slice(left, left + columns))
    image = image[(..., *window, slice(None))] if data_format == "channels_last" else image[(..., *window)]
    return ops.image.resize(image, (height, width), interpolation=interpolation, data_format=data_format)


def largest_window(height: int, width: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Returns the largest window in the middle of an image that has the aspect ratio of `size`.

    Args:
        height: The height of the image, in pixels.
        width: Its width.
        size: The height and width that give the ratio.

    Returns:
        Top, left, height and width of the window.

    Example:
        >>> largest_window(340, 500, (200, 200))
        (0, 80, 340, 340)
    """
    rows = max(min(height, width * size[0] // size[1]), 1)
    columns = max(min(width, height * size[1] // size[0]), 1)
    return (height - rows) // 2, (width - columns) // 2, rows, columns
