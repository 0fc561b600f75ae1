"""Batches of augmented and standardized images."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ... import config
from ...argument_checks import check_number
from ...errors import ArgumentError, NotSupportedError, ShapeError, warn_user
from ...tracebacks import Filtered
from .affine import apply_affine_transform
from .iterators import DirectoryIterator, NumpyArrayIterator
from .transforms import apply_brightness_shift, apply_channel_shift, pair_of


class ImageDataGenerator(Filtered):
    """Generates batches of image data with real-time augmentation and standardization.

    Args:
        featurewise_center: Whether to subtract the mean of the dataset passed to `fit`.
        samplewise_center: Whether to subtract the mean of each sample.
        featurewise_std_normalization: Whether to divide by the standard deviation of the dataset passed to `fit`.
        samplewise_std_normalization: Whether to divide by the standard deviation of each sample.
        zca_whitening: Whether to apply ZCA whitening, computed by `fit`.
        zca_epsilon: Small constant for the numerical stability of ZCA whitening.
        rotation_range: Maximum rotation angle, in degrees.
        width_shift_range: Maximum horizontal shift: a fraction of the width if below 1, else pixels; or a list of
            shifts to choose from.
        height_shift_range: Maximum vertical shift, likewise.
        brightness_range: Range of brightness factors, a pair; needs Pillow.
        shear_range: Maximum shear angle, in degrees.
        zoom_range: Range of zoom factors, a pair; a single number `z` means `(1 - z, 1 + z)`.
        channel_shift_range: Maximum channel shift.
        fill_mode: How to fill points outside the image; see `apply_affine_transform`.
        cval: Fill value of the mode "constant".
        horizontal_flip: Whether to flip images horizontally at random.
        vertical_flip: Whether to flip images vertically at random.
        rescale: Factor to multiply values by.
        preprocessing_function: A function applied to each image after augmentation.
        data_format: "channels_last" or "channels_first".
        validation_split: Fraction of the images reserved for `subset="validation"`.
        interpolation_order: 0 or 1; see `apply_affine_transform`.
        dtype: The dtype of the images.

    Raises:
        ArgumentError: If a range is invalid.
        UnknownNameError: If the data format is unknown.

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/ImageDataGenerator

    Example:
        >>> flow = ImageDataGenerator(rescale=0.5).flow(np.ones((3, 2, 2, 1)), batch_size=2, shuffle=False)
        >>> [float(batch.max()) for batch in (flow[0], flow[1])], len(flow[1])
        ([0.5, 0.5], 1)
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Any = None,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: Any = None,
    ):
        self.data_format = config.resolved_data_format("ImageDataGenerator", data_format)
        if validation_split:
            check_number("ImageDataGenerator", "validation_split", validation_split, above=0, below=1)
        first = self.data_format == "channels_first"
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if first else (3, 1, 2)
        self.featurewise_center, self.samplewise_center = featurewise_center, samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening, self.zca_epsilon = zca_whitening, zca_epsilon
        self._imply_centers()
        self.rotation_range, self.shear_range = rotation_range, shear_range
        self.channel_shift_range = channel_shift_range
        self.width_shift_range, self.height_shift_range = width_shift_range, height_shift_range
        one_number = isinstance(zoom_range, (int, float))
        self.zoom_range = [1 - zoom_range, 1 + zoom_range] if one_number else list(pair_of("zoom_range", zoom_range))
        self.brightness_range = None if brightness_range is None else pair_of("brightness_range", brightness_range)
        self.fill_mode, self.cval, self.interpolation_order = fill_mode, cval, interpolation_order
        self.horizontal_flip, self.vertical_flip = horizontal_flip, vertical_flip
        self.rescale, self.preprocessing_function = rescale, preprocessing_function
        self.dtype, self._validation_split = dtype or config.floatx(), validation_split
        self.mean = self.std = self.zca_whitening_matrix = None

    def _imply_centers(self) -> None:
        if self.zca_whitening and self.featurewise_std_normalization:
            warn_user("`zca_whitening` overrides `featurewise_std_normalization`.", UserWarning)
            self.featurewise_std_normalization = False
        for each, kind in (
            ("zca_whitening", "featurewise"),
            ("featurewise_std_normalization", "featurewise"),
            ("samplewise_std_normalization", "samplewise"),
        ):
            if getattr(self, each) and not getattr(self, f"{kind}_center"):
                warn_user(f"`{each}` needs `{kind}_center`, which is set to True.", UserWarning)
                setattr(self, f"{kind}_center", True)

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        ignore_class_split: bool = False,
        subset: str | None = None,
    ) -> NumpyArrayIterator:
        """Returns an iterator over batches of images in an array; see `NumpyArrayIterator`."""
        return NumpyArrayIterator(
            x,
            y,
            self,
            batch_size,
            shuffle,
            sample_weight,
            seed,
            self.data_format,
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            ignore_class_split,
            self.dtype,
        )

    def flow_from_directory(self, directory: str, *args: Any, **kwargs: Any) -> DirectoryIterator:
        """Returns an iterator over batches of images in a folder, one subfolder per class; see `DirectoryIterator`.

        Args:
            directory: The folder.
            *args: Further positional arguments of `DirectoryIterator`, from `target_size` on.
            **kwargs: Keyword arguments of `DirectoryIterator`.
        """
        return DirectoryIterator(
            directory, self, *args, **{"data_format": self.data_format, "dtype": self.dtype, **kwargs}
        )

    def flow_from_dataframe(self, *args: Any, **kwargs: Any) -> None:
        """Not supported: pandas DataFrames.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError(
            "`flow_from_dataframe` is not supported. Load the images with `load_img` and use `flow`, or sort the "
            "files into folders and use `flow_from_directory`."
        )

    # ---------------------------------------------------------------- single images

    def get_random_transform(self, img_shape: tuple, seed: int | None = None) -> dict:
        """Draws the parameters of a random transformation.

        Args:
            img_shape: The shape of the image, with three axes.
            seed: Seed for numpy's global generator, set before drawing.

        Returns:
            The arguments of `apply_transform`.
        """
        if seed is not None:
            np.random.seed(seed)
        draw = np.random.uniform
        theta = draw(-self.rotation_range, self.rotation_range) if self.rotation_range else 0
        tx = _shift(self.height_shift_range, img_shape[self.row_axis - 1])
        ty = _shift(self.width_shift_range, img_shape[self.col_axis - 1])
        shear = draw(-self.shear_range, self.shear_range) if self.shear_range else 0
        zx, zy = (1, 1) if self.zoom_range == [1, 1] else draw(*self.zoom_range, 2)
        flips = [bool(np.random.random() < 0.5) and flip for flip in (self.horizontal_flip, self.vertical_flip)]
        channel_shift = draw(-self.channel_shift_range, self.channel_shift_range) if self.channel_shift_range else None
        return {
            "theta": theta,
            "tx": tx,
            "ty": ty,
            "shear": shear,
            "zx": zx,
            "zy": zy,
            "flip_horizontal": flips[0],
            "flip_vertical": flips[1],
            "channel_shift_intensity": channel_shift,
            "brightness": None if self.brightness_range is None else draw(*self.brightness_range),
        }

    def apply_transform(self, x: np.ndarray, transform_parameters: dict) -> np.ndarray:
        """Applies a transformation from `get_random_transform` to an image."""
        given = transform_parameters.get
        rows, columns, channels = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        names = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1}
        x = apply_affine_transform(
            x,
            *(given(name, neutral) for name, neutral in names.items()),
            row_axis=rows,
            col_axis=columns,
            channel_axis=channels,
            fill_mode=self.fill_mode,
            cval=self.cval,
            order=self.interpolation_order,
        )
        if given("channel_shift_intensity") is not None:
            x = apply_channel_shift(x, given("channel_shift_intensity"), channels)
        x = np.flip(x, columns) if given("flip_horizontal") else x
        x = np.flip(x, rows) if given("flip_vertical") else x
        return x if given("brightness") is None else apply_brightness_shift(x, given("brightness"), False)

    def random_transform(self, x: np.ndarray, seed: int | None = None) -> np.ndarray:
        """Applies a random transformation to an image."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def standardize(self, x: np.ndarray) -> np.ndarray:
        """Standardizes an image or a batch; floating-point arrays are changed in-place, as in Keras.

        Raises:
            ArgumentError: If it needs statistics, and `fit` was not called.
        """
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, keepdims=True) + 1e-6
        if self.featurewise_center:
            x -= self._found("mean", "featurewise_center")
        if self.featurewise_std_normalization:
            x /= self._found("std", "featurewise_std_normalization") + 1e-6
        if self.zca_whitening:
            matrix = self._found("zca_whitening_matrix", "zca_whitening")
            x = (x.reshape(-1, len(matrix)) @ matrix).reshape(x.shape)
        return x

    def _found(self, what: str, needed_by: str) -> np.ndarray:
        if getattr(self, what) is None:
            raise ArgumentError(f"ImageDataGenerator: `{needed_by}` needs statistics of the data: call `fit(images)`.")
        return getattr(self, what)

    def varied(self, image: np.ndarray) -> np.ndarray:
        """Returns a randomly transformed and standardized copy of an image."""
        return self.standardize(np.array(self.random_transform(image.astype(self.dtype)), self.dtype))

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Computes the statistics that featurewise standardization needs.

        Args:
            x: Images, an array with four axes.
            augment: Whether to compute them on augmented images.
            rounds: Number of augmentation passes over the data.
            seed: Seed for numpy's global generator, set before drawing.

        Raises:
            ShapeError: If the array does not have four axes.
        """
        x = np.array(x, dtype=self.dtype)
        if x.ndim != 4:
            raise ShapeError(f"`fit` expects images in an array of 4 axes. Received: shape {x.shape}")
        if seed is not None:
            np.random.seed(seed)
        if self.rescale:
            x *= self.rescale
        if augment:
            x = np.stack([self.random_transform(image) for _ in range(rounds) for image in x])
        shape = [-1 if axis == self.channel_axis else 1 for axis in (1, 2, 3)]
        over = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=over).reshape(shape)
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=over).reshape(shape)
            x /= self.std + 1e-6
        if self.zca_whitening:
            vectors, sizes, _ = np.linalg.svd(x.reshape(len(x), -1).T, full_matrices=False)
            self.zca_whitening_matrix = (vectors * (np.sqrt(len(x)) / (sizes + self.zca_epsilon))) @ vectors.T


def _shift(limit: Any, size: int) -> float:
    """Draws a shift in pixels: from a list, from integers up to an integer limit, or up to a fraction of a size."""
    if not np.any(limit):
        return 0
    if isinstance(limit, float):
        shift = np.random.uniform(-limit, limit)
    else:
        shift = np.random.choice(limit) * np.random.choice([-1, 1])
    return shift * size if np.max(limit) < 1 else shift
