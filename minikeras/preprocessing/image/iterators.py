"""Iterators over batches of images, from arrays and from folders."""

import os
from collections.abc import Iterator as _Iterator
from typing import Any

import numpy as np

from ... import config
from ...errors import ArgumentError, DataError, NotSupportedError, ShapeError, brief, unknown_name, warn_user
from ...utils import PyDataset, array_to_img, img_to_array, load_img

_ENDINGS = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")
_CHANNELS = {"rgb": 3, "rgba": 4, "grayscale": 1}
_CLASS_MODES = ("categorical", "binary", "sparse", "input", None)
_SUBSETS = ("training", "validation")


class Iterator(PyDataset):
    """Base class of batch iterators, shuffled in each pass; `next` continues indefinitely.

    Args:
        n: Number of samples.
        batch_size: Number of samples per batch; the last batch may be smaller.
        shuffle: Whether to shuffle in each pass.
        seed: Seed for numpy's global generator, set before each batch.
    """

    def __init__(self, n: int, batch_size: int, shuffle: bool, seed: int | None):
        super().__init__()
        self.n, self.batch_size, self.shuffle, self.seed = n, batch_size, shuffle, seed
        self.total_batches_seen = self.batch_index = 0
        self.index_array: np.ndarray | None = None

    def __len__(self) -> int:
        return -(-self.n // self.batch_size)

    def __getitem__(self, index: int) -> Any:
        if not 0 <= index < len(self):
            raise IndexError(f"There are {len(self)} batches. Received: {index}")
        self._seed()
        if self.index_array is None:
            self.on_epoch_end()
        rows = self.index_array[self.batch_size * index : self.batch_size * (index + 1)]
        return self._get_batches_of_transformed_samples(rows)

    def __iter__(self) -> _Iterator:
        return self

    def __next__(self) -> Any:
        self._seed()
        if self.batch_index == 0:
            self.on_epoch_end()
        start = self.batch_index * self.batch_size
        self.batch_index = (self.batch_index + 1) % max(len(self), 1)
        return self._get_batches_of_transformed_samples(self.index_array[start : start + self.batch_size])

    next = __next__

    def _seed(self) -> None:
        if self.seed is not None:
            np.random.seed(self.seed + self.total_batches_seen)
        self.total_batches_seen += 1

    def on_epoch_end(self) -> None:
        """Draws the order of the next pass."""
        self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def reset(self) -> None:
        """Makes `next` start a new pass."""
        self.batch_index = 0

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        raise NotSupportedError(f"{type(self).__name__} needs `_get_batches_of_transformed_samples(index_array)`.")

    def _save(self, images: np.ndarray, rows: np.ndarray) -> None:
        """Saves a batch as image files, if a folder was given."""
        for image, row in zip(images, rows, strict=True) if self.save_to_dir else ():
            name = f"{self.save_prefix}_{row}_{np.random.randint(10_000_000)}.{self.save_format}"
            array_to_img(image, self.data_format, scale=True).save(os.path.join(self.save_to_dir, name))


def _part(count: int, share: float, subset: str | None) -> slice:
    """Returns the samples of a subset, as a slice; validation takes the first ones."""
    if subset is None:
        return slice(None)
    if subset not in _SUBSETS:
        raise unknown_name("subset", subset, _SUBSETS)
    cut = int(count * share)
    return slice(cut) if subset == "validation" else slice(cut, None)


class NumpyArrayIterator(Iterator):
    """Iterator over batches of images in an array, with augmentation.

    Args:
        x: Images, or a pair of images and other inputs.
        y: Labels.
        image_data_generator: The `ImageDataGenerator` that transforms them.
        batch_size: Number of samples per batch.
        shuffle: Whether to shuffle in each pass.
        sample_weight: Sample weights.
        seed: Seed for numpy's global generator.
        data_format: "channels_last" or "channels_first".
        save_to_dir: A folder to save augmented images to.
        save_prefix: Prefix of their file names.
        save_format: Their file format.
        subset: "training" or "validation", if the generator has a `validation_split`.
        ignore_class_split: Whether the subsets may contain different classes.
        dtype: The dtype of the images.

    Raises:
        DataError: If lengths differ, or a subset lacks a class.
        ShapeError: If the images do not have four axes.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        image_data_generator: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        sample_weight: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        ignore_class_split: bool = False,
        dtype: Any = None,
    ):
        x, more = x if isinstance(x, (tuple, list)) else (x, [])
        parts = [np.asarray(part) for part in (more if isinstance(more, list) else [more])]
        others = [*parts, *(part for part in (y, sample_weight) if part is not None)]
        if any(len(part) != len(x) for part in others):
            raise DataError(f"All arrays must have the same length. Received: {[len(part) for part in (x, *others)]}")
        rows = _part(len(x), image_data_generator._validation_split, subset)
        if subset is not None and y is not None and not ignore_class_split:
            cut = int(len(x) * image_data_generator._validation_split)
            if not np.array_equal(np.unique(y[:cut]), np.unique(y[cut:])):
                raise DataError("The training and validation subsets contain different classes. Shuffle the data.")
        self.dtype = dtype or config.floatx()
        self.x, self.x_misc = np.asarray(x, self.dtype)[rows], [part[rows] for part in parts]
        if self.x.ndim != 4:
            raise ShapeError(f"Expected images in an array of 4 axes. Received: shape {self.x.shape}")
        self.y = None if y is None else np.asarray(y)[rows]
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)[rows]
        self.image_data_generator = image_data_generator
        self.data_format = config.resolved_data_format(type(self).__name__, data_format)
        channels = self.x.shape[3 if self.data_format == "channels_last" else 1]
        if channels not in (1, 3, 4):
            warn_user(f"Expected 1, 3 or 4 channels ({self.data_format}). Received: shape {self.x.shape}", UserWarning)
        self.save_to_dir, self.save_prefix, self.save_format = save_to_dir, save_prefix, save_format
        super().__init__(len(self.x), batch_size, shuffle, seed)

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        images = np.empty((len(index_array), *self.x.shape[1:]), self.dtype)
        for slot, row in enumerate(index_array):
            images[slot] = self.image_data_generator.varied(self.x[row])
        self._save(images, index_array)
        inputs = [images, *(part[index_array] for part in self.x_misc)] if self.x_misc else images
        if self.y is None:
            return inputs
        batch = (inputs, self.y[index_array])
        return batch if self.sample_weight is None else (*batch, self.sample_weight[index_array])


class DirectoryIterator(Iterator):
    """Iterator over batches of images in a folder with one subfolder per class, with augmentation.

    Args:
        directory: The folder.
        image_data_generator: The `ImageDataGenerator` that transforms the images.
        target_size: The height and width that images are resized to.
        color_mode: "rgb", "rgba" or "grayscale".
        classes: Names of the subfolders, in the order of the class indices; all of them by default.
        class_mode: Kind of labels: "categorical" (one-hot), "binary" or "sparse" (class indices), "input" (the images),
            or None (no labels).
        batch_size: Number of samples per batch.
        shuffle: Whether to shuffle in each pass.
        seed: Seed for numpy's global generator.
        data_format: "channels_last" or "channels_first".
        save_to_dir: A folder to save augmented images to.
        save_prefix: Prefix of their file names.
        save_format: Their file format.
        follow_links: Whether to follow symbolic links to folders.
        subset: "training" or "validation", if the generator has a `validation_split`.
        interpolation: Interpolation method for resizing.
        keep_aspect_ratio: Whether to keep the aspect ratio by cropping.
        dtype: The dtype of the images.

    Raises:
        UnknownNameError: If a name is unknown.
        ArgumentError: If `class_mode` is unknown.
    """

    def __init__(
        self,
        directory: str,
        image_data_generator: Any,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: list[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: Any = None,
    ):
        if color_mode not in _CHANNELS:
            raise unknown_name("color mode", color_mode, _CHANNELS)
        if class_mode not in _CLASS_MODES:
            raise ArgumentError(f"Expected a class_mode of {_CLASS_MODES}. Received: {brief(class_mode)}")
        self.directory, self.image_data_generator, self.class_mode = directory, image_data_generator, class_mode
        self.data_format = config.resolved_data_format(type(self).__name__, data_format)
        self.dtype = dtype or config.floatx()
        self.target_size, self.color_mode = tuple(target_size), color_mode
        self._reading = {"interpolation": interpolation, "keep_aspect_ratio": keep_aspect_ratio}
        self.save_to_dir, self.save_prefix, self.save_format = save_to_dir, save_prefix, save_format
        names = classes or sorted(entry.name for entry in os.scandir(directory) if entry.is_dir())
        self.class_indices = {name: number for number, name in enumerate(names)}
        self.num_classes = len(names)
        self.filenames: list[str] = []
        numbers: list[int] = []
        for name in names:
            files = _image_files(os.path.join(directory, name), follow_links)
            files = files[_part(len(files), image_data_generator._validation_split, subset)]
            self.filenames += [os.path.relpath(file, directory) for file in files]
            numbers += [self.class_indices[name]] * len(files)
        self.samples, self.classes = len(self.filenames), np.array(numbers, "int32")
        self.filepaths = [os.path.join(directory, name) for name in self.filenames]
        print(f"Found {self.samples} images belonging to {self.num_classes} classes.")
        super().__init__(self.samples, batch_size, shuffle, seed)

    @property
    def labels(self) -> np.ndarray:
        """The class index of each image."""
        return self.classes

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The shape of an image."""
        channels = (_CHANNELS[self.color_mode],)
        return self.target_size + channels if self.data_format == "channels_last" else channels + self.target_size

    def _get_batches_of_transformed_samples(self, index_array: np.ndarray) -> Any:
        images = np.empty((len(index_array), *self.image_shape), self.dtype)
        for slot, row in enumerate(index_array):
            image = load_img(self.filepaths[row], self.color_mode, self.target_size, **self._reading)
            images[slot] = self.image_data_generator.varied(img_to_array(image, self.data_format))
        self._save(images, index_array)
        if self.class_mode is None:
            return images
        if self.class_mode == "input":
            return images, images.copy()
        labels = self.classes[index_array]
        if self.class_mode == "categorical":
            return images, np.eye(self.num_classes, dtype=self.dtype)[labels]
        return images, labels.astype(self.dtype)


def _image_files(directory: str, follow_links: bool) -> list[str]:
    """Returns the image files in a folder and its subfolders, sorted by name."""
    walk = sorted(os.walk(directory, followlinks=follow_links), key=lambda entry: entry[0])
    return [
        os.path.join(folder, name)
        for folder, _, names in walk
        for name in sorted(names)
        if name.lower().endswith(_ENDINGS)
    ]
