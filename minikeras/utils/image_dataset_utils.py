"""Datasets of the images in a folder."""

from typing import Any

import numpy as np

from ..argument_checks import bad_argument, check_sizes
from ..config import resolved_data_format
from ..data.specs import TensorSpec
from ..errors import ArgumentError, unknown_name
from ..tracebacks import filtered
from .folders import Request, check_format, folder_datasets, unreadable
from .image_utils import largest_window, pillow
from .paths import opened
from .resampling import INTERPOLATIONS, resized

_WHERE = "image_dataset_from_directory"
_ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_FORMATS = ("BMP", "GIF", "JPEG", "PNG")
_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
_CROPPED = ("area", "bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")  # those of `ops.image.resize` in Keras


@filtered
def image_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Any = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: Any = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Makes a dataset of the images in a folder, which has a subfolder for each class.

    JPEG, PNG, GIF (the first frame) and BMP files are read with Pillow (extra `image`) and resized. Other files, hidden
    ones and hidden folders are skipped.

    Args:
        directory: The folder.
        labels: "inferred": the number of the subfolder; None: no labels; or a list of an integer for each file, sorted
            by the files' paths.
        label_mode: "int": int32 of shape (batch,); "binary": float32 0 or 1 of shape (batch, 1); "categorical":
            one-hot float32 of shape (batch, classes); None: no labels.
        class_names: The subfolders to read, in the order of their numbers; by default all, in alphabetical order.
        color_mode: "grayscale", "rgb" or "rgba": 1, 3 or 4 channels.
        batch_size: Images a batch; None: no batches.
        image_size: Height and width that images are resized to, in pixels; one integer for both.
        shuffle: Whether to shuffle: the files once, which also determines the parts, and anew in each pass.
        seed: Same seed, same orders.
        validation_split: The fraction of the files that is for validation.
        subset: "training", "validation" or "both", with `validation_split`.
        interpolation: "bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian" or "mitchellcubic",
            without antialiasing, as in `tf.image.resize`.
        follow_links: Whether to read subfolders that are symbolic links.
        crop_to_aspect_ratio: Whether to crop images to the ratio of `image_size` instead of distorting them.
        pad_to_aspect_ratio: Whether to pad them with zeros instead.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        format: "tf", for compatibility; "grain" is refused.
        verbose: Whether to print how many files and classes were found.

    Returns:
        A `minikeras.data.Dataset` of images of 0 to 255, float32 (uint8 if the interpolation is "nearest"), of shape
        (batch, height, width, channels), or of pairs of images and labels; its attributes are `class_names` and
        `file_paths`. A list of two of them for subset="both".

    Raises:
        ArgumentError: If an argument is invalid, or there are no files, or none for one of the parts.
        DataError: If an image cannot be read; raised, with its path, when it is read.
        FileReadError: If the folder cannot be read.

    Source: https://keras.io/api/data_loading/image/#image_dataset_from_directory-function

    Example:
        >>> import os, tempfile
        >>> from minikeras.utils import save_img
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ("cat", "dog"):
        ...         os.mkdir(f"{folder}/{name}")
        ...         save_img(f"{folder}/{name}/1.png", np.zeros((4, 6, 3)))
        ...     dataset = image_dataset_from_directory(folder, image_size=(2, 3))
        ...     dataset.class_names, [(images.shape, labels.shape) for images, labels in dataset]
        Found 2 files belonging to 2 classes.
        (['cat', 'dog'], [((2, 2, 3, 3), (2,))])
    """
    if color_mode not in _MODES:
        raise unknown_name(f"color_mode of {_WHERE}", color_mode, _MODES)
    size = check_sizes(_WHERE, "image_size", image_size, 2)
    method = interpolation.lower() if isinstance(interpolation, str) else interpolation
    if method not in INTERPOLATIONS:
        raise unknown_name(f"interpolation of {_WHERE}", interpolation, INTERPOLATIONS)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ArgumentError(f"{_WHERE}: `crop_to_aspect_ratio` and `pad_to_aspect_ratio` exclude each other.")
    if crop_to_aspect_ratio and method not in _CROPPED:
        raise bad_argument(_WHERE, "interpolation", interpolation, f"one of {_CROPPED} with `crop_to_aspect_ratio`")
    check_format(_WHERE, format)
    is_first = resolved_data_format(_WHERE, data_format) == "channels_first"
    fit = _cropped if crop_to_aspect_ratio else _padded if pad_to_aspect_ratio else resized
    pillow()  # if it is missing, the error is raised here

    def load(path: str) -> np.ndarray:
        image = fit(_pixels(path, color_mode), size, method)
        return image.transpose(2, 0, 1) if is_first else image

    channels = len(_MODES[color_mode])
    spec = TensorSpec(
        (channels, *size) if is_first else (*size, channels), "uint8" if method == "nearest" else "float32"
    )
    request = Request(
        _WHERE, "image", _ENDINGS, directory, labels, label_mode, class_names, batch_size, shuffle, seed,
        validation_split, subset, follow_links, verbose,
    )  # fmt: skip
    return folder_datasets(request, load, spec)


def _pixels(path: str, color_mode: str) -> np.ndarray:
    """Returns the pixels of an image file, uint8 of shape (height, width, channels)."""
    mode = _MODES[color_mode]
    try:
        with opened(path) as stream, pillow().open(stream, formats=_FORMATS) as image:
            if mode == "L" and image.format == "JPEG":
                image.draft("L", image.size)  # the luminance as it is in the file
            if image.mode.startswith("I"):  # 16 bits a pixel, of which the upper ones are shown
                gray = (np.asarray(image) >> 8).astype("uint8")
                image = pillow().fromarray(gray)
            pixels = np.asarray(image if image.mode == mode else image.convert(mode))
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder raises for a damaged file
        raise unreadable(_WHERE, path, error) from error
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def _cropped(image: np.ndarray, size: tuple[int, int], method: str) -> np.ndarray:
    """Resizes the largest window in the middle that has the ratio of `size`."""
    top, left, height, width = largest_window(image.shape[0], image.shape[1], size)
    return resized(image[top : top + height, left : left + width], size, method)


def _padded(image: np.ndarray, size: tuple[int, int], method: str) -> np.ndarray:
    """Resizes an image to fit into `size`, and pads it with zeros; rounds as `tf.image.resize_with_pad` does."""
    ratio = max(np.float32(own) / np.float32(want) for own, want in zip(image.shape[:2], size, strict=True))
    wanted = [np.float32(own) / ratio for own in image.shape[:2]]
    # a side may be less than a pixel
    part = resized(image, (max(int(wanted[0]), 1), max(int(wanted[1]), 1)), method)
    result = np.zeros((*size, image.shape[2]), part.dtype)
    top, left = (max(0, int((np.float32(want) - own) / 2)) for want, own in zip(size, wanted, strict=True))
    result[top : top + part.shape[0], left : left + part.shape[1]] = part
    return result
